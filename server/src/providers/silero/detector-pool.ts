import type { Sherpa, SherpaVad } from '../sherpa.ts'

/** Each takes 8 MB and is lent only while there is sound near speech. */
const DETECTOR_LIMIT = 48
/** A detector keeps the sound of the speech it is in; it is made to forget before that gets long. */
const FORGET_WINDOWS = 470
const BUFFER_SECONDS = 16

export const WINDOW_SAMPLES = 512

interface Lent {
  readonly vad: SherpaVad
  readonly threshold: number
  speechWindows: number
}

/** Silero detectors, lent to one stream at a time since each holds the state of one. */
export class DetectorPool {
  readonly #sherpa: Sherpa
  readonly #modelFile: string
  readonly #free = new Map<number, SherpaVad[]>()
  readonly #lent = new Map<number, Lent>()
  #count = 0

  constructor(sherpa: Sherpa, modelFile: string) {
    this.#sherpa = sherpa
    this.#modelFile = modelFile
  }

  /** Makes detectors ahead, so that no stream waits the 60 ms that this takes. */
  provide(threshold: number, count: number): void {
    const free = this.#freeOf(threshold)
    while (free.length < count && this.#count < DETECTOR_LIMIT) free.push(this.#make(threshold))
  }

  /** Whether a window is in speech; `undefined` when every detector is lent. */
  detect(stream: number, threshold: number, window: Float32Array): boolean | undefined {
    const lent = this.#borrow(stream, threshold)
    if (lent === undefined) return undefined
    lent.vad.acceptWaveform(window)
    const isSpeech = lent.vad.isDetected()
    while (!lent.vad.isEmpty()) lent.vad.pop()
    lent.speechWindows = isSpeech ? lent.speechWindows + 1 : 0
    if (lent.speechWindows > FORGET_WINDOWS) {
      lent.vad.reset()
      lent.speechWindows = 0
    }
    return isSpeech
  }

  release(stream: number): void {
    const lent = this.#lent.get(stream)
    if (lent === undefined) return
    this.#lent.delete(stream)
    lent.vad.reset()
    this.#freeOf(lent.threshold).push(lent.vad)
  }

  #borrow(stream: number, threshold: number): Lent | undefined {
    const known = this.#lent.get(stream)
    if (known !== undefined) return known
    this.provide(threshold, 1)
    const vad = this.#freeOf(threshold).pop()
    if (vad === undefined) return undefined
    const lent = { vad, threshold, speechWindows: 0 }
    this.#lent.set(stream, lent)
    return lent
  }

  #freeOf(threshold: number): SherpaVad[] {
    let free = this.#free.get(threshold)
    if (free === undefined) this.#free.set(threshold, (free = []))
    return free
  }

  #make(threshold: number): SherpaVad {
    this.#count += 1
    const sileroVad = {
      model: this.#modelFile,
      threshold,
      windowSize: WINDOW_SAMPLES,
      // As short as can be (0 would mean the library's own choice): the verdict is made from the windows.
      minSilenceDuration: 0.001,
      minSpeechDuration: 0.001,
      maxSpeechDuration: 1e6,
    }
    const config = { sileroVad, sampleRate: 16_000, numThreads: 1, provider: 'cpu', debug: 0 }
    return new this.#sherpa.Vad(config, BUFFER_SECONDS)
  }
}

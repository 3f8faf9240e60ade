import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE_HZ } from '../../media/pcm.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import type { VadEvents, VadStream } from '../../ports/vad.ts'
import { levelSettings, type LevelSettings } from './levels.ts'
import { levelDb, Loudness } from './loudness.ts'
import { Segmenter } from './segmenter.ts'
import type { VadWindow } from './thread.ts'

/** What a stream needs of its provider. */
export interface SileroWire {
  ask(window: VadWindow): void
  /** The stretch of sound is over. */
  release(): void
  onClose(): void
}

const WINDOW_SAMPLES = 512
/** The model hears so much of what came before the first loud frame. */
const PRE_ROLL_FRAMES = 14
/** Quiet frames after which the model is not asked any more. */
const HANGOVER_FRAMES = 25
/** Windows asked about and not answered. Past it (two seconds) new ones are skipped. */
const PENDING_LIMIT_WINDOWS = 64

export class SileroStream implements VadStream {
  readonly #id: number
  readonly #settings: LevelSettings
  readonly #events: VadEvents
  readonly #wire: SileroWire
  readonly #loudness = new Loudness()
  readonly #segmenter: Segmenter
  /** The last frames before the gate opened, oldest at `#preRollAt`. */
  readonly #preRoll = Array.from(
    { length: PRE_ROLL_FRAMES },
    () => new Int16Array(INPUT_FRAME_SAMPLES),
  )
  #preRollAt = 0
  #preRollCount = 0
  #window = new Int16Array(WINDOW_SAMPLES)
  #windowFill = 0
  /** End times of windows asked about, oldest first. */
  #pending: number[] = []
  #isOpen = false
  #quietFrames = 0
  #isClosed = false

  constructor(id: number, level: number, events: VadEvents, wire: SileroWire) {
    this.#id = id
    this.#settings = levelSettings(level)
    this.#segmenter = new Segmenter(this.#settings)
    this.#events = events
    this.#wire = wire
  }

  write(frame: Int16Array, atMs: number): void {
    if (this.#isClosed) return
    const db = levelDb(frame)
    const isLoud = this.#loudness.write(db)
    this.#segmenter.frame(atMs, db, isLoud)
    this.#quietFrames = isLoud ? 0 : this.#quietFrames + 1
    if (!this.#isOpen) {
      this.#keep(frame)
      if (!isLoud) return
      this.#open(atMs)
    } else {
      this.#append(frame, atMs)
      const isQuiet = this.#quietFrames > HANGOVER_FRAMES && this.#pending.length === 0
      if (isQuiet && !this.#segmenter.isSpeech) this.#shut()
    }
  }

  close(): void {
    if (this.#isClosed) return
    if (this.#isOpen) this.#shut()
    this.#isClosed = true
    this.#wire.onClose()
  }

  /** The answer to the oldest open question. */
  onAnswer(isSpeech: boolean | undefined): void {
    const endMs = this.#pending.shift()
    if (endMs !== undefined) this.#decide(endMs, isSpeech)
  }

  /** The answers will not come: loudness decides. */
  onLost(): void {
    const pending = this.#pending
    this.#pending = []
    for (const endMs of pending) this.#decide(endMs, undefined)
  }

  fail(error: ProviderError): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#wire.onClose()
    this.#events.onError(error)
  }

  #decide(endMs: number, isSpeech: boolean | undefined): void {
    if (this.#isClosed) return
    const verdict = this.#segmenter.window(endMs, isSpeech)
    if (verdict?.type === 'start') this.#events.onSpeechStart(verdict.atMs)
    else if (verdict?.type === 'end') this.#events.onSpeechEnd(verdict.atMs)
  }

  #keep(frame: Int16Array): void {
    this.#preRoll[this.#preRollAt]?.set(frame)
    this.#preRollAt = (this.#preRollAt + 1) % PRE_ROLL_FRAMES
    this.#preRollCount = Math.min(this.#preRollCount + 1, PRE_ROLL_FRAMES)
  }

  #open(atMs: number): void {
    this.#isOpen = true
    const count = this.#preRollCount
    for (let age = count - 1; age >= 0; age--) {
      const index = (this.#preRollAt - 1 - age + PRE_ROLL_FRAMES) % PRE_ROLL_FRAMES
      const frame = this.#preRoll[index]
      if (frame !== undefined) this.#append(frame, atMs - age * FRAME_MS)
    }
    this.#preRollCount = 0
  }

  #shut(): void {
    this.#isOpen = false
    this.#windowFill = 0
    this.#pending = []
    this.#wire.release()
  }

  #append(frame: Int16Array, atMs: number): void {
    let taken = 0
    while (taken < frame.length) {
      const count = Math.min(frame.length - taken, WINDOW_SAMPLES - this.#windowFill)
      this.#window.set(frame.subarray(taken, taken + count), this.#windowFill)
      this.#windowFill += count
      taken += count
      if (this.#windowFill < WINDOW_SAMPLES) return
      this.#windowFill = 0
      this.#askAbout(atMs - ((frame.length - taken) * 1000) / INPUT_RATE_HZ)
    }
  }

  #askAbout(endMs: number): void {
    if (this.#pending.length >= PENDING_LIMIT_WINDOWS) return
    this.#pending.push(endMs)
    const samples = this.#window
    this.#window = new Int16Array(WINDOW_SAMPLES)
    this.#wire.ask({ stream: this.#id, threshold: this.#settings.threshold, samples })
  }
}

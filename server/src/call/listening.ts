import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../media/pcm.ts'
import type { AsrEvents, AsrOptions, AsrProvider, AsrStream } from '../ports/asr.ts'
import type { VadProvider, VadStream } from '../ports/vad.ts'
import type { EarMode } from '../dialogue/events.ts'
import { HotWords } from './hot-words.ts'

/** Sound kept from before the VAD's verdict, so that the first syllable is not lost. */
const PRE_ROLL_MS = 700
const PRE_ROLL_FRAMES = PRE_ROLL_MS / FRAME_MS
/** Sound before the onset that the recogniser gets along. */
const LEAD_MS = 240

const SILENCE = new Int16Array(INPUT_FRAME_SAMPLES)

export interface ListeningEvents extends Omit<AsrEvents, 'onError'> {
  onSpeechStart(onsetMs: number): void
  onSpeechEnd(endMs: number): void
  /** Voice detection or recognition is of no use any more; the message is for the operator. */
  onBroken(part: 'asr' | 'vad', message: string): void
}

/** Brings the user's sound to the VAD, and while there is speech to the recogniser. */
export class Listening {
  readonly #vadProvider: VadProvider
  #vad: VadStream
  #vadLevel: number
  /** What the detector is to be opened with when the user has been quiet for a while. */
  #nextVadLevel: number | undefined
  #provider: AsrProvider
  #asr: AsrStream
  readonly #events: ListeningEvents
  /** Absent: the recogniser favours them itself, or there are none. */
  #hotWords: HotWords | undefined
  readonly #ring: { atMs: number; readonly frame: Int16Array }[] = []
  #ringNext = 0
  #mode: EarMode
  #isSpeechOn = false
  #quietSinceMs = -Infinity
  #heardUntilMs = -Infinity
  /** The recogniser has got something of a sentence that is not over. */
  #isUnderWay = false
  /** For the next sentence. */
  #next: { readonly asr: AsrProvider; readonly options: AsrOptions } | undefined

  constructor(options: {
    readonly vad: VadProvider
    readonly vadLevel: number
    readonly asr: AsrProvider
    readonly asrOptions: AsrOptions
    readonly mode: EarMode
    readonly events: ListeningEvents
  }) {
    const { events } = options
    this.#events = events
    this.#mode = options.mode
    this.#provider = options.asr
    this.#asr = this.#openAsr(options.asrOptions)
    this.#vadProvider = options.vad
    this.#vadLevel = options.vadLevel
    this.#vad = this.#openVad()
  }

  /** The next 20 ms of the user; `undefined` when nothing comes, which counts as silence. */
  write(frame: Int16Array | undefined, nowMs: number): void {
    const sound = frame ?? SILENCE
    const isQuiet = !this.#isSpeechOn && nowMs - this.#quietSinceMs >= PRE_ROLL_MS
    if (this.#nextVadLevel !== undefined && isQuiet) this.#reopenVad(this.#nextVadLevel)
    this.#keep(sound, nowMs)
    if (this.#mode === 'open' || (this.#mode === 'vad' && this.#isSpeechOn)) {
      this.#hear(sound, nowMs)
    }
    this.#vad.write(sound, nowMs)
  }

  setMode(mode: EarMode): void {
    this.#mode = mode
  }

  flush(flushId: number): void {
    this.#asr.flush(flushId)
  }

  reset(): void {
    this.#isUnderWay = false
    if (this.#next === undefined) this.#asr.reset()
    else this.#reopenAsr(this.#next)
  }

  /** Recognises the next sentence, with other options. */
  setAsr(asr: AsrProvider, options: AsrOptions): void {
    if (this.#isUnderWay) this.#next = { asr, options }
    else this.#reopenAsr({ asr, options })
  }

  /** As soon as the user has been quiet for a while, the detector is another. */
  setVadLevel(level: number): void {
    this.#nextVadLevel = level === this.#vadLevel ? undefined : level
  }

  close(): void {
    this.#vad.close()
    this.#asr.close()
  }

  #openAsr(options: AsrOptions): AsrStream {
    const { hotWords } = options
    const isFavoured = this.#provider.favoursHotWords === true || hotWords.length === 0
    this.#hotWords = isFavoured ? undefined : new HotWords(hotWords)
    const events = this.#events
    return this.#provider.open(options, {
      onPartial: (text) => events.onPartial(this.#hotWords?.correct(text) ?? text),
      onFinal: (text, flushId) => events.onFinal(this.#hotWords?.correct(text) ?? text, flushId),
      onError: (error) => events.onBroken('asr', error.message),
    })
  }

  #reopenAsr(next: { readonly asr: AsrProvider; readonly options: AsrOptions }): void {
    this.#next = undefined
    this.#asr.close()
    this.#provider = next.asr
    this.#asr = this.#openAsr(next.options)
  }

  #openVad(): VadStream {
    return this.#vadProvider.open(
      { level: this.#vadLevel },
      {
        onSpeechStart: (onsetMs) => this.#onSpeechStart(onsetMs),
        onSpeechEnd: (endMs) => this.#onSpeechEnd(endMs),
        onError: (error) => this.#events.onBroken('vad', error.message),
      },
    )
  }

  /** The new one hears what came just before, so that it knows how loud the place is. */
  #reopenVad(level: number): void {
    this.#nextVadLevel = undefined
    this.#vadLevel = level
    this.#vad.close()
    this.#vad = this.#openVad()
    for (const { frame, atMs } of this.#kept()) this.#vad.write(frame, atMs)
  }

  #onSpeechStart(onsetMs: number): void {
    if (this.#isSpeechOn) return
    this.#isSpeechOn = true
    if (this.#mode === 'vad') {
      for (const kept of this.#keptSince(onsetMs - LEAD_MS)) this.#hear(kept.frame, kept.atMs)
    }
    this.#events.onSpeechStart(onsetMs)
  }

  #onSpeechEnd(endMs: number): void {
    if (!this.#isSpeechOn) return
    this.#isSpeechOn = false
    this.#quietSinceMs = endMs
    this.#events.onSpeechEnd(endMs)
  }

  #keep(frame: Int16Array, atMs: number): void {
    const slot = this.#ring[this.#ringNext]
    if (slot === undefined) this.#ring.push({ atMs, frame: frame.slice() })
    else {
      slot.atMs = atMs
      slot.frame.set(frame)
    }
    this.#ringNext = (this.#ringNext + 1) % PRE_ROLL_FRAMES
  }

  #hear(frame: Int16Array, atMs: number): void {
    this.#heardUntilMs = atMs
    this.#isUnderWay = true
    this.#asr.write(frame)
  }

  /** Oldest first. */
  #kept(): readonly { readonly atMs: number; readonly frame: Int16Array }[] {
    return [...this.#ring.slice(this.#ringNext), ...this.#ring.slice(0, this.#ringNext)]
  }

  /** Sound that the recogniser got with the speech before is not given to it twice. */
  #keptSince(sinceMs: number): readonly { readonly atMs: number; readonly frame: Int16Array }[] {
    return this.#kept().filter(({ atMs }) => atMs >= sinceMs && atMs > this.#heardUntilMs)
  }
}

import type { Clock } from '../../base/clock.ts'
import { FRAME_MS } from '../../media/pcm.ts'
import type { AsrEvents, AsrProvider, AsrStream } from '../../ports/asr.ts'

/** What stands in for a recogniser: it hears the given texts, whatever was said. */
export interface ScriptedAsrOptions {
  /** One for each sentence (reset to reset, with some sound in it), from the first again after the last. */
  readonly texts?: readonly string[]
  /** Partial transcripts, word by word while sound comes in. Default: none. */
  readonly partials?: boolean
  /** Speech that the first of them takes. */
  readonly firstPartialMs?: number
  /** From `flush` to its answer. */
  readonly delayMs?: number
}

/** Sound above this is speech: −46 dBFS. */
const SPEECH_PEAK = 164
const FIRST_PARTIAL_MS = 200
const FRAMES_PER_WORD = 15

export function scriptedAsr(clock: Clock, options: ScriptedAsrOptions = {}): AsrProvider {
  return {
    name: 'scripted',
    languages: 'any',
    open: (_, events) => new ScriptedAsrStream(clock, options, events),
  }
}

class ScriptedAsrStream implements AsrStream {
  readonly #clock: Clock
  readonly #events: AsrEvents
  readonly #texts: readonly string[]
  readonly #delayMs: number
  readonly #hasPartials: boolean
  readonly #firstPartialFrames: number
  /** Answers under way, by what cancels them. */
  readonly #waiting = new Set<() => void>()
  #sentence = 0
  #speechFrames = 0
  #isClosed = false

  constructor(clock: Clock, options: ScriptedAsrOptions, events: AsrEvents) {
    this.#clock = clock
    this.#events = events
    this.#texts = options.texts?.length ? options.texts : ['Hello, can you hear me?']
    this.#delayMs = options.delayMs ?? 0
    this.#hasPartials = options.partials ?? false
    const firstPartialMs = options.firstPartialMs ?? FIRST_PARTIAL_MS
    this.#firstPartialFrames = Math.max(1, Math.round(firstPartialMs / FRAME_MS))
  }

  write(frame: Int16Array): void {
    if (this.#isClosed || !isLoud(frame)) return
    this.#speechFrames += 1
    const past = this.#speechFrames - this.#firstPartialFrames
    if (!this.#hasPartials || past < 0 || past % FRAMES_PER_WORD !== 0) return
    const words = this.#text().split(' ')
    const count = past / FRAMES_PER_WORD + 1
    if (count <= words.length)
      this.#later((text) => this.#events.onPartial(text), words.slice(0, count).join(' '), 0)
  }

  flush(flushId: number): void {
    if (this.#isClosed) return
    const text = this.#speechFrames === 0 ? '' : this.#text()
    this.#later((final) => this.#events.onFinal(final, flushId), text, this.#delayMs)
  }

  reset(): void {
    if (this.#speechFrames > 0) this.#sentence += 1
    this.#speechFrames = 0
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
  }

  close(): void {
    this.reset()
    this.#isClosed = true
  }

  #text(): string {
    return this.#texts[this.#sentence % this.#texts.length] ?? ''
  }

  #later(tell: (text: string) => void, text: string, delayMs: number): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#waiting.delete(cancel)
      tell(text)
    })
    this.#waiting.add(cancel)
  }
}

const isLoud = (frame: Int16Array): boolean =>
  frame.some((sample) => sample > SPEECH_PEAK || sample < -SPEECH_PEAK)

import type { Clock } from '../../base/clock.ts'
import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE_HZ } from '../../media/pcm.ts'
import type { AsrEvents, AsrProvider, AsrStream } from '../../ports/asr.ts'

/** How long a word takes to say, unless the scenario tells. */
const WORD_MS = 320
/** Chinese is not written in words: a character each. */
const CHARACTER_MS = 220
/** The recogniser gets the sound from a moment before the detector was sure. */
const LEAD_MS = 300
const PARTIAL_EVERY_MS = 300

interface Word {
  readonly text: string
  readonly endMs: number
}

interface Spoken {
  readonly fromMs: number
  readonly untilMs: number
  /** At 16 kHz; a tone stands in for it where there is none. */
  readonly sound?: Int16Array | undefined
}

/** The user of a simulated call: makes sounds, and knows which words are in them. */
export class SimulatedUser {
  readonly #clock: Clock
  readonly #spoken: Spoken[] = []
  readonly #words: Word[] = []
  readonly #voice = voice()
  readonly #silence = new Int16Array(INPUT_FRAME_SAMPLES)
  readonly #frame = new Int16Array(INPUT_FRAME_SAMPLES)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Speaks from now on; gives back how long that takes. A pause stands in brackets in the text: "My number is
   * [700ms] five five".
   */
  say(
    text: string,
    options: { readonly forMs?: number; readonly sound?: Int16Array } = {},
  ): number {
    const { sound } = options
    const parts = partsOf(text)
    const speechMs = parts.reduce(
      (sum, part) => sum + (part.words.length === 0 ? 0 : part.lengthMs),
      0,
    )
    const givenMs = sound === undefined ? options.forMs : (sound.length * 1000) / INPUT_RATE_HZ
    const pauseMs = parts.reduce((sum, part) => sum + part.lengthMs, 0) - speechMs
    const factor = givenMs === undefined || speechMs === 0 ? 1 : (givenMs - pauseMs) / speechMs
    const startMs = this.#clock.nowMs()
    let atMs = startMs
    if (sound !== undefined)
      this.#spoken.push({ fromMs: atMs, untilMs: atMs + (givenMs ?? 0), sound })
    for (const { words, lengthMs } of parts) {
      if (words.length === 0) {
        atMs += lengthMs
        continue
      }
      const eachMs = (lengthMs * factor) / words.length
      if (sound === undefined)
        this.#spoken.push({ fromMs: atMs, untilMs: atMs + lengthMs * factor })
      for (const word of words) this.#words.push({ text: word, endMs: (atMs += eachMs) })
    }
    return atMs - startMs
  }

  /** A sound without words; gives back its length. */
  cough(forMs: number): number {
    const fromMs = this.#clock.nowMs()
    this.#spoken.push({ fromMs, untilMs: fromMs + forMs })
    return forMs
  }

  /** The 20 ms that end now; lent until the next call. */
  frame(nowMs: number): Int16Array {
    const last = this.#spoken.findLast(({ fromMs }) => nowMs > fromMs)
    if (last === undefined || nowMs > last.untilMs + FRAME_MS) return this.#silence
    if (last.sound === undefined) {
      const syllable = Math.floor((nowMs - last.fromMs) / FRAME_MS) % this.#voice.length
      return (nowMs <= last.untilMs ? this.#voice[syllable] : undefined) ?? this.#silence
    }
    const from = Math.round(((nowMs - FRAME_MS - last.fromMs) * INPUT_RATE_HZ) / 1000)
    this.#frame.fill(0)
    this.#frame.set(last.sound.subarray(Math.max(0, from), Math.max(0, from) + INPUT_FRAME_SAMPLES))
    return this.#frame
  }

  /** What was said to the end between the two. */
  textBetween(fromMs: number, untilMs: number): string {
    const words: string[] = []
    for (let index = this.#words.length - 1; index >= 0; index -= 1) {
      const word = this.#words[index]
      if (word === undefined || word.endMs <= fromMs) break
      if (word.endMs <= untilMs) words.unshift(word.text)
    }
    return words.join(' ').replace(/(?<=[\p{Script=Han}，。！？、；：]) (?=\p{Script=Han})/gu, '')
  }
}

interface Part {
  /** None: a pause. */
  readonly words: readonly string[]
  readonly lengthMs: number
}

function partsOf(text: string): readonly Part[] {
  return text.split(/(\[\s*\d+\s*ms\s*\])/).flatMap((piece): readonly Part[] => {
    const pauseMs = /^\[\s*(\d+)\s*ms\s*\]$/.exec(piece)?.[1]
    if (pauseMs !== undefined) return [{ words: [], lengthMs: Number(pauseMs) }]
    const words = piece.match(/\p{Script=Han}[\p{P}]*|[^\s\p{Script=Han}]+/gu) ?? []
    if (words.length === 0) return []
    const lengthMs = words.reduce(
      (sum, word) => sum + (/\p{Script=Han}/u.test(word) ? CHARACTER_MS : WORD_MS),
      0,
    )
    return [{ words, lengthMs }]
  })
}

/** Without the brackets that stand for pauses. */
export const withoutPauses = (text: string): string =>
  text.replace(/\s*\[\s*\d+\s*ms\s*\]\s*/g, ' ').trim()

/** A recogniser that hears every word of the simulated user, and nothing that its microphone did not get. */
export function simulatedAsr(
  clock: Clock,
  user: SimulatedUser,
  delays: { readonly finalMs: number; readonly partialMs: number | false },
): AsrProvider {
  return {
    name: 'scripted',
    languages: 'any',
    open: (_, events) => new SimulatedAsr(clock, user, delays, events),
  }
}

class SimulatedAsr implements AsrStream {
  readonly #clock: Clock
  readonly #user: SimulatedUser
  readonly #delays: { readonly finalMs: number; readonly partialMs: number | false }
  readonly #events: AsrEvents
  readonly #waiting = new Set<() => void>()
  /** Since when it hears what it has not forgotten. */
  #sinceMs: number | undefined
  #forgottenMs = -Infinity
  #lastMs = -Infinity
  #nextPartialMs = Infinity
  #isClosed = false

  constructor(
    clock: Clock,
    user: SimulatedUser,
    delays: { readonly finalMs: number; readonly partialMs: number | false },
    events: AsrEvents,
  ) {
    this.#clock = clock
    this.#user = user
    this.#delays = delays
    this.#events = events
  }

  write(): void {
    const nowMs = this.#clock.nowMs()
    if (this.#sinceMs === undefined) {
      this.#sinceMs = Math.max(this.#forgottenMs, nowMs - LEAD_MS)
      const { partialMs } = this.#delays
      this.#nextPartialMs = partialMs === false ? Infinity : nowMs + partialMs
    }
    this.#lastMs = nowMs
    if (nowMs < this.#nextPartialMs) return
    this.#nextPartialMs = nowMs + PARTIAL_EVERY_MS
    const text = this.#text()
    if (text !== '') this.#later(0, () => this.#events.onPartial(text))
  }

  flush(flushId: number): void {
    if (this.#isClosed) return
    const text = this.#text()
    this.#later(this.#delays.finalMs, () => this.#events.onFinal(text, flushId))
  }

  reset(): void {
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
    if (this.#sinceMs !== undefined) this.#forgottenMs = this.#clock.nowMs()
    this.#sinceMs = undefined
    this.#nextPartialMs = Infinity
  }

  close(): void {
    this.reset()
    this.#isClosed = true
  }

  #text(): string {
    return this.#sinceMs === undefined ? '' : this.#user.textBetween(this.#sinceMs, this.#lastMs)
  }

  #later(delayMs: number, tell: () => void): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#waiting.delete(cancel)
      tell()
    })
    this.#waiting.add(cancel)
  }
}

/** A voice rises and falls with its syllables, or a detector takes it for a noise. */
const SYLLABLE = [3000, 6000, 9000, 12_000, 12_000, 9000, 6000, 3000, 1500, 1500]

const voice = (): readonly Int16Array[] =>
  SYLLABLE.map((amplitude) =>
    Int16Array.from({ length: INPUT_FRAME_SAMPLES }, (_, index) =>
      Math.round(amplitude * Math.sin((2 * Math.PI * 400 * index) / INPUT_RATE_HZ)),
    ),
  )

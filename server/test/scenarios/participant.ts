import { INPUT_FRAME_SAMPLES, INPUT_RATE_HZ, OUTPUT_RATE_HZ } from '../../src/media/pcm.ts'
import type { Channel } from '../../src/ports/channel.ts'
import type { SimulatedCall, Told } from './simulated-call.ts'

/** The level of what counts as heard, of 32,768. */
const AUDIBLE = 500

/** Somebody in the channel of a simulated call, who speaks in a tone of their own and knows others by theirs. */
export class Participant {
  readonly told: Told[] = []
  readonly #talk: SimulatedCall
  readonly #userId: string
  readonly #tone: Int16Array
  readonly #silence = new Int16Array(INPUT_FRAME_SAMPLES)
  readonly #speech: { readonly fromMs: number; readonly untilMs: number }[] = []
  readonly #heard: { readonly atMs: number; readonly frame: Int16Array }[] = []
  #channel: Channel | undefined

  constructor(talk: SimulatedCall, userId: string, toneHz: number) {
    this.#talk = talk
    this.#userId = userId
    this.#tone = Int16Array.from(
      { length: INPUT_FRAME_SAMPLES },
      (_, index) => 9000 * Math.sin((2 * Math.PI * toneHz * index) / INPUT_RATE_HZ),
    )
  }

  join(): void {
    const { clock, room } = this.#talk
    const channel: Channel = {
      connectionId: `${this.#userId}-${clock.nowMs()}`,
      userId: this.#userId,
      readAudio: (nowMs) => (this.#isSpeaking(nowMs) ? this.#tone : this.#silence),
      writeAudio: (frame, atMs) => {
        if (frame !== undefined) this.#heard.push({ atMs, frame: frame.slice() })
      },
      sendMessage: (text) => {
        const { type, data } = JSON.parse(text) as Told
        this.told.push({ atMs: clock.nowMs(), type, data })
      },
      close: () => room.left(channel),
    }
    this.#channel = channel
    room.join(channel)
    this.#talk.changeLater()
  }

  leave(reason: 'hang-up' | 'lost' = 'hang-up'): void {
    if (this.#channel !== undefined) this.#talk.room.left(this.#channel, reason)
  }

  /** Speaks for so long, from now. */
  speak(forMs: number): void {
    const fromMs = this.#talk.clock.nowMs()
    this.#speech.push({ fromMs, untilMs: fromMs + forMs })
  }

  send(type: number, data: object = {}): void {
    const envelope = { type, data, seqId: 1, senderId: this.#userId, receiverId: 'agent' }
    this.#talk.room.receive(this.#userId, JSON.stringify(envelope))
  }

  /** Ms in which that tone was heard between two times. */
  heardMs(toneHz: number, fromMs = 0, untilMs = Infinity): number {
    const frames = this.#heard.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
    return 20 * frames.filter(({ frame }) => levelOf(frame, toneHz) > AUDIBLE).length
  }

  /** Messages of that type. */
  of(type: number): readonly Told['data'][] {
    return this.told.filter((message) => message.type === type).map(({ data }) => data)
  }

  #isSpeaking(nowMs: number): boolean {
    return this.#speech.some(({ fromMs, untilMs }) => nowMs > fromMs && nowMs <= untilMs)
  }
}

/** How loud one frequency is in a frame (Goertzel). */
function levelOf(frame: Int16Array, toneHz: number): number {
  const step = 2 * Math.cos((2 * Math.PI * toneHz) / OUTPUT_RATE_HZ)
  let [before, last] = [0, 0]
  for (const sample of frame) [before, last] = [last, sample + step * last - before]
  const power = last * last + before * before - step * last * before
  return (2 * Math.sqrt(Math.max(0, power))) / frame.length
}

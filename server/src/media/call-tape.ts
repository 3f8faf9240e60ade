import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE_HZ, OUTPUT_RATE_HZ } from './pcm.ts'
import { Resampler } from './resample.ts'

/** Both sides of a call come out in pieces of a second. */
const PIECE_FRAMES = 50
/** A gap of so much between the ticks and the tape is one that the loop will not make up for. */
const STALL_MS = 230

/**
 * Puts the two sides of a call on one time: what was read from the users in a tick ended with it, what the
 * agent says goes out from then on. Time is that of the ticks, to within one of them; neither side ever runs
 * ahead of the other.
 */
export class CallTape {
  readonly #onPiece: (atMs: number, interleaved: Int16Array) => void
  readonly #toTape = new Resampler({ fromHz: OUTPUT_RATE_HZ, toHz: INPUT_RATE_HZ })
  readonly #piece = new Int16Array(PIECE_FRAMES * INPUT_FRAME_SAMPLES * 2)
  readonly #agent = new Int16Array(INPUT_FRAME_SAMPLES)
  readonly #silence = new Int16Array((OUTPUT_RATE_HZ * FRAME_MS) / 1000)
  /** Of the tape's first sample. */
  #startMs: number | undefined
  /** Frames that are on the tape, and how many of them are in the piece at hand. */
  #frames = 0
  #inPiece = 0
  /** Since when ticks are missing. */
  #behindMs: number | undefined

  /** `onPiece` gets the time of its first sample and the sound, user first; the array is lent. */
  constructor(onPiece: (atMs: number, interleaved: Int16Array) => void) {
    this.#onPiece = onPiece
  }

  /** One tick: the users' 20 ms (16 kHz) that ended at `nowMs`. */
  hear(frame: Int16Array | undefined, nowMs: number): void {
    // A tick may be late but never early: the most punctual of the first ones tells when it began.
    const startMs = nowMs - (this.#frames + 1) * FRAME_MS
    const isFirst = this.#frames === this.#inPiece
    if (isFirst) this.#startMs = Math.min(this.#startMs ?? startMs, startMs)
    this.#startMs ??= startMs
    this.#keepPace(Math.floor((nowMs - this.#startMs) / FRAME_MS) - this.#frames - 1, nowMs)
    const at = this.#inPiece * INPUT_FRAME_SAMPLES * 2
    for (let index = 0; index < INPUT_FRAME_SAMPLES; index += 1) {
      this.#piece[at + index * 2] = frame?.[index] ?? 0
      // What the agent said in the tick before sounded while this was being said.
      this.#piece[at + index * 2 + 1] = this.#agent[index] ?? 0
    }
    this.#agent.fill(0)
    this.#frames += 1
    this.#inPiece += 1
    if (this.#inPiece === PIECE_FRAMES) this.flush()
  }

  /** The same tick: the agent's 20 ms (24 kHz) that begin now. */
  speak(frame: Int16Array | undefined): void {
    const sound = this.#toTape.process(frame ?? this.#silence)
    this.#agent.set(sound.subarray(0, INPUT_FRAME_SAMPLES))
  }

  /** Gives out what is there of the piece at hand. */
  flush(): void {
    if (this.#inPiece === 0 || this.#startMs === undefined) return
    const atMs = this.#startMs + (this.#frames - this.#inPiece) * FRAME_MS
    this.#onPiece(atMs, this.#piece.subarray(0, this.#inPiece * INPUT_FRAME_SAMPLES * 2))
    this.#inPiece = 0
  }

  /** After a stall nearly everything comes at once; what has not come by the next tick never will. */
  #keepPace(missing: number, nowMs: number): void {
    if (missing * FRAME_MS <= STALL_MS) this.#behindMs = undefined
    else if (this.#behindMs === undefined) this.#behindMs = nowMs
    else if (nowMs > this.#behindMs) {
      this.#behindMs = undefined
      this.flush()
      this.#frames += missing
    }
  }
}

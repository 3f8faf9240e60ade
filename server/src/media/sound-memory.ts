import { INPUT_RATE_HZ } from './pcm.ts'

/** Never more is kept of a side: 10 minutes. */
const LIMIT_MS = 600_000

interface Piece {
  readonly atMs: number
  readonly samples: Int16Array
}

const endOf = ({ atMs, samples }: Piece): number => atMs + (samples.length * 1000) / INPUT_RATE_HZ

/** The latest sound of one side (16 kHz), from which sentences are cut once it is known what one was. */
export class SoundMemory {
  readonly #pieces: Piece[] = []

  /** Kept; must follow on from what is there. */
  add(atMs: number, samples: Int16Array): void {
    this.#pieces.push({ atMs, samples })
    this.forgetBefore(atMs - LIMIT_MS)
  }

  forgetBefore(atMs: number): void {
    const kept = this.#pieces.findIndex((piece) => endOf(piece) > atMs)
    this.#pieces.splice(0, kept < 0 ? this.#pieces.length : kept)
  }

  /** From then to then, as far as it is there; `atMs` is where it begins. */
  cut(fromMs: number, untilMs: number): Piece {
    const first = this.#pieces.find((piece) => endOf(piece) > fromMs)
    const last = this.#pieces.findLast((piece) => piece.atMs < untilMs)
    if (first === undefined || last === undefined)
      return { atMs: fromMs, samples: new Int16Array(0) }
    const atMs = Math.max(fromMs, first.atMs)
    const length = Math.max(0, toSamples(Math.min(untilMs, endOf(last)) - atMs))
    const samples = new Int16Array(length)
    for (const piece of this.#pieces) {
      const offset = toSamples(piece.atMs - atMs)
      const part = offset < 0 ? piece.samples.subarray(-offset) : piece.samples
      const at = Math.max(0, offset)
      if (at < length) samples.set(part.subarray(0, length - at), at)
    }
    return { atMs, samples }
  }
}

const toSamples = (ms: number): number => Math.round((ms * INPUT_RATE_HZ) / 1000)

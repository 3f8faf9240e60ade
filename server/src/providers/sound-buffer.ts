const FIRST_SAMPLES = 16_000 * 4
/** The quietest stretch of this length is a good place to cut. */
const QUIET_SAMPLES = 16_000 / 5
const STEP_SAMPLES = 160

/** Sound that grows at its end and is taken away from its beginning. Positions count from the first sample ever. */
export class SoundBuffer {
  #samples = new Int16Array(FIRST_SAMPLES)
  #start = 0
  #length = 0

  /** Position of the first sample still here. */
  get start(): number {
    return this.#start
  }

  get end(): number {
    return this.#start + this.#length
  }

  append(frame: Int16Array): void {
    if (this.#length + frame.length > this.#samples.length) {
      const larger = new Int16Array(2 * this.#samples.length)
      larger.set(this.#samples.subarray(0, this.#length))
      this.#samples = larger
    }
    this.#samples.set(frame, this.#length)
    this.#length += frame.length
  }

  /** Forgets what is before `position`. */
  dropTo(position: number): void {
    const count = Math.min(Math.max(0, position - this.#start), this.#length)
    this.#samples.copyWithin(0, count, this.#length)
    this.#start += count
    this.#length -= count
  }

  /** Forgets everything; positions go on. */
  clear(): void {
    this.#start += this.#length
    this.#length = 0
    if (this.#samples.length > FIRST_SAMPLES) this.#samples = new Int16Array(FIRST_SAMPLES)
  }

  /** A copy of what is here up to `position`. */
  copyTo(position: number): Int16Array<ArrayBuffer> {
    return this.#samples.slice(0, Math.min(position - this.#start, this.#length))
  }

  /** The middle of the quietest 200 ms between two positions. */
  quietestBetween(from: number, to: number): number {
    const last = Math.min(to - this.#start, this.#length) - QUIET_SAMPLES
    let best = { at: Math.max(0, from - this.#start), energy: Infinity }
    for (let at = best.at; at <= last; at += STEP_SAMPLES) {
      const energy = this.#energy(at)
      if (energy < best.energy) best = { at, energy }
    }
    return this.#start + best.at + QUIET_SAMPLES / 2
  }

  /** Of every eighth sample of a quiet stretch's length: enough to compare. */
  #energy(from: number): number {
    let energy = 0
    for (let index = from; index < from + QUIET_SAMPLES; index += 8) {
      const sample = this.#samples[index] ?? 0
      energy += sample * sample
    }
    return energy
  }
}

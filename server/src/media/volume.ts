/** Peaks stay below this however loud the call is set. */
const CEILING = 32_000
/** How fast the limiter lets go again: part of the way back to the set gain, per frame of 20 ms. */
const RELEASE = 0.08

/**
 * Makes sound louder or softer, frame by frame. Gain changes are ramps over one frame; where a frame would
 * clip, the limiter lowers the gain at once and lets it rise again within about half a second.
 */
export class Volume {
  #set = 1
  #gain = 1

  /** 0 … 400; 100 leaves the sound as it is. Takes effect with the next frame. */
  setPercent(percent: number): void {
    this.#set = percent / 100
  }

  /** Changes the frame in place. */
  apply(frame: Int16Array): void {
    if (this.#set === 1 && this.#gain === 1) return
    const before = this.#gain
    const wanted = before < this.#set ? before + (this.#set - before) * RELEASE : this.#set
    const target = this.#set <= 1 ? this.#set : Math.min(wanted, CEILING / Math.max(1, peak(frame)))
    // Never a ramp that starts above the ceiling.
    const start = Math.min(before, this.#set <= 1 ? 1 : CEILING / Math.max(1, peak(frame)))
    const step = (target - start) / frame.length
    for (let index = 0; index < frame.length; index += 1) {
      frame[index] = (frame[index] ?? 0) * (start + step * (index + 1))
    }
    this.#gain = Math.abs(target - this.#set) < 0.001 ? this.#set : target
  }
}

function peak(frame: Int16Array): number {
  let most = 0
  for (const sample of frame) most = Math.max(most, Math.abs(sample))
  return most
}

import { OUTPUT_FRAME_SAMPLES } from './pcm.ts'

/** Where the end of a recorded sound passes into its beginning: 30 ms. */
const SEAM_SAMPLES = 720

/**
 * A sound that goes round for ever under everything else, 20 ms (480 samples at 24 kHz) a call. A change of
 * volume is a ramp of one frame, so that nothing clicks.
 */
export class SoundLoop {
  readonly #sound: Int16Array
  readonly #mixed = new Int16Array(OUTPUT_FRAME_SAMPLES)
  #position = 0
  #gain: number

  /** `sound` at 24 kHz, not empty, is kept and not changed; many loops may share it. */
  constructor(sound: Int16Array, gain: number) {
    this.#sound = sound
    this.#gain = gain
  }

  /**
   * The frame with the next 20 ms of the sound under it, at `gain` times its loudness. What comes back is the
   * loop's own and valid until the next call.
   */
  mixInto(frame: Int16Array | undefined, gain: number): Int16Array {
    const step = (gain - this.#gain) / OUTPUT_FRAME_SAMPLES
    for (let index = 0; index < OUTPUT_FRAME_SAMPLES; index += 1) {
      this.#gain += step
      const sum = (frame?.[index] ?? 0) + (this.#sound[this.#position] ?? 0) * this.#gain
      this.#mixed[index] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : Math.round(sum)
      this.#position = (this.#position + 1) % this.#sound.length
    }
    this.#gain = gain
    return this.#mixed
  }
}

/** A recorded sound made fit to go round: its last 30 ms fade into its first. Too short ones stay as they are. */
export function seamless(sound: Int16Array): Int16Array {
  if (sound.length < SEAM_SAMPLES * 4) return sound
  const length = sound.length - SEAM_SAMPLES
  const loop = sound.slice(0, length)
  for (let index = 0; index < SEAM_SAMPLES; index += 1) {
    const part = (index + 0.5) / SEAM_SAMPLES
    const old = sound[length + index] ?? 0
    loop[index] = Math.round((loop[index] ?? 0) * part + old * (1 - part))
  }
  return loop
}

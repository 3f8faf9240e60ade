import { OUTPUT_FRAME_SAMPLES } from './pcm.ts'

/** Speech is brought to this loudness, as RMS of the frames in which there is any: -20 dB of full scale. */
export const TARGET_RMS = 3277
/** As far as it goes either way: 12 dB. What is further off was meant so, or is no speech. */
const MOST_GAIN = 4
/** Frames quieter than this are pauses, and say nothing about the voice: -50 dB. */
const PAUSE_RMS = 104
/** So are those 12 dB below the voice as it is known: ends of words, breath. */
const SOFT_PART = 0.25
/** The voice is judged by so much of its latest sound: 6 s, without pauses. */
const MEMORY_FRAMES = 300
/** The gain changes by 3 dB a second at most: over a word it stays where it is. */
const STEP = 10 ** ((3 * 0.02) / 20)
/** No frame is made to peak above this. */
const CEILING = 32_000

/**
 * Brings voices of different loudness to the same one, slowly: a word keeps its stress and a pause its quiet.
 * It sees the sound as it is synthesised, before it is lowered or stopped.
 */
export class Loudness {
  #meanSquare = 0
  #frames = 0
  #gain = 1

  /** What the sound is multiplied by now. */
  get gain(): number {
    return this.#gain
  }

  /** The next piece, of any length, at 24 kHz; new memory. */
  process(pcm: Int16Array): Int16Array {
    const sound = new Int16Array(pcm.length)
    for (let at = 0; at < pcm.length; at += OUTPUT_FRAME_SAMPLES) {
      const frame = pcm.subarray(at, at + OUTPUT_FRAME_SAMPLES)
      const before = this.#gain
      const peak = this.#learn(frame)
      const gain = Math.min(this.#gain, CEILING / Math.max(1, peak))
      const from = Math.min(before, gain)
      multiply(frame, sound.subarray(at, at + OUTPUT_FRAME_SAMPLES), { from, gain })
      this.#gain = gain
    }
    return sound
  }

  /** Gives back the frame's peak. */
  #learn(frame: Int16Array): number {
    let sum = 0
    let peak = 0
    for (let index = 0; index < frame.length; index += 1) {
      const sample = Math.abs(frame[index] ?? 0)
      sum += sample * sample
      if (sample > peak) peak = sample
    }
    const meanSquare = sum / frame.length
    const rms = Math.sqrt(meanSquare)
    if (rms < PAUSE_RMS || rms < Math.sqrt(this.#meanSquare) * SOFT_PART) return peak
    // Pieces may end in the middle of a frame.
    const part = frame.length / OUTPUT_FRAME_SAMPLES
    this.#frames = Math.min(this.#frames + part, MEMORY_FRAMES)
    this.#meanSquare += (meanSquare - this.#meanSquare) * (part / this.#frames)
    const ideal = TARGET_RMS / Math.sqrt(this.#meanSquare)
    const wanted = Math.max(1 / MOST_GAIN, Math.min(MOST_GAIN, ideal))
    const step = STEP ** part
    this.#gain = Math.max(this.#gain / step, Math.min(this.#gain * step, wanted))
    return peak
  }
}

/** Into `sound`, with a gain that goes evenly from one to the other. */
function multiply(
  frame: Int16Array,
  sound: Int16Array,
  { from, gain }: { readonly from: number; readonly gain: number },
): void {
  const count = frame.length
  const step = (gain - from) / count
  for (let index = 0; index < count; index += 1) {
    // Math.round, for what fits 16 bits, many times as fast.
    const value = (frame[index] ?? 0) * (from + step * (index + 1))
    sound[index] = ((value + 32_768.5) | 0) - 32_768
  }
}

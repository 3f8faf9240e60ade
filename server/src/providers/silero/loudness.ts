import { FRAME_MS } from '../../media/pcm.ts'

const FULL_SCALE_POWER = 32_768 ** 2
const LEAST_POWER = 1e-10

/** Level of a frame, 0 dB at full scale, −100 for digital silence. */
export function levelDb(frame: Int16Array): number {
  let sum = 0
  for (let index = 0; index < frame.length; index++) {
    const sample = frame[index] ?? 0
    sum += sample * sample
  }
  return 10 * Math.log10(sum / (frame.length * FULL_SCALE_POWER) + LEAST_POWER)
}

/** A frame so far above the noise floor may be speech. Deliberately little: the model decides. */
const RISE_DB = 4
/** Below this nothing is worth a look. */
const LEAST_LOUD_DB = -58
/** The floor is the least smoothed level of the last `PARTS` × `PART_FRAMES` frames: two seconds. */
const PARTS = 8
const PART_FRAMES = 250 / FRAME_MS
const SMOOTHING = 0.3

/**
 * Tells loud frames from quiet ones by a noise floor that follows the quietest moments of the last two
 * seconds. At the beginning the floor is taken to be low, so that a user who speaks at once is heard.
 */
export class Loudness {
  readonly #parts = new Float64Array(PARTS).fill(LEAST_LOUD_DB)
  #part = 0
  #partFrames = 0
  #smoothDb = LEAST_LOUD_DB
  #thresholdDb = LEAST_LOUD_DB

  /** Frames above this are loud. */
  get thresholdDb(): number {
    return this.#thresholdDb
  }

  /** Takes the level of the next frame and says whether it is loud. */
  write(db: number): boolean {
    this.#smoothDb += (db - this.#smoothDb) * SMOOTHING
    if (this.#partFrames >= PART_FRAMES) {
      this.#part = (this.#part + 1) % PARTS
      this.#parts[this.#part] = Infinity
      this.#partFrames = 0
    }
    this.#partFrames += 1
    this.#parts[this.#part] = Math.min(this.#parts[this.#part] ?? Infinity, this.#smoothDb)
    let floorDb = Infinity
    for (const part of this.#parts) if (part < floorDb) floorDb = part
    this.#thresholdDb = Math.max(floorDb + RISE_DB, LEAST_LOUD_DB)
    return db > this.#thresholdDb
  }
}

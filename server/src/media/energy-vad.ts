import { FRAME_MS } from './pcm.ts'

export interface EnergyVadOptions {
  /** How far above the noise floor speech has to be, dB. */
  readonly riseDb?: number
  /** So much sound in a row is speech, shorter is a click. */
  readonly startMs?: number
  /** So much quiet ends it. */
  readonly endMs?: number
}

/** Speech may fall by so much below `riseDb` before it counts as quiet. */
const HYSTERESIS_DB = 3
/** Sound below this is never speech, however quiet the line: about one step in 330 of full scale. */
const LEAST_SPEECH_DB = -50
/** A silent line has no floor; this one keeps it from being below all sound. */
const LEAST_FLOOR_DB = -65
/** The floor is the least smoothed level of the last `FLOOR_PARTS` × `FLOOR_PART_MS`. */
const FLOOR_PARTS = 8
const FLOOR_PART_MS = 250
/** Weight of the newest frame in the smoothed power. */
const SMOOTHING = 0.3
const FULL_SCALE_POWER = 32_768 ** 2
const LEAST_POWER = 1e-12

/**
 * Detects speech by its level above a noise floor that follows the quietest moments of the last two
 * seconds, with hysteresis. It stays shut on silence and on noise that was there from the beginning.
 * Limits: noise or a tone that sets in later opens it, until the floor has risen after two seconds;
 * speech less than `riseDb` above the noise is missed. Where that matters, a model decides, and this is
 * the gate before it.
 */
export class EnergyVad {
  readonly #riseDb: number
  readonly #startFrames: number
  readonly #endFrames: number
  readonly #parts = new Float64Array(FLOOR_PARTS).fill(Infinity)
  #part = 0
  #partFrames = 0
  #power = -1
  #loudFrames = 0
  #quietFrames = 0
  #isSpeech = false
  #onsetMs = 0
  #endMs = 0

  constructor(options: EnergyVadOptions = {}) {
    this.#riseDb = options.riseDb ?? 8
    this.#startFrames = Math.max(1, Math.round((options.startMs ?? 60) / FRAME_MS))
    this.#endFrames = Math.max(1, Math.round((options.endMs ?? 200) / FRAME_MS))
  }

  get isSpeech(): boolean {
    return this.#isSpeech
  }

  /** When the present or last speech began. */
  get onsetMs(): number {
    return this.#onsetMs
  }

  /** When the last of it was heard. */
  get endMs(): number {
    return this.#endMs
  }

  /** Takes one frame of 20 ms at any rate, that ended at `atMs`, and says what it changed. */
  write(frame: Int16Array, atMs: number): 'start' | 'end' | undefined {
    const power = meanPower(frame)
    this.#power = this.#power < 0 ? power : this.#power + (power - this.#power) * SMOOTHING
    const smoothDb = decibels(this.#power)
    const floorDb = this.#floorDb(smoothDb)
    const startDb = Math.max(floorDb + this.#riseDb, LEAST_SPEECH_DB)
    const db = decibels(power)
    const isLoud = db > startDb
    if (isLoud && this.#loudFrames === 0 && !this.#isSpeech) this.#onsetMs = atMs - FRAME_MS
    this.#loudFrames = isLoud ? this.#loudFrames + 1 : 0
    if (isLoud) this.#endMs = atMs
    if (!this.#isSpeech) {
      if (this.#loudFrames < this.#startFrames) return undefined
      this.#isSpeech = true
      this.#quietFrames = 0
      return 'start'
    }
    const isQuiet = db < startDb - HYSTERESIS_DB
    this.#quietFrames = isQuiet ? this.#quietFrames + 1 : 0
    if (this.#quietFrames < this.#endFrames) return undefined
    this.#isSpeech = false
    return 'end'
  }

  #floorDb(smoothDb: number): number {
    if (this.#partFrames * FRAME_MS >= FLOOR_PART_MS) {
      this.#part = (this.#part + 1) % FLOOR_PARTS
      this.#parts[this.#part] = Infinity
      this.#partFrames = 0
    }
    this.#partFrames += 1
    this.#parts[this.#part] = Math.min(this.#parts[this.#part] ?? Infinity, smoothDb)
    let least = Infinity
    for (const part of this.#parts) if (part < least) least = part
    return Math.max(least, LEAST_FLOOR_DB)
  }
}

/** Mean square of the samples, 1 at full scale. */
function meanPower(frame: Int16Array): number {
  // Two sums, so that neither addition waits for the other.
  let even = 0
  let odd = 0
  for (let i = 0; i < frame.length; i += 2) {
    const one = frame[i] ?? 0
    const other = frame[i + 1] ?? 0
    even += one * one
    odd += other * other
  }
  return frame.length === 0 ? 0 : (even + odd) / frame.length / FULL_SCALE_POWER
}

function decibels(power: number): number {
  return 10 * Math.log10(power + LEAST_POWER)
}

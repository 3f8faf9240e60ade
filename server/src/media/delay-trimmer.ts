/** The least depth over this long is delay that serves nothing. */
const WINDOW_MS = 1000
/** A frame this far below the usual level may go unheard… */
const QUIET_RATIO = 0.3
/** …and so may one below this mean amplitude. */
const QUIET_LEVEL = 150
/** With so much delay too many even a loud frame goes, one in each `FORCED_EVERY_MS`. */
const FORCED_FRAMES = 10
const FORCED_EVERY_MS = 500
/** Weight of the newest frame in the usual level. */
const SMOOTHING = 0.02

/**
 * Takes out delay that a stall or a fast sender left in a queue of sound: frames wait that nothing
 * needs. It drops quiet frames, between words, so that nobody hears it.
 */
export class DelayTrimmer {
  #thisMin = Infinity
  #lastMin = Infinity
  #turnMs = -Infinity
  #usualLevel = 0
  #forcedMs = -Infinity

  /**
   * Says whether to drop `frame` and play the one after it instead. Call it once for each frame taken,
   * with the frames left behind it, of which `reserveFrames` are wanted.
   */
  shouldDrop(
    frame: Int16Array,
    queue: {
      readonly depthFrames: number
      readonly reserveFrames: number
      readonly nowMs: number
    },
  ): boolean {
    const level = meanAmplitude(frame)
    this.#usualLevel += (level - this.#usualLevel) * SMOOTHING
    this.#note(queue.depthFrames, queue.nowMs)
    const surplus = Math.min(this.#thisMin, this.#lastMin) - queue.reserveFrames
    if (surplus < 1 || this.#lastMin === Infinity) return false
    const isQuiet = level < QUIET_LEVEL || level < this.#usualLevel * QUIET_RATIO
    const isForced = surplus >= FORCED_FRAMES && queue.nowMs - this.#forcedMs >= FORCED_EVERY_MS
    if (!isQuiet && !isForced) return false
    this.#forcedMs = queue.nowMs
    this.#thisMin -= 1
    this.#lastMin -= 1
    return true
  }

  #note(depthFrames: number, nowMs: number): void {
    if (nowMs - this.#turnMs >= WINDOW_MS) {
      this.#lastMin = this.#thisMin
      this.#thisMin = Infinity
      this.#turnMs = nowMs
    }
    if (depthFrames < this.#thisMin) this.#thisMin = depthFrames
  }
}

/** Of every fourth sample: close enough for a level. */
function meanAmplitude(frame: Int16Array): number {
  let sum = 0
  for (let i = 0; i < frame.length; i += 4) sum += Math.abs(frame[i] ?? 0)
  return frame.length === 0 ? 0 : (sum * 4) / frame.length
}

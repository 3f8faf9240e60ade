import type { Clock } from '../base/clock.ts'
import { FRAME_MS } from '../media/pcm.ts'

/**
 * How long after the users' frames the agents' go out: what comes of hearing a frame (a voice detector's
 * verdict, the end of a pause) still changes the frame that leaves with it, instead of the one 20 ms later.
 */
const SPEAK_LAG_MS = 3
/** So much of it is left when the hearing was late. */
const LEAST_LAG_MS = 2
/** A stall longer than this is not made up for: those frames are lost to everybody anyway. */
const CATCH_UP_LIMIT_MS = 200

export interface AudioLoopEvents {
  /** Take the users' next 20 ms. */
  onHear(nowMs: number): void
  /** Give the agents' next 20 ms. */
  onSpeak(nowMs: number): void
}

/**
 * One timer for all calls: hears at start + n × 20 ms and speaks a moment later, so lateness never adds up.
 * After a stall what was missed follows at once, at most `CATCH_UP_LIMIT_MS` worth.
 */
export class AudioLoop {
  readonly #clock: Clock
  readonly #events: AudioLoopEvents
  #half: 'hear' | 'speak' = 'hear'
  /** When this tick's hearing was or is due by rights, and when its half at hand is. */
  #tickMs = 0
  #dueMs = 0
  #cancel: (() => void) | undefined

  constructor(clock: Clock, events: AudioLoopEvents) {
    this.#clock = clock
    this.#events = events
  }

  /** Runs until `stop`; nothing happens when it runs already. */
  start(): void {
    if (this.#cancel !== undefined) return
    this.#half = 'hear'
    this.#tickMs = this.#clock.nowMs() + FRAME_MS
    this.#dueMs = this.#tickMs
    this.#schedule()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #schedule(): void {
    const delayMs = Math.max(0, this.#dueMs - this.#clock.nowMs())
    this.#cancel = this.#clock.after(delayMs, () => this.#fire())
  }

  #fire(): void {
    const nowMs = this.#clock.nowMs()
    if (nowMs - this.#tickMs > CATCH_UP_LIMIT_MS) {
      this.#tickMs = nowMs
      this.#dueMs = nowMs
    }
    // Timers have whole milliseconds: what is due within half of one is due.
    while (this.#dueMs <= nowMs + 0.5 && this.#cancel !== undefined) this.#pass(nowMs)
    if (this.#cancel !== undefined) this.#schedule()
  }

  #pass(nowMs: number): void {
    if (this.#half === 'hear') {
      this.#half = 'speak'
      const isBehind = nowMs - this.#tickMs >= FRAME_MS
      this.#dueMs = isBehind ? nowMs : Math.max(this.#tickMs + SPEAK_LAG_MS, nowMs + LEAST_LAG_MS)
      this.#events.onHear(nowMs)
    } else {
      this.#half = 'hear'
      this.#tickMs += FRAME_MS
      this.#dueMs = this.#tickMs
      this.#events.onSpeak(nowMs)
    }
  }
}

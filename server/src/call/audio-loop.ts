import type { Clock } from '../base/clock.ts'
import { FRAME_MS } from '../media/pcm.ts'

/**
 * How long after the users' frames the agents' go out: what comes of hearing a frame (a voice detector's
 * verdict, the end of a pause) still changes the frame that leaves with it, instead of the one 20 ms later.
 */
const SPEAK_LAG_MS = 3
/** So much of it is left when the hearing was late. */
const LEAST_LAG_MS = 2
/** What should have been said in a stall longer than this is not made up for: it is lost to everybody anyway. */
const CATCH_UP_LIMIT_MS = 200
/** What was sent to us meanwhile waits in queues of about so much, and is heard all the same. */
const HEAR_LIMIT_MS = 1000

export interface AudioLoopEvents {
  /** Take the users' next 20 ms. */
  onHear(nowMs: number): void
  /** Give the agents' next 20 ms. */
  onSpeak(nowMs: number): void
}

/**
 * One timer for all calls: hears at start + n × 20 ms and speaks a moment later, so lateness never adds up.
 * After a stall what was missed follows at once: the hearing nearly all of it, the speaking after a short one.
 */
export class AudioLoop {
  readonly #clock: Clock
  readonly #events: AudioLoopEvents
  #half: 'hear' | 'speak' = 'hear'
  /** When this tick's hearing was or is due by rights, and when its half at hand is. */
  #tickMs = 0
  #dueMs = 0
  /** The event loop has had its turn since this firing was found to be late. */
  #hasYielded = false
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
    // Timers come before what sockets have received: sound that came in a stall is let in first, or else
    // silence would be heard in its place, in the middle of a word.
    if (nowMs - this.#dueMs >= FRAME_MS && !this.#hasYielded) {
      this.#hasYielded = true
      this.#cancel = this.#clock.after(0, () => this.#fire())
      return
    }
    this.#hasYielded = false
    if (nowMs - this.#tickMs > CATCH_UP_LIMIT_MS) this.#skip(nowMs)
    // Timers have whole milliseconds: what is due within half of one is due.
    while (this.#dueMs <= nowMs + 0.5 && this.#cancel !== undefined) this.#pass(nowMs)
    if (this.#cancel !== undefined) this.#schedule()
  }

  /** Takes the loop to the present, with what was sent to us until now. */
  #skip(nowMs: number): void {
    const lateMs = Math.min(nowMs - this.#tickMs, HEAR_LIMIT_MS)
    this.#tickMs = nowMs
    this.#dueMs = nowMs
    for (let leftMs = lateMs; leftMs >= FRAME_MS; leftMs -= FRAME_MS) {
      if (this.#cancel !== undefined) this.#events.onHear(nowMs)
    }
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

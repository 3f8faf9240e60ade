import type { Clock } from '../base/clock.ts'
import { FRAME_MS } from '../media/pcm.ts'

/** A stall longer than this is not made up for: those frames are lost to everybody anyway. */
const CATCH_UP_LIMIT_MS = 200

/**
 * One timer for all calls: fires at start + n × 20 ms, so lateness never adds up. After a stall the missed
 * ticks follow at once, at most `CATCH_UP_LIMIT_MS` worth.
 */
export class AudioLoop {
  readonly #clock: Clock
  readonly #onTick: (nowMs: number) => void
  #nextMs: number
  #cancel: (() => void) | undefined

  constructor(clock: Clock, onTick: (nowMs: number) => void) {
    this.#clock = clock
    this.#onTick = onTick
    this.#nextMs = clock.nowMs() + FRAME_MS
    this.#schedule()
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #schedule(): void {
    const delayMs = Math.max(0, this.#nextMs - this.#clock.nowMs())
    this.#cancel = this.#clock.after(delayMs, () => this.#fire())
  }

  #fire(): void {
    const nowMs = this.#clock.nowMs()
    if (nowMs - this.#nextMs > CATCH_UP_LIMIT_MS) this.#nextMs = nowMs
    // Timers have whole milliseconds: what is due within half of one is due.
    while (this.#nextMs <= nowMs + 0.5) {
      this.#nextMs += FRAME_MS
      this.#onTick(nowMs)
    }
    if (this.#cancel !== undefined) this.#schedule()
  }
}

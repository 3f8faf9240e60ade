import type { Clock } from '../base/clock.ts'
import type { ApiError } from '../schema/errors.ts'
import type { RateLimits } from '../schema/rate-limits.ts'
import { takeToken, type FullAtMs } from './token-bucket.ts'

/** Past so many buckets those that are full are forgotten: a full one is the same as none. */
const BUCKETS_LIMIT = 10_000

/** How often each key may call each operation. One caller, or one runaway loop, must not crowd the others out. */
export class FlowControl {
  readonly #clock: Clock
  readonly #limits: RateLimits
  readonly #buckets = new Map<string, FullAtMs>()
  #sweepAt = BUCKETS_LIMIT

  constructor(clock: Clock, limits: RateLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Counts a request; the error is what a caller is told who comes too often. */
  admit(caller: string, action: string): ApiError | undefined {
    const perSecond = this.#limits.perOperation.get(action) ?? this.#limits.perSecond
    if (perSecond === Infinity) return undefined
    const burst = Math.max(1, perSecond)
    const nowMs = this.#clock.nowMs()
    const name = `${action} ${caller}`
    const before = this.#buckets.get(name) ?? nowMs
    const { fullAtMs, waitMs } = takeToken(before, { perSecond, burst }, nowMs)
    this.#buckets.set(name, fullAtMs)
    if (this.#buckets.size > this.#sweepAt) this.#forgetFull(nowMs)
    if (waitMs === 0) return undefined
    // New clients read the first header (ms), older ones the second, everybody else the third (s).
    const resetMs = Math.ceil(fullAtMs - nowMs)
    const headers = {
      'x-acs-retry-after': String(waitMs),
      'x-ratelimit-user-api': `Limit:${burst},Remain:0,TimeLeft:${waitMs},Reset:${resetMs}`,
      'retry-after': String(Math.ceil(waitMs / 1000)),
    }
    return { code: 'Throttling.User', headers }
  }

  get bucketCount(): number {
    return this.#buckets.size
  }

  #forgetFull(nowMs: number): void {
    for (const [name, fullAtMs] of this.#buckets) {
      if (fullAtMs <= nowMs) this.#buckets.delete(name)
    }
    // When all of them are in use, the next look must not come with the very next request.
    this.#sweepAt = Math.max(BUCKETS_LIMIT, this.#buckets.size * 2)
  }
}

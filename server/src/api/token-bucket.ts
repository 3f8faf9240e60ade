/** How much may come: so many at once, refilled at so many a second. */
export interface Rate {
  readonly perSecond: number
  /** Most that may come at once after a pause; at least 1. */
  readonly burst: number
}

/**
 * A bucket of tokens that flow in evenly is told by one number: when it will be full, monotonic ms. Each token
 * taken puts that off by the time that one takes to flow in. (The theory calls it the generic cell rate algorithm.)
 */
export type FullAtMs = number

export interface Taking {
  readonly fullAtMs: FullAtMs
  /** 0: one was taken. Else nothing was, and there will be one in so many ms. */
  readonly waitMs: number
}

/** Below a millionth of a millisecond it is the arithmetic's error. */
const TOLERANCE_MS = 1e-6

/** A bucket that is full now, or has been for long, has any `fullAtMs` up to `nowMs`. */
export function takeToken(fullAtMs: FullAtMs, rate: Rate, nowMs: number): Taking {
  const tokenMs = 1000 / rate.perSecond
  const lackMs = Math.max(0, fullAtMs - nowMs)
  const waitMs = lackMs - (rate.burst - 1) * tokenMs
  if (waitMs > TOLERANCE_MS) return { fullAtMs, waitMs: Math.ceil(waitMs - TOLERANCE_MS) }
  return { fullAtMs: nowMs + lackMs + tokenMs, waitMs: 0 }
}

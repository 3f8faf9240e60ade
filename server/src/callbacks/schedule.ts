const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/** Waits after the first, second, … failed attempt; the last one repeats. */
const WAITS_MS: readonly number[] = [
  SECOND_MS,
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  60 * MINUTE_MS,
]

/**
 * When an event is tried again whose `attempts` tries have failed (the last one just now): after a growing
 * wait, the last time at its deadline; then never, which is `undefined`.
 */
export function nextAttemptMs(event: {
  readonly attempts: number
  readonly deadlineMs: number
  readonly nowMs: number
}): number | undefined {
  const { attempts, deadlineMs, nowMs } = event
  if (nowMs >= deadlineMs) return undefined
  const waitMs = WAITS_MS[Math.min(Math.max(attempts, 1), WAITS_MS.length) - 1] ?? 0
  return Math.min(nowMs + waitMs, deadlineMs)
}

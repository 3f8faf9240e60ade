/** The greatest time that 12 hex digits hold, ms since 1970 (the year 10889). */
const MAX_MS = 2 ** 48 - 1
/** Sorts after every hex digit. */
const AFTER_ALL = 'g'

/**
 * The ids of instances that were created in a range of time. An instance id starts with its creation time
 * (see `base/ids.ts`), so one index on the id serves order and time range alike.
 */
export function instanceIdRange(time: { readonly fromMs?: number; readonly untilMs?: number }): {
  /** Inclusive. */
  readonly from: string
  /** Exclusive. */
  readonly before: string
} {
  return {
    from: time.fromMs === undefined ? '' : firstIdOf(Math.ceil(time.fromMs)),
    before: time.untilMs === undefined ? AFTER_ALL : firstIdOf(Math.floor(time.untilMs) + 1),
  }
}

/** Sorts before or with every id of that millisecond, and after every id of an earlier one. */
function firstIdOf(ms: number): string {
  if (ms <= 0) return ''
  return ms > MAX_MS ? AFTER_ALL : ms.toString(16).padStart(12, '0')
}

/** How a sweep spreads its work. */
export interface SweepPace {
  /** Rows of one step: the longest that a writer has to wait for it is a few ms. */
  readonly stepRows: number
  /** A step's time is this part of all time at most. */
  readonly share: number
  /** The shortest pause between two steps, ms. */
  readonly leastPauseMs: number
  /** When there is nothing to do, it is looked again after so long, ms. */
  readonly idleMs: number
  /** After a step that failed, ms. */
  readonly failedMs: number
}

export const SWEEP_PACE: SweepPace = {
  stepRows: 100,
  share: 0.05,
  leastPauseMs: 50,
  idleMs: 10 * 60_000,
  failedMs: 60_000,
}

/** What became of a step. */
export type SweepStep =
  | { readonly type: 'done'; readonly rows: number; readonly tookMs: number }
  | { readonly type: 'failed' }

/** How long until the next step, ms. A disk that is busy makes steps long, and so the pauses. */
export function pauseAfter(step: SweepStep, pace: SweepPace = SWEEP_PACE): number {
  if (step.type === 'failed') return pace.failedMs
  if (step.rows === 0) return pace.idleMs
  return Math.max(pace.leastPauseMs, step.tookMs * (1 / pace.share - 1))
}

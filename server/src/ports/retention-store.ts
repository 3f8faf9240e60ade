import type { Result } from '../base/result.ts'

/** What a sweep takes from calls that ended long ago. */
export type SweptPart =
  /** Everything. */
  | 'calls'
  /** What was said in them and how it went; the call itself stays in the lists. */
  | 'logs'

/** Deletes calls, and everything about them. */
export interface RetentionStore {
  /** All of it, or nothing: a call that is not finished is not deleted. */
  deleteCall(instanceId: string): Promise<Result<void, 'unknown' | 'running'>>
  /**
   * One small step, oldest calls first: deletes at most about `limit` rows of calls that ended before
   * `endedBeforeMs` (wall time). Gives how many it deleted; 0 when there is nothing left to do.
   */
  sweep(part: SweptPart, endedBeforeMs: number, limit: number): Promise<number>
}

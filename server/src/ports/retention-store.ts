import type { Result } from '../base/result.ts'

/** What a sweep takes from calls that ended long ago. */
export type SweptPart =
  /** Everything. */
  | 'calls'
  /** What was said in them and how it went; the call itself stays in the lists. */
  | 'logs'

/** One step of keeping the index in which what was said is searched for. */
export interface WordsStep {
  /** How many pages of 4 KB it may write, more or less: bounds how long it takes. */
  readonly pages: number
  /** Whether the index may begin to be rewritten if it still holds words that were deleted. */
  readonly mayBegin: boolean
}

/** How it stands with words that were deleted. */
export interface WordsState {
  /** The step has done something; there may be more to do. */
  readonly worked: boolean
  /** The index is being rewritten. */
  readonly isScrubbing: boolean
  /** Deletions are counted: this is the last one, */
  readonly deletions: number
  /** the last one that somebody asked for, 0 if there was none, */
  readonly asked: number
  /** and the last one whose words are gone from the index, all those before it included. */
  readonly gone: number
}

/** Of a store that has no such index. */
export const NO_WORDS: WordsState = {
  worked: false,
  isScrubbing: false,
  deletions: 0,
  asked: 0,
  gone: 0,
}

/** Deletes calls, and everything about them. */
export interface RetentionStore {
  /** All of it, or nothing: a call that is not finished is not deleted. */
  deleteCall(instanceId: string): Promise<Result<void, 'unknown' | 'running'>>
  /**
   * One small step, oldest calls first: deletes at most about `limit` rows of calls that ended before
   * `endedBeforeMs` (wall time). Gives how many it deleted; 0 when there is nothing left to do.
   */
  sweep(part: SweptPart, endedBeforeMs: number, limit: number): Promise<number>
  /** A small step of what is to be done about the index of words, where deletions leave words behind for a while. */
  stepWords(step: WordsStep): Promise<WordsState>
  /** Lets go of older copies of what is stored. False: somebody is reading just now; try again. */
  dropOldPages(): Promise<boolean>
}

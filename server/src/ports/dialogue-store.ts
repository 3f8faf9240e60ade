import type { Sentence } from './call-record.ts'

/** Which dialogues of a session. */
export interface DialogueQuery {
  /** What the caller named it; of a call without one, its instance id. */
  readonly sessionId: string
  /** Wall time, ms since 1970, inclusive. */
  readonly fromMs: number
  readonly untilMs: number
  readonly isAscending: boolean
  readonly part:
    | { readonly type: 'page'; readonly pageSize: number; readonly pageNumber: number }
    /** The newest so many rounds; a round is one turn of the user and the answers to it. */
    | { readonly type: 'newest'; readonly rounds: number }
}

/** One dialogue of a session: something that was said in one of its calls. */
export interface StoredDialogue {
  readonly instanceId: string
  readonly sentence: Sentence
}

/** What was said in the calls of a session. */
export interface DialogueStore {
  /** By time; what is empty or deleted is left out. */
  listDialogues(query: DialogueQuery): Promise<readonly StoredDialogue[]>
  /**
   * Erases what was said, for good: nothing brings it back, not even a call that is still running and records it
   * again. False when that session has nothing such (any more).
   */
  deleteDialogue(dialogue: {
    readonly sessionId: string
    readonly instanceId: string
    readonly entryId: number
  }): Promise<boolean>
}

import type { CallEndReason, Sentence } from './call-record.ts'
import type { InstanceRecord, InstanceStatus } from './store.ts'

/** Which calls are looked for: those that everything given here is true of. Ranges include both their ends. */
export interface CallFilter {
  readonly instanceId?: string
  readonly agentId?: string
  readonly status?: InstanceStatus
  /** ms since 1970 */
  readonly createdFromMs?: number
  readonly createdUntilMs?: number
  /** When the call ended, ms since 1970. */
  readonly finishedFromMs?: number
  readonly finishedUntilMs?: number
  /** From the moment both sides were connected to the end; only finished calls have one. */
  readonly minDurationMs?: number
  readonly maxDurationMs?: number
  readonly endReason?: CallEndReason
  readonly sessionId?: string
  /** `UserData` is JSON in which the member at this path is this value; see `store/user-data-leaves.ts`. */
  readonly userData?: { readonly path: string; readonly value: string }
  /** These words were said; see `store/said-words.ts`. */
  readonly said?: { readonly text: string; readonly by?: 'user' | 'agent' }
}

/** The place behind a call in the order that was asked for. */
export interface CallCursor {
  readonly instanceId: string
  /** The store's own number of the call. */
  readonly number: number
  /** In the order of duration. */
  readonly durationMs?: number
}

export interface CallSearch {
  readonly filter: CallFilter
  /** By duration only finished calls are found: the others have none yet. */
  readonly orderBy: 'created' | 'duration'
  readonly direction: 'asc' | 'desc'
  /** Calls behind this place only. */
  readonly after?: CallCursor
  /** From 1. */
  readonly limit: number
  /** Give what was said too. */
  readonly withSentences?: boolean
}

/** What a search tells of a call. */
export interface FoundCall extends Pick<
  InstanceRecord,
  | 'instanceId'
  | 'agentId'
  | 'status'
  | 'channelId'
  | 'agentUserId'
  | 'userData'
  | 'sessionId'
  | 'createdMs'
  | 'executingMs'
  | 'finishedMs'
  | 'endReason'
> {
  readonly durationMs?: number
  /** Turns of the user that the agent was asked to answer. */
  readonly turns: number
  readonly interruptions: number
  /** From the end of what the user said (or typed) to the first sound of the answer: half of the call's answers
   * took no longer, 95 % of them took no longer (nearest rank). Absent: nothing has been answered. */
  readonly answerP50Ms?: number
  readonly answerP95Ms?: number
  /** In output order; when asked for. */
  readonly sentences?: readonly Sentence[]
}

export interface CallPage {
  readonly calls: readonly FoundCall[]
  /** Absent: there are no more. */
  readonly next?: CallCursor
}

export interface CallCount {
  readonly count: number
  /** False for an estimate. */
  readonly isExact: boolean
}

/** Finding calls among millions. */
export interface SearchStore {
  /** Pages stay right while calls are added: what is added shows up on no page twice and pushes nothing off one.
   * Rejects with {@link SearchBusy} when too many searches wait already. */
  page(search: CallSearch): Promise<CallPage>
  /** How many calls a filter finds. An estimate looks at some thousand of them and reckons from how close together
   * they lie; fewer are counted exactly. */
  count(filter: CallFilter, precision: 'exact' | 'estimated'): Promise<CallCount>
}

/** Too many searches wait already. */
export class SearchBusy extends Error {
  constructor() {
    super('Too many searches at a time.')
  }
}

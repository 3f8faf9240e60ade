import type { CallRecord } from './call-record.ts'
import type { CallSpec } from './calls.ts'

/** What goes on in a running call, for people who look on. No word of what is said is in it. */
export interface LiveState {
  readonly instanceId: string
  readonly phase: 'listening' | 'thinking' | 'speaking'
  /** The user is heard, by the voice activity detection or by the pressed button. */
  readonly isUserSpeaking: boolean
  /** Users connected right now. */
  readonly users: number
  /** The human who is in the agent's place: the name in the channel. */
  readonly human?: string
  /** When both sides were first connected; wall time, ms. */
  readonly executingMs?: number
  /** Since when the user waits for an answer that has not begun to sound; wall time, ms. */
  readonly waitingSinceMs?: number
  /** Of the latest answer: from the user's last sound to the agent's first. */
  readonly answerMs?: number
  /** The same: what half of the answers so far, and what 95 % of them did not exceed. */
  readonly answerP50Ms?: number
  readonly answerP95Ms?: number
  /** Lines of the dialogue so far. */
  readonly sentences: number
  readonly interruptions: number
}

/** A call that has not ended. */
export interface LiveCall {
  readonly spec: Pick<CallSpec, 'instanceId' | 'agentId' | 'type' | 'channelId' | 'createdMs'>
  /** Absent until its worker has told. */
  readonly state?: LiveState
}

/** What somebody who looks on is told, as it happens. */
export interface LiveWatcher {
  /** New, or changed. A call changes at most every {@link LIVE_EVERY_MS}. */
  onCall(call: LiveCall): void
  /** Durable from now on. */
  onRecords(instanceId: string, records: readonly CallRecord[]): void
  onEnd(instanceId: string): void
}

/** How often workers look what has changed in their calls, while anybody looks on. */
export const LIVE_EVERY_MS = 250

/** The running calls, for those who look on; behind it `workers/`. */
export interface LiveCalls {
  readonly count: number
  /** Newest first. */
  running(): readonly LiveCall[]
  /** Tells of every change, until the function returned is called. Costs nothing while nobody does. */
  watch(watcher: LiveWatcher): () => void
}

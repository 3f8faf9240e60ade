import type { CallbackEventName } from '../schema/callback-event.ts'

/** Where the events of an agent's calls are sent, as `SetNotifyConfig` sets it. */
export interface NotifyConfig {
  readonly isEnabled: boolean
  /** Empty: none has been set. */
  readonly callbackUrl: string
  /** None named: all of them. */
  readonly eventTypes: readonly CallbackEventName[]
  /** Sent unchanged in the `Authorization` header; empty: no such header. */
  readonly token: string
  /** Signs what is sent; empty: it is not signed. Base64 after `whsec_`. */
  readonly signingSecret: string
  readonly recordsAudio: boolean
  readonly audioOssPath: string
}

/** An event that waits to be delivered, or was given up. */
export interface StoredCallback {
  /** Goes up with every event; the order of delivery within a call. */
  readonly callbackNo: number
  /** The same in every attempt: receivers tell duplicates by it. */
  readonly eventId: string
  readonly agentId: string
  readonly instanceId: string
  readonly event: CallbackEventName
  /** JSON text, as it is sent. */
  readonly body: string
  readonly createdMs: number
  /** After this it is tried once more at most. */
  readonly deadlineMs: number
  /** Deliveries that have been tried (since it was last sent again by hand). */
  readonly attempts: number
  /** Why the last one failed. */
  readonly lastError?: string
  /** When it was given up. */
  readonly failedMs?: number
}

/** The oldest waiting event of a call; the call's others wait behind it. */
export interface DueCallback {
  readonly callback: StoredCallback
  readonly dueMs: number
}

/** What became of an attempt. */
export type CallbackOutcome =
  /** It is forgotten. `wakes`: the receiver had not answered for long; other calls' events are due at once. */
  | { readonly type: 'delivered'; readonly atMs: number; readonly wakes: boolean }
  | {
      readonly type: 'retry'
      readonly atMs: number
      readonly dueMs: number
      readonly error: string
    }
  | { readonly type: 'failed'; readonly atMs: number; readonly error: string }

/** Which events; what is not given does not matter. */
export interface CallbackFilter {
  readonly agentId?: string
  readonly instanceId?: string
  readonly eventIds?: readonly string[]
}

/** How long an event is tried before it is given up. */
export const DELIVERY_LIMIT_MS = 24 * 3_600_000
/** Most calls of a receiver whose waiting ends at once when it answers again. */
export const WAKE_LIMIT = 1000
/** Most events that one request sends again. */
export const RESEND_LIMIT = 1000

/**
 * The queue of events on their way to their receivers. They enter it with the records that cause them, in
 * `Store.recordCall`: either both are durable or none. Promises of writing methods resolve after the change is
 * durable.
 */
export interface CallbackStore {
  /** Inserts or replaces; events that wait for this agent's receiver are due at once. */
  putNotifyConfig(agentId: string, config: NotifyConfig, atMs: number): Promise<void>
  /** Nothing when it was never set. */
  notifyConfig(agentId: string): Promise<NotifyConfig | undefined>

  /** `listener` hears of every agent that has got something to be delivered, once it is durable. One at most. */
  onQueued(listener: (agentId: string) => void): void
  /** Agents with events waiting, and when the first of each is due. */
  receivers(): Promise<readonly { readonly agentId: string; readonly dueMs: number }[]>
  /** The agent's calls with events waiting, the one that is due first at the top. */
  nextCallbacks(agentId: string, limit: number): Promise<readonly DueCallback[]>
  /** Notes what became of an attempt; the call's next event, if any, is due at once unless this one is retried. */
  settleCallback(callbackNo: number, outcome: CallbackOutcome): Promise<void>

  /** Waiting or given up, newest first. */
  listCallbacks(
    query: CallbackFilter & {
      readonly status: 'waiting' | 'failed'
      readonly pageSize: number
      readonly pageNumber: number
    },
  ): Promise<readonly StoredCallback[]>
  countCallbacks(query: CallbackFilter & { readonly status: 'waiting' | 'failed' }): Promise<number>
  /** Puts failed events back into their places in the queue, oldest first; gives their number. */
  resendCallbacks(filter: CallbackFilter, atMs: number): Promise<number>
  /** Forgets at most `limit` events that were given up before `failedBeforeMs`; gives their number. */
  sweepCallbacks(failedBeforeMs: number, limit: number): Promise<number>
}

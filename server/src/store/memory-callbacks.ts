import type { CallRecord, Sentence } from '../ports/call-record.ts'
import {
  DELIVERY_LIMIT_MS,
  RESEND_LIMIT,
  WAKE_LIMIT,
  type CallbackFilter,
  type CallbackOutcome,
  type CallbackStore,
  type DueCallback,
  type NotifyConfig,
  type StoredCallback,
} from '../ports/callback-store.ts'
import { callbackBody, type CallbackSubject } from '../schema/callback-event.ts'
import { chatRecord, eventOf } from './callback-events.ts'

interface Lane {
  readonly agentId: string
  dueMs: number
}

/** The queue of callbacks of a `MemoryStore`. */
export class MemoryCallbacks implements CallbackStore {
  readonly #configs = new Map<string, NotifyConfig>()
  readonly #callbacks = new Map<number, StoredCallback>()
  /** Calls with events waiting. */
  readonly #lanes = new Map<string, Lane>()
  #lastNo = 0
  #listener: (agentId: string) => void = () => {}

  constructor(before?: MemoryCallbacks) {
    if (before === undefined) return
    this.#lastNo = before.#lastNo
    for (const [agentId, config] of before.#configs) this.#configs.set(agentId, config)
    for (const [no, callback] of before.#callbacks) this.#callbacks.set(no, callback)
    for (const [instanceId, lane] of before.#lanes) this.#lanes.set(instanceId, { ...lane })
  }

  /** The call was deleted. */
  forget(instanceId: string): void {
    this.#lanes.delete(instanceId)
    for (const [no, callback] of this.#callbacks) {
      if (callback.instanceId === instanceId) this.#callbacks.delete(no)
    }
  }

  /** Queues what is told of a record that says something new. */
  tell(
    subject: CallbackSubject,
    record: CallRecord,
    options: {
      /** Sentences of the call that are not complete yet, in order. */
      readonly open: readonly Sentence[]
      readonly wallMs: number
    },
  ): void {
    const { open, wallMs } = options
    const config = this.#configs.get(subject.agentId)
    if (config?.isEnabled !== true) return
    const event = eventOf(record)
    const events = record.type === 'finished' ? open.map((one) => chatRecord(one)) : []
    for (const told of event === undefined ? events : [...events, event]) {
      const { eventTypes } = config
      if (eventTypes.length > 0 && !eventTypes.includes(told.name)) continue
      const { agentId, instanceId } = subject
      const callbackNo = (this.#lastNo += 1)
      this.#callbacks.set(callbackNo, {
        callbackNo,
        eventId: `${instanceId}-${callbackNo}`,
        agentId,
        instanceId,
        event: told.name,
        body: callbackBody(subject, told),
        createdMs: wallMs,
        deadlineMs: wallMs + DELIVERY_LIMIT_MS,
        attempts: 0,
      })
      if (!this.#lanes.has(instanceId)) this.#lanes.set(instanceId, { agentId, dueMs: wallMs })
      this.#listener(agentId)
    }
  }

  async putNotifyConfig(agentId: string, config: NotifyConfig, atMs: number): Promise<void> {
    this.#configs.set(agentId, config)
    this.#wake(agentId, atMs, Infinity)
  }

  async notifyConfig(agentId: string): Promise<NotifyConfig | undefined> {
    return this.#configs.get(agentId)
  }

  onQueued(listener: (agentId: string) => void): void {
    this.#listener = listener
  }

  async receivers(): Promise<readonly { readonly agentId: string; readonly dueMs: number }[]> {
    const byAgent = new Map<string, number>()
    for (const { agentId, dueMs } of this.#lanes.values()) {
      byAgent.set(agentId, Math.min(dueMs, byAgent.get(agentId) ?? Infinity))
    }
    return [...byAgent].map(([agentId, dueMs]) => ({ agentId, dueMs }))
  }

  async nextCallbacks(agentId: string, limit: number): Promise<readonly DueCallback[]> {
    return [...this.#lanes]
      .filter(([, lane]) => lane.agentId === agentId)
      .sort(([, a], [, b]) => a.dueMs - b.dueMs)
      .slice(0, limit)
      .flatMap(([instanceId, { dueMs }]) => {
        const callback = this.#head(instanceId)
        return callback === undefined ? [] : [{ callback, dueMs }]
      })
  }

  async settleCallback(callbackNo: number, outcome: CallbackOutcome): Promise<void> {
    const callback = this.#callbacks.get(callbackNo)
    if (callback === undefined || callback.failedMs !== undefined) return
    const { agentId, instanceId } = callback
    const attempts = callback.attempts + 1
    if (outcome.type === 'delivered') this.#callbacks.delete(callbackNo)
    else {
      const failure = outcome.type === 'failed' ? { failedMs: outcome.atMs } : {}
      const lastError = outcome.error
      this.#callbacks.set(callbackNo, { ...callback, attempts, lastError, ...failure })
    }
    const lane = this.#lanes.get(instanceId)
    if (lane === undefined) return
    if (outcome.type === 'retry') lane.dueMs = outcome.dueMs
    else if (this.#head(instanceId) === undefined) this.#lanes.delete(instanceId)
    else lane.dueMs = outcome.atMs
    if (outcome.type === 'delivered' && outcome.wakes) this.#wake(agentId, outcome.atMs, WAKE_LIMIT)
  }

  async listCallbacks(
    query: Parameters<CallbackStore['listCallbacks']>[0],
  ): Promise<readonly StoredCallback[]> {
    const skipped = (query.pageNumber - 1) * query.pageSize
    return this.#matching(query, query.status)
      .sort((a, b) => b.callbackNo - a.callbackNo)
      .slice(skipped, skipped + query.pageSize)
  }

  async countCallbacks(query: Parameters<CallbackStore['countCallbacks']>[0]): Promise<number> {
    return this.#matching(query, query.status).length
  }

  async resendCallbacks(filter: CallbackFilter, atMs: number): Promise<number> {
    const resent = this.#matching(filter, 'failed').slice(0, RESEND_LIMIT)
    for (const { failedMs: _, ...callback } of resent) {
      const { agentId, instanceId, callbackNo } = callback
      const deadlineMs = atMs + DELIVERY_LIMIT_MS
      this.#callbacks.set(callbackNo, { ...callback, attempts: 0, deadlineMs })
      this.#lanes.set(instanceId, { agentId, dueMs: atMs })
      this.#listener(agentId)
    }
    return resent.length
  }

  async sweepCallbacks(failedBeforeMs: number, limit: number): Promise<number> {
    const swept = this.#matching({}, 'failed')
      .filter(({ failedMs = 0 }) => failedMs < failedBeforeMs)
      .slice(0, limit)
    for (const { callbackNo } of swept) this.#callbacks.delete(callbackNo)
    return swept.length
  }

  #head(instanceId: string): StoredCallback | undefined {
    return this.#matching({ instanceId }, 'waiting')[0]
  }

  #wake(agentId: string, atMs: number, limit: number): void {
    const late = [...this.#lanes.values()].filter(
      (lane) => lane.agentId === agentId && lane.dueMs > atMs,
    )
    for (const lane of late.sort((a, b) => a.dueMs - b.dueMs).slice(0, limit)) lane.dueMs = atMs
    if (late.length > 0) this.#listener(agentId)
  }

  /** Oldest first. */
  #matching(filter: CallbackFilter, status: 'waiting' | 'failed'): StoredCallback[] {
    const { agentId, instanceId, eventIds } = filter
    return [...this.#callbacks.values()]
      .filter((callback) => (callback.failedMs === undefined) === (status === 'waiting'))
      .filter((callback) => agentId === undefined || callback.agentId === agentId)
      .filter((callback) => instanceId === undefined || callback.instanceId === instanceId)
      .filter((callback) => eventIds === undefined || eventIds.includes(callback.eventId))
      .sort((a, b) => a.callbackNo - b.callbackNo)
  }
}

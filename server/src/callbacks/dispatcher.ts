import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { fail, type Result } from '../base/result.ts'
import type { CallbackOutcome, CallbackStore, StoredCallback } from '../ports/callback-store.ts'
import type { Deliver } from './delivery.ts'
import { nextAttemptMs } from './schedule.ts'

/** Deliveries under way at the same time: to one receiver that answers well, and to all such. */
export const RECEIVER_LIMIT = 8
const HEALTHY_LIMIT = 256
/** The same for receivers that fail or are slow: they cannot take the places of the others. */
export const TROUBLED_RECEIVER_LIMIT = 2
const TROUBLED_LIMIT = 64
/** So many failures in a row, or an answer that takes so long, make a receiver troubled. */
const TROUBLE_FAILURES = 3
const SLOW_MS = 1000
/** When the store cannot be read or written, the receiver waits so long. */
const STORE_FAULT_MS = 5000
/** Events that were given up are kept for so long, and looked through so often, so many at a time. */
export const FAILED_KEPT_MS = 7 * 24 * 3_600_000
const SWEEP_MS = 60_000
const SWEEP_LIMIT = 1000

/** Since the process started. */
export interface CallbackCounters {
  delivered: number
  failedAttempts: number
  givenUp: number
}

/** Where the events of one agent go. */
interface Receiver {
  readonly agentId: string
  /** When there may be something to do; wall time, ms. */
  dueMs: number
  /** Calls whose event is under way, and the pool that each took its place from. */
  readonly inFlight: Set<string>
  isReading: boolean
  /** In a row. */
  failures: number
  isSlow: boolean
}

type Pool = 'healthy' | 'troubled'
const poolOf = ({ failures, isSlow }: Receiver): Pool =>
  failures >= TROUBLE_FAILURES || isSlow ? 'troubled' : 'healthy'

/**
 * Brings the events of the queue to their receivers: in order within a call, of different calls side by side.
 * What is under way when the process dies is delivered again by the next one, with the same event id.
 */
export class CallbackDispatcher {
  readonly counters: CallbackCounters = { delivered: 0, failedAttempts: 0, givenUp: 0 }
  readonly #store: CallbackStore
  readonly #deliver: Deliver
  readonly #clock: Clock
  readonly #log: Log
  readonly #receivers = new Map<string, Receiver>()
  readonly #busy: Record<Pool, number> = { healthy: 0, troubled: 0 }
  readonly #abort = new AbortController()
  #cancelTimer: (() => void) | undefined
  #cancelSweep: (() => void) | undefined
  #onIdle: (() => void) | undefined
  #isClosed = false

  constructor(options: {
    readonly store: CallbackStore
    readonly deliver: Deliver
    readonly clock: Clock
    readonly log: Log
  }) {
    this.#store = options.store
    this.#deliver = options.deliver
    this.#clock = options.clock
    this.#log = options.log
  }

  /** Deliveries under way. */
  get inFlight(): number {
    return this.#busy.healthy + this.#busy.troubled
  }

  /** Takes up what is in the queue, and from then on what comes. */
  async start(): Promise<void> {
    this.#store.onQueued((agentId) => this.#look(agentId, this.#clock.wallMs()))
    for (const { agentId, dueMs } of await this.#store.receivers()) this.#look(agentId, dueMs)
    this.#sweep()
  }

  /** Waits, at most `limitMs`, until all that is due has been tried; the rest is left to the next process. */
  async close(limitMs: number): Promise<void> {
    if (this.#isClosed) return
    const idle = Promise.withResolvers<void>()
    this.#onIdle = idle.resolve
    const cancel = this.#clock.after(limitMs, idle.resolve)
    this.#pump()
    await idle.promise
    cancel()
    this.#isClosed = true
    this.#abort.abort()
    this.#cancelTimer?.()
    this.#cancelSweep?.()
  }

  #look(agentId: string, dueMs: number): void {
    const receiver = this.#receivers.get(agentId)
    if (receiver !== undefined) receiver.dueMs = Math.min(receiver.dueMs, dueMs)
    else {
      const fresh = { agentId, dueMs, isReading: false, failures: 0, isSlow: false }
      this.#receivers.set(agentId, { ...fresh, inFlight: new Set() })
    }
    this.#pump()
  }

  /** Serves every receiver that has something due and a place free; those served last come first next time. */
  #pump(): void {
    if (this.#isClosed) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const nowMs = this.#clock.wallMs()
    let nextMs = Infinity
    for (const receiver of Array.from(this.#receivers.values())) {
      if (receiver.isReading || this.#room(receiver) <= 0) continue
      if (receiver.dueMs <= nowMs) void this.#serve(receiver, nowMs)
      else nextMs = Math.min(nextMs, receiver.dueMs)
    }
    if (nextMs < Infinity) {
      this.#cancelTimer = this.#clock.after(nextMs - nowMs, () => this.#pump())
    }
    if (this.#isIdle(nowMs)) this.#onIdle?.()
  }

  #isIdle(nowMs: number): boolean {
    const isWaiting = (one: Receiver): boolean => !one.isReading && one.dueMs > nowMs
    return this.inFlight === 0 && [...this.#receivers.values()].every(isWaiting)
  }

  /** Places that the receiver may take. */
  #room(receiver: Receiver): number {
    const pool = poolOf(receiver)
    const [own, all] =
      pool === 'healthy'
        ? [RECEIVER_LIMIT, HEALTHY_LIMIT]
        : [TROUBLED_RECEIVER_LIMIT, TROUBLED_LIMIT]
    return Math.min(own - receiver.inFlight.size, all - this.#busy[pool])
  }

  async #serve(receiver: Receiver, nowMs: number): Promise<void> {
    const { agentId, inFlight } = receiver
    receiver.isReading = true
    receiver.dueMs = Infinity
    this.#receivers.delete(agentId)
    this.#receivers.set(agentId, receiver)
    try {
      const next = await this.#store.nextCallbacks(agentId, RECEIVER_LIMIT + inFlight.size + 1)
      const idle = next.filter(({ callback }) => !inFlight.has(callback.instanceId))
      for (const { callback, dueMs } of idle) {
        if (dueMs > nowMs || this.#room(receiver) <= 0 || this.#isClosed) {
          receiver.dueMs = Math.min(receiver.dueMs, dueMs)
          break
        }
        void this.#attempt(receiver, callback)
      }
    } catch (error) {
      this.#log.error('callbacks cannot be read', { agentId, reason: String(error) })
      receiver.dueMs = nowMs + STORE_FAULT_MS
    }
    receiver.isReading = false
    if (receiver.dueMs === Infinity && inFlight.size === 0) this.#receivers.delete(agentId)
    this.#pump()
  }

  async #attempt(receiver: Receiver, callback: StoredCallback): Promise<void> {
    const pool = poolOf(receiver)
    receiver.inFlight.add(callback.instanceId)
    this.#busy[pool] += 1
    const startedMs = this.#clock.nowMs()
    const result = await this.#tryOnce(callback)
    const tookMs = this.#clock.nowMs() - startedMs
    let dueMs = this.#clock.wallMs()
    // Cut short by the end of this process: the next one tries it again.
    if (!this.#abort.signal.aborted) {
      const outcome = this.#judge(receiver, callback, result)
      receiver.failures = result.ok ? 0 : receiver.failures + 1
      receiver.isSlow = tookMs > SLOW_MS
      try {
        await this.#store.settleCallback(callback.callbackNo, outcome)
      } catch (error) {
        const { agentId } = receiver
        this.#log.error('callback not settled', { agentId, reason: String(error) })
        dueMs += STORE_FAULT_MS
      }
    }
    receiver.inFlight.delete(callback.instanceId)
    this.#busy[pool] -= 1
    receiver.dueMs = Math.min(receiver.dueMs, dueMs)
    this.#pump()
  }

  async #tryOnce(callback: StoredCallback): Promise<Result<void, string>> {
    try {
      return await this.#deliver(callback, this.#abort.signal)
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error))
    }
  }

  #judge(
    receiver: Receiver,
    callback: StoredCallback,
    result: Result<void, string>,
  ): CallbackOutcome {
    const atMs = this.#clock.wallMs()
    if (result.ok) {
      this.counters.delivered += 1
      return { type: 'delivered', atMs, wakes: receiver.failures >= TROUBLE_FAILURES }
    }
    this.counters.failedAttempts += 1
    const { agentId, instanceId, event, eventId, deadlineMs } = callback
    const attempts = callback.attempts + 1
    const fields = { agentId, instanceId, event, eventId, attempts, reason: result.error }
    const dueMs = nextAttemptMs({ attempts, deadlineMs, nowMs: atMs })
    if (dueMs !== undefined) {
      // One line when trouble begins, not one for every attempt.
      if (receiver.failures === 0) this.#log.warn('callback failed, will be tried again', fields)
      else this.#log.debug('callback failed again', fields)
      return { type: 'retry', atMs, dueMs, error: result.error }
    }
    this.counters.givenUp += 1
    this.#log.error('callback given up', fields)
    return { type: 'failed', atMs, error: result.error }
  }

  #sweep(): void {
    if (this.#isClosed) return
    const beforeMs = this.#clock.wallMs() - FAILED_KEPT_MS
    this.#store.sweepCallbacks(beforeMs, SWEEP_LIMIT).catch((error: unknown) => {
      if (!this.#isClosed) this.#log.error('callbacks not swept', { reason: String(error) })
    })
    this.#cancelSweep = this.#clock.after(SWEEP_MS, () => this.#sweep())
  }
}

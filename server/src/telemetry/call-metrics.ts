import type { Clock } from '../base/clock.ts'
import type { CallObserver } from '../ports/call-observer.ts'
import type { CallEndReason, CallRecord, Turn } from '../ports/call-record.ts'
import type { CallSpec } from '../ports/calls.ts'
import { Histogram, looked, Series, type Metric } from './exposition.ts'

/** Bounds of the answer delay, s. */
const DELAY_BOUNDS_S = [0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10]
/** Turns of a call that may still be stored again. */
const OPEN_TURNS = 8

interface KnownCall {
  readonly agent: string
  executingMs?: number
  hasEnded: boolean
  /** What has been counted of the newest turns. */
  readonly turns: Map<number, CountedTurn>
}

interface CountedTurn {
  readonly isAsked: boolean
  readonly isAnswered: boolean
  readonly isInterrupted: boolean
}

const NOTHING: CountedTurn = { isAsked: false, isAnswered: false, isInterrupted: false }

/** Figures of calls since the start of the process, from what workers have stored anyway. */
export class CallMetrics implements CallObserver {
  readonly metrics: readonly Metric[]
  readonly #startedMs: number
  readonly #calls = new Map<string, KnownCall>()
  readonly #started = new Series(
    'counter',
    'antiphon_calls_started_total',
    'Calls started, by agent.',
  )
  readonly #finished = new Series(
    'counter',
    'antiphon_calls_finished_total',
    'Calls that ended, by agent and reason.',
  )
  readonly #seconds = new Series(
    'counter',
    'antiphon_call_seconds_total',
    'How long ended calls took, from both ends being connected, by agent.',
  )
  readonly #turns = new Series(
    'counter',
    'antiphon_turns_total',
    'Turns of users that an agent was asked to answer.',
  )
  readonly #interruptions = new Series(
    'counter',
    'antiphon_interruptions_total',
    'Interruptions of agents.',
  )
  readonly #falseInterruptions = new Series(
    'counter',
    'antiphon_false_interruptions_total',
    'What sounded like an interruption and was none.',
  )
  readonly #failures = new Series(
    'counter',
    'antiphon_provider_failures_total',
    'Failures of providers, by kind and name.',
  )
  readonly #delay = new Histogram(
    'antiphon_answer_delay_seconds',
    "From the end of the user's speech to the first sound of the answer.",
    DELAY_BOUNDS_S,
  )

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.#startedMs = clock.wallMs()
    this.metrics = [
      looked('gauge', 'antiphon_calls', 'Calls now, by agent and state.', () => this.#now()),
      this.#started,
      this.#finished,
      this.#seconds,
      this.#turns,
      this.#delay,
      this.#interruptions,
      this.#falseInterruptions,
      this.#failures,
    ]
  }

  onCall({ instanceId, agentId, createdMs }: CallSpec): void {
    this.#calls.set(instanceId, { agent: agentId, hasEnded: false, turns: new Map() })
    // Others were taken up again.
    if (createdMs >= this.#startedMs) this.#started.add({ agent: agentId })
  }

  onRecords(instanceId: string, records: readonly CallRecord[]): void {
    const call = this.#calls.get(instanceId)
    if (call === undefined) return
    for (const record of records) this.#count(call, record)
  }

  onGone(instanceId: string): void {
    const call = this.#calls.get(instanceId)
    if (call === undefined) return
    this.#calls.delete(instanceId)
    // It could not be started.
    if (!call.hasEnded) this.#finished.add({ agent: call.agent, reason: 'error' })
  }

  #count(call: KnownCall, record: CallRecord): void {
    const { agent } = call
    switch (record.type) {
      case 'executing':
        call.executingMs ??= record.atMs
        return
      case 'finished':
        return this.#end(call, record.atMs, record.reason)
      case 'turn':
        return this.#countTurn(call, record.turn)
      case 'decision': {
        const { kind, figures } = record.decision
        const isFalse = kind === 'no-interruption' && figures['heardMs'] !== undefined
        if (isFalse) this.#falseInterruptions.add({ agent })
        return
      }
      case 'provider-failure':
        return this.#failures.add({ kind: record.part, provider: record.provider })
      case 'ready':
      case 'settings':
      case 'sentence':
      case 'trace':
      case 'takeover':
      case 'event':
        return
    }
  }

  #end(call: KnownCall, atMs: number, reason: CallEndReason): void {
    if (call.hasEnded) return
    call.hasEnded = true
    const { agent, executingMs = atMs } = call
    this.#finished.add({ agent, reason })
    this.#seconds.add({ agent }, Math.max(0, atMs - executingMs) / 1000)
  }

  #countTurn({ agent, turns }: KnownCall, turn: Turn): void {
    const { turnId, speechEndMs, turnEndMs, firstAudioMs, interruptedMs } = turn
    const before = turns.get(turnId) ?? NOTHING
    const askedMs = speechEndMs ?? turnEndMs
    const isAsked = turnEndMs !== undefined
    const isInterrupted = interruptedMs !== undefined
    if (isAsked && !before.isAsked) this.#turns.add({ agent })
    if (isInterrupted && !before.isInterrupted) this.#interruptions.add({ agent })
    const isAnswered = firstAudioMs !== undefined && askedMs !== undefined
    if (isAnswered && !before.isAnswered) {
      this.#delay.observe({ agent }, Math.max(0, firstAudioMs - askedMs) / 1000)
    }
    turns.set(turnId, { isAsked, isAnswered, isInterrupted })
    const [oldest] = turns.keys()
    if (turns.size > OPEN_TURNS && oldest !== undefined) turns.delete(oldest)
  }

  *#now(): Iterable<readonly [{ readonly agent: string; readonly state: string }, number]> {
    const counts = new Map<string, { readonly agent: string; readonly state: string; n: number }>()
    for (const { agent, executingMs } of this.#calls.values()) {
      const state = executingMs === undefined ? 'Created' : 'Executing'
      const key = `${agent} ${state}`
      const known = counts.get(key) ?? { agent, state, n: 0 }
      known.n += 1
      counts.set(key, known)
    }
    for (const { agent, state, n } of counts.values()) yield [{ agent, state }, n]
  }
}

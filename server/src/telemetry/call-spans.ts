import { createHash } from 'node:crypto'
import type { CallObserver } from '../ports/call-observer.ts'
import type { CallRecord, Decision, Turn } from '../ports/call-record.ts'
import type { CallSpec } from '../ports/calls.ts'
import type { Span, SpanValue } from './span.ts'

/** Things noted with a call's span; further ones are left out. */
const EVENTS_LIMIT = 100
/** Decisions that say more about how a turn went. */
const TOLD_DECISIONS = ['interruption', 'no-interruption', 'reply-failed', 'turn-continued']

interface TracedCall {
  readonly spec: CallSpec
  readonly events: NonNullable<Span['events']>[number][]
  executingMs?: number
  /** The newest turn: it may be stored again until the next one is. */
  turn?: Turn | undefined
  /** How long the voice of that turn's answer took to its first sound, where the engine has told. */
  synthesisMs?: { readonly turnId: number; readonly ms: number } | undefined
}

/**
 * Makes a trace of each call, after the fact, from what workers have stored anyway: the call, its turns, and within
 * them recognition, model, synthesis and playout. The trace has the call's `InstanceId` as its id.
 */
export class CallSpans implements CallObserver {
  readonly #emit: (span: Span) => void
  readonly #calls = new Map<string, TracedCall>()

  constructor(emit: (span: Span) => void) {
    this.#emit = emit
  }

  onCall(spec: CallSpec): void {
    this.#calls.set(spec.instanceId, { spec, events: [] })
  }

  onRecords(instanceId: string, records: readonly CallRecord[]): void {
    const call = this.#calls.get(instanceId)
    if (call === undefined) return
    // Decisions first: those of a turn come along with it.
    for (const record of records) if (record.type === 'decision') note(call, record.decision)
    for (const record of records) this.#take(call, record)
  }

  onGone(instanceId: string): void {
    this.#calls.delete(instanceId)
  }

  #take(call: TracedCall, record: CallRecord): void {
    switch (record.type) {
      case 'executing':
        call.executingMs ??= record.atMs
        return
      case 'turn':
        if (call.turn !== undefined && call.turn.turnId !== record.turn.turnId) this.#endTurn(call)
        call.turn = record.turn
        return
      case 'provider-failure': {
        const { part, provider, atMs } = record
        add(call, 'provider failure', atMs, {
          'antiphon.kind': part,
          'antiphon.provider': provider,
        })
        return
      }
      case 'finished':
        this.#endTurn(call)
        this.#emit(callSpan(call, record.atMs, record.reason))
        this.#calls.delete(call.spec.instanceId)
        return
      case 'ready':
      case 'settings':
      case 'sentence':
      case 'decision':
      case 'trace':
      case 'takeover':
      case 'event':
        return
    }
  }

  #endTurn(call: TracedCall): void {
    const { turn, synthesisMs } = call
    if (turn === undefined) return
    call.turn = undefined
    const known = synthesisMs?.turnId === turn.turnId ? synthesisMs.ms : undefined
    for (const span of turnSpans(call.spec, turn, known)) this.#emit(span)
  }
}

function note(call: TracedCall, decision: Decision): void {
  const { kind, figures, atMs, turnId } = decision
  const { synthesisMs } = figures
  if (kind === 'answer' && turnId !== undefined && synthesisMs !== undefined) {
    call.synthesisMs = { turnId, ms: synthesisMs }
  }
  if (!TOLD_DECISIONS.includes(kind)) return
  const numbers = Object.entries(figures).map(([name, value]) => [`antiphon.${name}`, value])
  add(call, kind, atMs, {
    ...(turnId !== undefined && { 'antiphon.turn_id': turnId }),
    ...(Object.fromEntries(numbers) as Readonly<Record<string, number>>),
  })
}

function add(
  { events }: TracedCall,
  name: string,
  atMs: number,
  attributes: Readonly<Record<string, SpanValue>>,
): void {
  if (events.length < EVENTS_LIMIT) events.push({ name, atMs, attributes })
}

function callSpan({ spec, executingMs, events }: TracedCall, atMs: number, reason: string): Span {
  const { instanceId, agentId, type, createdMs } = spec
  return {
    ...idsOf(instanceId, 'call'),
    name: 'call',
    kind: 'server',
    startMs: createdMs,
    endMs: Math.max(createdMs, atMs),
    attributes: {
      'antiphon.instance_id': instanceId,
      'antiphon.agent_id': agentId,
      'antiphon.agent_type': type,
      'antiphon.end_reason': reason,
      ...(executingMs !== undefined && { 'antiphon.waited_ms': executingMs - createdMs }),
    },
    isError: reason === 'error' || reason === 'lost',
    events,
  }
}

function turnSpans(spec: CallSpec, turn: Turn, synthesisMs: number | undefined): readonly Span[] {
  const { instanceId, agentId } = spec
  const { turnId, speechStartMs, speechEndMs, finalTranscriptMs, turnEndMs } = turn
  const { firstTokenMs, firstAudioMs, playoutEndMs, interruptedMs } = turn
  const startMs = speechStartMs ?? speechEndMs ?? turnEndMs ?? firstAudioMs
  if (startMs === undefined) return []
  const { traceId, spanId: callId } = idsOf(instanceId, 'call')
  const parentSpanId = idsOf(instanceId, `turn ${turnId}`).spanId
  const spokenFromMs =
    firstAudioMs !== undefined && synthesisMs !== undefined
      ? firstAudioMs - synthesisMs
      : firstTokenMs
  const child = (
    name: string,
    kind: Span['kind'],
    from: number | undefined,
    until: number | undefined,
  ): readonly Span[] => {
    if (from === undefined || until === undefined || until < from) return []
    const { spanId } = idsOf(instanceId, `${name} ${turnId}`)
    const attributes = { 'antiphon.turn_id': turnId }
    return [{ traceId, spanId, parentSpanId, name, kind, startMs: from, endMs: until, attributes }]
  }
  const endMs = playoutEndMs ?? interruptedMs ?? firstAudioMs ?? turnEndMs ?? startMs
  const askedMs = speechEndMs ?? turnEndMs
  const delayMs =
    firstAudioMs === undefined || askedMs === undefined ? undefined : firstAudioMs - askedMs
  const whole: Span = {
    traceId,
    spanId: parentSpanId,
    parentSpanId: callId,
    name: 'turn',
    kind: 'internal',
    startMs,
    endMs: Math.max(startMs, endMs),
    attributes: {
      'antiphon.instance_id': instanceId,
      'antiphon.agent_id': agentId,
      'antiphon.turn_id': turnId,
      'antiphon.is_interrupted': interruptedMs !== undefined,
      ...(delayMs !== undefined && { 'antiphon.answer_delay_ms': delayMs }),
    },
  }
  return [
    whole,
    ...child('recognition', 'client', speechStartMs, finalTranscriptMs),
    ...child('model', 'client', turnEndMs, firstTokenMs),
    ...child('synthesis', 'client', spokenFromMs, firstAudioMs),
    ...child('playout', 'internal', firstAudioMs, interruptedMs ?? playoutEndMs),
  ]
}

/** Always the same for the same thing, so that what is told twice is one. */
function idsOf(instanceId: string, thing: string): Pick<Span, 'traceId' | 'spanId'> {
  const hash = createHash('sha256').update(`${instanceId} ${thing}`).digest('hex')
  const own = createHash('sha256').update(instanceId).digest('hex').slice(0, 32)
  return {
    traceId: /^(?!0{32})[0-9a-f]{32}$/.test(instanceId) ? instanceId : own,
    spanId: hash.slice(0, 16),
  }
}

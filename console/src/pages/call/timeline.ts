import { PARTS, type Part } from './answers.ts'
import type { Decision, EngineEvent, Turn } from './log.ts'
import type { Line, Source } from './source.ts'

/** What is drawn where: what the user says, what is recognised, what is waited for, what the agent says. */
export const LANES = ['user', 'ear', 'reaction', 'agent'] as const
export type Lane = (typeof LANES)[number]

export type SpanKind = 'speech' | 'hearing' | Part | 'playout' | 'held'

/** Something that took time. Times are ms since the call's start. */
export interface Span {
  readonly kind: SpanKind
  readonly lane: Lane
  readonly startMs: number
  readonly endMs: number
  readonly turnId?: number
  /** The engine's own words for why. */
  readonly reason: string
  /** What was said meanwhile. */
  readonly text?: string
}

/** A decision that took no time. */
export interface Mark {
  readonly kind: string
  readonly tone: 'bad' | 'false' | 'plain'
  readonly atMs: number
  readonly turnId?: number
  readonly reason: string
}

export interface Timeline {
  /** In the order in which they began. */
  readonly spans: readonly Span[]
  readonly marks: readonly Mark[]
  readonly startMs: number
  readonly endMs: number
}

const TONES: Readonly<Record<string, Mark['tone']>> = {
  interruption: 'bad',
  'reply-failed': 'bad',
  'turn-dropped': 'bad',
  'no-interruption': 'false',
  'nothing-heard': 'false',
}
/** These are drawn as spans. */
const UNMARKED: ReadonlySet<string> = new Set(['answer', 'turn-end', 'agent-held'])

export function timelineOf(source: Source): Timeline {
  const spans = [
    ...speech(source),
    ...hearing(source),
    ...silences(source),
    ...reactions(source),
    ...unanswered(source),
    ...playout(source),
  ].filter(({ startMs, endMs }) => endMs > startMs)
  const marks = source.decisions
    .filter(({ kind }) => !UNMARKED.has(kind))
    .map(({ kind, atMs, turnId, words }): Mark => ({
      kind,
      tone: TONES[kind] ?? 'plain',
      atMs,
      ...(turnId === undefined ? {} : { turnId }),
      reason: words,
    }))
  return {
    spans: spans.toSorted((one, other) => one.startMs - other.startMs),
    marks,
    startMs: Math.min(0, ...spans.map(({ startMs }) => startMs)),
    endMs: Math.max(source.endMs, ...spans.map(({ endMs }) => endMs)),
  }
}

const ofTurn = (turnId: number | undefined): { readonly turnId?: number } =>
  turnId === undefined ? {} : { turnId }

/** Stretches of the user's sound: each of them when there is a record, else one a turn. */
function speech({ events, turns, lines, endMs }: Source): readonly Span[] {
  const span = (startMs: number, untilMs: number): Span => {
    const turn = turns.find(
      ({ speechStartMs = Infinity, speechEndMs = Infinity }) =>
        startMs >= speechStartMs - 1 && startMs <= speechEndMs,
    )
    const said = lines.find(({ isUser, turnId }) => isUser && turnId === turn?.turnId)
    return {
      kind: 'speech',
      lane: 'user',
      startMs,
      endMs: untilMs,
      ...ofTurn(turn?.turnId),
      reason: '',
      ...(said === undefined ? {} : { text: said.text }),
    }
  }
  if (events === undefined) {
    return turns.flatMap(({ speechStartMs, speechEndMs }) =>
      speechStartMs === undefined ? [] : [span(speechStartMs, speechEndMs ?? endMs)],
    )
  }
  const spans: Span[] = []
  let startMs: number | undefined
  for (const event of events) {
    if (event.type === 'speech-start') startMs = event.onsetMs ?? event.atMs
    else if (event.type === 'speech-end' && startMs !== undefined) {
      spans.push(span(startMs, event.endMs ?? event.atMs))
      startMs = undefined
    }
  }
  if (startMs !== undefined) spans.push(span(startMs, endMs))
  return spans
}

const isEnd = ({ kind }: Decision): boolean => kind === 'turn-end' || kind === 'nothing-heard'

/** From asking for the final transcript to its coming. */
function hearing({ events = [], turns, decisions }: Source): readonly Span[] {
  const finals = events.filter(({ type }) => type === 'transcript-final')
  return decisions.filter(isEnd).flatMap((decision): readonly Span[] => {
    const { atMs, turnId, words, figures } = decision
    const { recognitionMs } = figures
    const noted = turns.find((turn) => turn.turnId === turnId)?.finalTranscriptMs
    const finalMs = finals.findLast((event) => event.atMs <= atMs + 1)?.atMs ?? noted
    if (recognitionMs === undefined || finalMs === undefined || finalMs > atMs + 1) return []
    const startMs = finalMs - recognitionMs
    return [
      { kind: 'hearing', lane: 'ear', startMs, endMs: finalMs, ...ofTurn(turnId), reason: words },
    ]
  })
}

/** What was waited for to find that the user had finished, and then for a late transcript. */
function silences({ decisions }: Source): readonly Span[] {
  return decisions.filter(isEnd).flatMap((decision): readonly Span[] => {
    const { atMs, turnId, words, figures } = decision
    const { silenceMs = 0, lateMs = 0 } = figures
    const heardMs = atMs - Math.min(lateMs, silenceMs)
    const common = { lane: 'reaction' as const, ...ofTurn(turnId), reason: words }
    return [
      { kind: 'silence', startMs: atMs - silenceMs, endMs: heardMs, ...common },
      { kind: 'recognition', startMs: heardMs, endMs: atMs, ...common },
    ]
  })
}

/** The rest of the wait, as the answer's figures have it. */
function reactions({ decisions }: Source): readonly Span[] {
  return decisions.flatMap((answer, index): readonly Span[] => {
    if (answer.kind !== 'answer') return []
    const { atMs, turnId, words, figures } = answer
    const hasEnd = decisions
      .slice(0, index)
      .some((one) => one.kind === 'turn-end' && one.turnId === turnId)
    let startMs = atMs - (figures['totalMs'] ?? 0)
    return PARTS.flatMap((part): readonly Span[] => {
      const from = startMs
      startMs += figures[`${part}Ms`] ?? 0
      // The decision that ended the turn has told of these.
      if (hasEnd && (part === 'silence' || part === 'recognition')) return []
      const span = { kind: part, lane: 'reaction' as const, startMs: from, endMs: startMs }
      return [{ ...span, ...ofTurn(turnId), reason: words }]
    })
  })
}

/** Turns whose answer never came to sound, or has not yet. */
function unanswered({ turns, decisions, endMs }: Source): readonly Span[] {
  const answered = new Set(
    decisions.filter(({ kind }) => kind === 'answer').map(({ turnId }) => turnId),
  )
  return turns.flatMap((turn): readonly Span[] => {
    const { turnId, turnEndMs, firstTokenMs, firstAudioMs, interruptedMs } = turn
    if (answered.has(turnId) || turnEndMs === undefined) return []
    const untilMs = firstAudioMs ?? interruptedMs ?? endMs
    const common = { lane: 'reaction' as const, turnId, reason: turn.endpointReason ?? '' }
    const tokenMs = firstTokenMs ?? untilMs
    return [
      { kind: 'model', startMs: turnEndMs, endMs: tokenMs, ...common },
      { kind: 'text', startMs: tokenMs, endMs: untilMs, ...common },
    ]
  })
}

/** What sounded of the agent, and when it stood still because somebody might be interrupting. */
function playout(source: Source): readonly Span[] {
  const holds = holdsOf(source)
  return soundOf(source).flatMap(({ startMs, endMs, line }) => {
    const { turnId, text } = line ?? {}
    const cut = source.decisions.find(
      (one) =>
        (one.kind === 'interruption' || one.kind === 'turn-continued') &&
        one.turnId === turnId &&
        Math.abs(one.atMs - endMs) < CUT_MS,
    )
    const common = { lane: 'agent' as const, ...ofTurn(turnId) }
    const spans: Span[] = []
    const told = { reason: cut?.words ?? '', ...(text === undefined ? {} : { text }) }
    let fromMs = startMs
    for (const hold of holds) {
      if (hold.endMs <= fromMs || hold.startMs >= endMs) continue
      const heldMs = Math.max(fromMs, hold.startMs)
      const onMs = endMs - hold.endMs < FRAME_MS ? endMs : hold.endMs
      spans.push({ kind: 'playout', startMs: fromMs, endMs: heldMs, ...common, ...told })
      spans.push({ kind: 'held', startMs: heldMs, endMs: onMs, ...common, reason: hold.reason })
      fromMs = onMs
    }
    return [...spans, { kind: 'playout', startMs: fromMs, endMs, ...common, ...told } as const]
  })
}

/** What is dropped while it stands still ends a little later in the record. */
const FRAME_MS = 20
/** A stretch of sound ends so near to the decision that cut it. */
const CUT_MS = 60

interface Sound {
  readonly startMs: number
  readonly endMs: number
  readonly line: Line | undefined
}

function soundOf(source: Source): readonly Sound[] {
  const { events, turns, endMs } = source
  const sound = (startMs: number, untilMs: number): Sound => ({
    startMs,
    endMs: untilMs,
    line: source.lines.findLast(({ isUser, beginMs }) => !isUser && beginMs <= startMs + CUT_MS),
  })
  if (events === undefined) {
    return turns.flatMap((turn: Turn) => {
      const { firstAudioMs, playoutEndMs, interruptedMs } = turn
      return firstAudioMs === undefined
        ? []
        : [sound(firstAudioMs, playoutEndMs ?? interruptedMs ?? endMs)]
    })
  }
  const sounds: Sound[] = []
  let startMs: number | undefined
  const end = ({ atMs }: EngineEvent): void => {
    if (startMs !== undefined) sounds.push(sound(startMs, atMs))
    startMs = undefined
  }
  for (const event of events) {
    if (event.type === 'segment-start') startMs = event.atMs
    else if (event.type === 'segment-end' || event.type === 'speech-cancelled') end(event)
  }
  if (startMs !== undefined) sounds.push(sound(startMs, endMs))
  return sounds
}

const OUTCOMES: ReadonlySet<string> = new Set(['interruption', 'no-interruption', 'turn-continued'])

function holdsOf({ decisions, endMs }: Source): readonly {
  readonly startMs: number
  readonly endMs: number
  readonly reason: string
}[] {
  return decisions.flatMap((decision, index) => {
    if (decision.kind !== 'agent-held') return []
    const outcome = decisions.slice(index).find(({ kind }) => OUTCOMES.has(kind))
    const words = outcome === undefined ? '' : ` → ${outcome.words}`
    const reason = decision.words + words
    return [{ startMs: decision.atMs, endMs: outcome?.atMs ?? endMs, reason }]
  })
}

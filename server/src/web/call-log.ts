import type { Decision, Sentence, Turn } from '../ports/call-record.ts'
import type { StoredCall } from '../ports/store.ts'
import type { CallTrace, TraceStretch } from '../ports/trace-store.ts'
import type { CallDecision } from '../schema/call-decision.ts'
import type { CallLog as DocumentedLog } from '../schema/call-log.ts'
import type { CallTraceLog } from '../schema/call-trace.ts'
import { InterruptReason } from '../schema/messages.ts'

type CallLogEntry = DocumentedLog['dialog'][number]

/** The documented file behind `CallLogUrl`, and our own beside it. */
export type CallLog = DocumentedLog & { readonly antiphon: CallLogExtras }

/** Times are ms since `startTime`; what did not happen is absent. */
export interface CallLogExtras {
  /** Seconds since 1970, like `startTime`. */
  readonly endTime?: number
  readonly endReason?: string
  readonly sentences: readonly CallLogSentence[]
  readonly turns: readonly CallLogTurn[]
  /** Why the engine did what it did, in the order in which it was decided. */
  readonly decisions: readonly CallDecision[]
  /** What the call can be played again from. */
  readonly trace?: CallTraceLog
}

export interface CallLogSentence {
  /** Of the entry in `dialog`. */
  readonly id: number
  readonly turnId: number
  /** The part of an interrupted sentence that was played. */
  readonly spokenText?: string
  /** The human whose words they are, who had taken the call over: the name in the channel. */
  readonly saidBy?: string
}

export interface CallLogTurn {
  readonly turnId: number
  readonly speechStartMs?: number
  readonly speechEndMs?: number
  readonly finalTranscriptMs?: number
  /** The turn was closed and the model asked. */
  readonly turnEndMs?: number
  readonly firstTokenMs?: number
  readonly firstAudioMs?: number
  readonly playoutEndMs?: number
  readonly interruptedMs?: number
  readonly interruptReason?: string
  /** Why the user's turn ended when it did. */
  readonly endpointReason?: string
}

/** The file of a finished call goes out in pieces of about so many characters. */
const PIECE_CHARS = 64 * 1024

/**
 * The file of a finished call, in UTF-8, piece by piece. A long call's trace is megabytes of JSON text: it is passed
 * on as it was stored, without being parsed, and written out only as fast as the reader takes it.
 */
export function* callLogPieces(call: StoredCall, trace: CallTrace): Generator<Uint8Array> {
  let text = ''
  for (const part of logText(call, trace)) {
    text += part
    if (text.length < PIECE_CHARS) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

function* logText(call: StoredCall, { decisions, stretches }: CallTrace): Generator<string> {
  const log = JSON.stringify(renderCallLog(call, decisions))
  // What `antiphon` holds is never empty, and it is the last member.
  yield `${log.slice(0, -2)},"trace":{"stretches":[`
  for (const [index, stretch] of stretches.entries()) {
    if (index > 0) yield ','
    yield* stretchText(stretch)
  }
  yield ']}}}'
}

/** Its pieces hold whole lines; the first line is the head. */
function* stretchText({ pieces }: TraceStretch): Generator<string> {
  const [first = '', ...others] = pieces
  const headEnd = first.indexOf('\n')
  yield `{"head":${first.slice(0, headEnd)},"events":[`
  let isFirst = true
  for (const lines of [first.slice(headEnd + 1), ...others]) {
    const events = lines.trimEnd().replaceAll('\n', ',')
    if (events === '') continue
    yield isFirst ? events : `,${events}`
    isFirst = false
  }
  yield ']}'
}

/** Writes down a finished call; the call's start is when both sides were connected. */
export function renderCallLog(call: StoredCall, decisions: readonly Decision[] = []): CallLog {
  const { instance, turns } = call
  const startMs = instance.executingMs ?? instance.createdMs
  const { finishedMs, endReason } = instance
  // What was deleted as a dialogue is nowhere any more; its number stays free.
  const sentences = call.sentences
    .filter(({ text }) => text !== '')
    .map((sentence) => renderSentence(sentence, startMs))
  return {
    instanceId: instance.instanceId,
    startTime: startMs / 1000,
    dialog: sentences.map(({ entry }) => entry),
    antiphon: {
      ...(finishedMs !== undefined && { endTime: finishedMs / 1000 }),
      ...(endReason !== undefined && { endReason }),
      sentences: sentences.map(({ extras }) => extras),
      turns: turns.map((turn) => renderTurn(turn, startMs)),
      decisions: decisions.map((decision) => renderDecision(decision, startMs)),
    },
  }
}

/** One line: what is documented of it, and what is ours. */
export function renderSentence(
  sentence: Sentence,
  startMs: number,
): { readonly entry: CallLogEntry; readonly extras: CallLogSentence } {
  const { entryId, turnId, spokenText, saidBy } = sentence
  return {
    entry: {
      id: entryId,
      begin: Math.max(0, Math.round(sentence.beginMs - startMs)) / 1000,
      role: sentence.role,
      type: sentence.kind,
      text: sentence.text,
    },
    extras: {
      id: entryId,
      turnId,
      ...(spokenText !== undefined && { spokenText }),
      ...(saidBy !== undefined && { saidBy }),
    },
  }
}

export const renderDecision = (decision: Decision, startMs: number): CallDecision => ({
  ...decision,
  atMs: Math.round(decision.atMs - startMs),
})

const TIMES = [
  'speechStartMs',
  'speechEndMs',
  'finalTranscriptMs',
  'turnEndMs',
  'firstTokenMs',
  'firstAudioMs',
  'playoutEndMs',
  'interruptedMs',
] as const satisfies readonly (keyof Turn)[]

export function renderTurn(turn: Turn, startMs: number): CallLogTurn {
  const times = TIMES.flatMap((name) => {
    const atMs = turn[name]
    return atMs === undefined ? [] : [[name, Math.round(atMs - startMs)] as const]
  })
  const { interruptReason, endpointReason } = turn
  return {
    turnId: turn.turnId,
    ...Object.fromEntries(times),
    ...(interruptReason !== undefined && { interruptReason: reasonName(interruptReason) }),
    ...(endpointReason !== undefined && { endpointReason }),
  }
}

const reasonName = (reason: number): string =>
  Object.entries(InterruptReason).find(([, value]) => value === reason)?.[0] ?? 'unknown'

import type { Sentence, Turn } from '../ports/call-record.ts'
import type { StoredCall } from '../ports/store.ts'
import type { CallLog as DocumentedLog } from '../schema/call-log.ts'
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
}

export interface CallLogSentence {
  /** Of the entry in `dialog`. */
  readonly id: number
  readonly turnId: number
  /** The part of an interrupted sentence that was played. */
  readonly spokenText?: string
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

/** Writes down a finished call; the call's start is when both sides were connected. */
export function renderCallLog(call: StoredCall): CallLog {
  const { instance, sentences, turns } = call
  const startMs = instance.executingMs ?? instance.createdMs
  const { finishedMs, endReason } = instance
  return {
    instanceId: instance.instanceId,
    startTime: startMs / 1000,
    dialog: sentences.map((sentence) => entry(sentence, startMs)),
    antiphon: {
      ...(finishedMs !== undefined && { endTime: finishedMs / 1000 }),
      ...(endReason !== undefined && { endReason }),
      sentences: sentences.map(({ entryId, turnId, spokenText }) => ({
        id: entryId,
        turnId,
        ...(spokenText !== undefined && { spokenText }),
      })),
      turns: turns.map((turn) => renderTurn(turn, startMs)),
    },
  }
}

function entry(sentence: Sentence, startMs: number): CallLogEntry {
  return {
    id: sentence.entryId,
    begin: Math.max(0, Math.round(sentence.beginMs - startMs)) / 1000,
    role: sentence.role,
    type: sentence.kind,
    text: sentence.text,
  }
}

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

function renderTurn(turn: Turn, startMs: number): CallLogTurn {
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

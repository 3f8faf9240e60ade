import type { CallLog, Decision, EngineEvent, Turn } from './log.ts'

/** What a timeline is drawn from, be it a log, a running call, or a call played again. Times are ms since the start. */
export interface Source {
  readonly lines: readonly Line[]
  readonly turns: readonly Turn[]
  readonly decisions: readonly Decision[]
  /** Absent when the call was not recorded for replay, or still runs. */
  readonly events?: readonly EngineEvent[]
  /** When it ended, or how far it has come. */
  readonly endMs: number
}

/** One line of the dialogue. */
export interface Line {
  readonly id: number
  readonly turnId: number
  readonly isUser: boolean
  readonly kind: string
  readonly beginMs: number
  readonly text: string
  /** The part of an interrupted line that was played. */
  readonly spokenText?: string
  /** The human whose words they are. */
  readonly saidBy?: string
}

/** `nowMs`: how far a running call has come, since its start. */
export function sourceOf(log: CallLog, nowMs?: number): Source {
  const { startTime, dialog, antiphon } = log
  const { endTime, sentences, turns, decisions, trace } = antiphon
  const extras = new Map(sentences.map((sentence) => [sentence.id, sentence]))
  const lines = dialog.map(({ id, begin, role, type, text }): Line => {
    const { turnId = 0, spokenText, saidBy } = extras.get(id) ?? {}
    return {
      id,
      turnId,
      isUser: role === 'user',
      kind: type,
      beginMs: begin * 1000,
      text,
      ...(spokenText === undefined ? {} : { spokenText }),
      ...(saidBy === undefined ? {} : { saidBy }),
    }
  })
  const events = trace?.stretches.flatMap((stretch) => {
    const offsetMs = stretch.head.wallOffsetMs - startTime * 1000
    return stretch.events.map((event) => moved(event, offsetMs))
  })
  const endMs =
    endTime === undefined ? (nowMs ?? lastMs(lines, decisions)) : (endTime - startTime) * 1000
  return { lines, turns, decisions, endMs, ...(events === undefined ? {} : { events }) }
}

/** An event of a stretch on the clock of the call. */
export function moved(event: EngineEvent, offsetMs: number): EngineEvent {
  const { type, atMs, onsetMs, endMs, segmentId } = event
  return {
    type,
    atMs: atMs + offsetMs,
    ...(onsetMs === undefined ? {} : { onsetMs: onsetMs + offsetMs }),
    ...(endMs === undefined ? {} : { endMs: endMs + offsetMs }),
    ...(segmentId === undefined ? {} : { segmentId }),
  }
}

const lastMs = (lines: readonly Line[], decisions: readonly Decision[]): number =>
  Math.max(1000, lines.at(-1)?.beginMs ?? 0, decisions.at(-1)?.atMs ?? 0)

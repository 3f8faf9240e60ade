import { Value } from 'typebox/value'
import { fail, ok, type Result } from '../base/result.ts'
import type { DialogueEvent } from '../dialogue/events.ts'
import type { DialogueSettings } from '../dialogue/settings.ts'
import type { DialoguePast } from '../dialogue/state.ts'
import { callLog } from '../schema/call-log.ts'
import { callTrace, TRACE_VERSION, type CallTraceLog } from '../schema/call-trace.ts'
import type { Config } from '../schema/effective-config.ts'

/** A call that can be played again. */
export interface Recording {
  readonly instanceId: string
  /** Of the call, ms since 1970; times of reports count from here. */
  readonly startMs: number
  readonly stretches: readonly RecordedStretch[]
}

/** From one start of the call to its end, or to the loss of its worker. Times are on its own clock. */
export interface RecordedStretch {
  /** What makes a time of this stretch one of the call. */
  readonly offsetMs: number
  readonly settings: DialogueSettings
  /** The members of the configuration that the engine obeys, as on the wire. */
  readonly config: Config
  readonly past?: DialoguePast
  readonly events: readonly RecordedEvent[]
}

export interface RecordedEvent {
  readonly event: DialogueEvent
  /** Of what the engine decided then; '' when it was nothing. */
  readonly digest: string
  /** Of a change of settings: as in the stretch. */
  readonly config?: Config
}

/** Reads a call log (the parsed file behind `CallLogUrl`). The error is a sentence for whoever named the file. */
export function readRecording(log: unknown): Result<Recording, string> {
  if (!Value.Check(callLog, log)) {
    const [issue] = Value.Errors(callLog, log)
    const where =
      issue === undefined ? '' : `: ${issue.instancePath || 'the file'} ${issue.message}`
    return fail(`This is no call log${where}.`)
  }
  const { antiphon } = log as { readonly antiphon?: { readonly trace?: unknown } }
  const trace = antiphon?.trace
  if (trace === undefined) {
    return fail(
      'This call log has no antiphon.trace: it was recorded by another or an older server.',
    )
  }
  if (!Value.Check(callTrace, trace)) {
    const [issue] = Value.Errors(callTrace, trace)
    return fail(`antiphon.trace${issue?.instancePath ?? ''} ${issue?.message ?? 'is malformed'}.`)
  }
  const newer = trace.stretches.find(({ head }) => head.version !== TRACE_VERSION)
  if (newer !== undefined) {
    return fail(
      `antiphon.trace has version ${newer.head.version}; this program reads version ${TRACE_VERSION}.`,
    )
  }
  if (trace.stretches.length === 0) return fail('antiphon.trace is empty: nothing can be replayed.')
  const startMs = log.startTime * 1000
  return ok({
    instanceId: log.instanceId,
    startMs,
    stretches: trace.stretches.map((stretch) => stretchOf(stretch, startMs)),
  })
}

function stretchOf(
  { head, events }: CallTraceLog['stretches'][number],
  startMs: number,
): RecordedStretch {
  return {
    offsetMs: head.wallOffsetMs - startMs,
    settings: head.settings as unknown as DialogueSettings,
    config: head.config,
    ...(head.past === undefined ? {} : { past: head.past as unknown as DialoguePast }),
    events: events.map(({ digest, config, ...event }) => ({
      event: event as unknown as DialogueEvent,
      digest: digest ?? '',
      ...(config === undefined ? {} : { config }),
    })),
  }
}

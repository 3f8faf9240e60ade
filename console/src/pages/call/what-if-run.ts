import { checkChanges, type Change } from '../../../../server/src/replay/changes.ts'
import { readRecording } from '../../../../server/src/replay/recording.ts'
import type { RunStep } from '../../../../server/src/replay/rerun.ts'
import { stepsOtherwise, whatIf, type WhatIf } from '../../../../server/src/replay/what-if.ts'
import type { CallLog, Decision, EngineEvent, Turn } from './log.ts'
import { moved, type Line, type Source } from './source.ts'

/** A call with another setting: what is different, and what its timeline is drawn from. */
export interface OtherCall {
  readonly result: WhatIf
  readonly source: Source
}

export type OtherAnswer =
  | { readonly ok: true; readonly value: OtherCall }
  | { readonly ok: false; readonly error: string }

/** Plays a call again. The error is a sentence for people, in English. */
export function playOtherwise(log: CallLog, changes: readonly Change[]): OtherAnswer {
  const recording = readRecording(log)
  if (!recording.ok) return recording
  const checked = checkChanges(changes)
  if (!checked.ok) return checked
  const result = whatIf(recording.value, changes)
  if (!result.ok) return result
  const stretches = stepsOtherwise(recording.value, changes)
  return { ok: true, value: { result: result.value, source: sourceOfSteps(stretches) } }
}

interface StretchSteps {
  readonly offsetMs: number
  readonly steps: readonly RunStep[]
}

/** What the engine noted, as a call log has it. */
export function sourceOfSteps(stretches: readonly StretchSteps[]): Source {
  const lines = new Map<number, Line>()
  const turns = new Map<number, Turn>()
  const decisions: Decision[] = []
  const events: EngineEvent[] = []
  let endMs = 0
  for (const { offsetMs, steps } of stretches) {
    for (const { event, actions } of steps) {
      events.push(moved(event, offsetMs))
      for (const action of actions) {
        if (action.type === 'note-sentence') {
          const { entryId: id, turnId, role, kind, text, spokenText, beginMs } = action.sentence
          const cut = spokenText === undefined ? {} : { spokenText }
          const line = { id, turnId, isUser: role === 'user', kind, text, ...cut }
          lines.set(id, { ...line, beginMs: beginMs + offsetMs })
        } else if (action.type === 'note-turn') {
          turns.set(action.turn.turnId, movedTurn(action.turn, offsetMs))
        } else if (action.type === 'note-decision') {
          const { decision } = action
          decisions.push({ ...decision, atMs: decision.atMs + offsetMs })
        } else if (action.type === 'end') endMs = action.atMs + offsetMs
      }
    }
  }
  return {
    lines: [...lines.values()],
    turns: [...turns.values()],
    decisions,
    events,
    endMs: endMs === 0 ? (events.at(-1)?.atMs ?? 0) : endMs,
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

type Noted = Extract<RunStep['actions'][number], { readonly type: 'note-turn' }>['turn']

function movedTurn(turn: Noted, offsetMs: number): Turn {
  const times = TIMES.flatMap((name) => {
    const atMs = turn[name]
    return atMs === undefined ? [] : [[name, atMs + offsetMs] as const]
  })
  const { turnId, endpointReason } = turn
  return {
    turnId,
    ...Object.fromEntries(times),
    ...(endpointReason === undefined ? {} : { endpointReason }),
  }
}

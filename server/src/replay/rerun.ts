import { digestOf } from '../dialogue/digest.ts'
import type { Action, DialogueEvent } from '../dialogue/events.ts'
import { initialState, type DialogueState } from '../dialogue/state.ts'
import { step } from '../dialogue/step.ts'
import type { RecordedStretch, Recording } from './recording.ts'

/** One step of the engine: what happened, what it knew before, and what it decided. */
export interface RunStep {
  readonly event: DialogueEvent
  readonly before: DialogueState
  readonly actions: readonly Action[]
}

export interface Replay {
  /** Events that were played again. */
  readonly events: number
  /** Steps in which the engine decides otherwise than it did then. Empty: byte for byte the same. */
  readonly differences: readonly ReplayDifference[]
}

export interface ReplayDifference {
  /** From 0. */
  readonly stretch: number
  /** Of the event within the stretch, from 0. */
  readonly index: number
  /** Since the start of the call. */
  readonly atMs: number
  readonly event: DialogueEvent
  /** What the engine decides now. */
  readonly actions: readonly Action[]
}

/** Lets the engine decide everything again, and compares. */
export function replay(recording: Recording): Replay {
  const differences: ReplayDifference[] = []
  let events = 0
  for (const [stretch, recorded] of recording.stretches.entries()) {
    for (const [index, { event, actions }] of rerun(recorded).entries()) {
      events += 1
      if (digestOf(actions) === recorded.events[index]?.digest) continue
      const atMs = event.atMs + recorded.offsetMs
      differences.push({ stretch, index, atMs, event, actions })
    }
  }
  return { events, differences }
}

/** The steps of a recorded stretch, taken again. */
export function rerun(stretch: RecordedStretch): readonly RunStep[] {
  let state = initialState(stretch.settings, stretch.past)
  return stretch.events.map(({ event }) => {
    const before = state
    const { state: after, actions } = step(before, event)
    state = after
    return { event, before, actions }
  })
}

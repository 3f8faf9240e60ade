import type { Action, DecisionKind, Phase, PlayoutLevel, Timer } from './events.ts'
import type { DialogueState, NextIds } from './state.ts'

/**
 * One step under way: the state so far and the actions so far. It lives only inside `step`; the parts of
 * the engine change it by `update` and `act`.
 */
export interface Draft {
  state: DialogueState
  readonly actions: Action[]
  readonly nowMs: number
}

export function update(draft: Draft, change: Partial<DialogueState>): void {
  draft.state = { ...draft.state, ...change }
}

export function act(draft: Draft, ...actions: readonly Action[]): void {
  draft.actions.push(...actions)
}

/** Takes the next number of a series. */
export function take(draft: Draft, series: keyof NextIds): number {
  const id = draft.state.ids[series]
  update(draft, { ids: { ...draft.state.ids, [series]: id + 1 } })
  return id
}

export function setTimer(draft: Draft, timer: Timer, atMs: number): void {
  act(draft, { type: 'timer-set', timer, atMs })
}

export function clearTimer(draft: Draft, timer: Timer): void {
  act(draft, { type: 'timer-clear', timer })
}

/** Writes down why, for the record. Figures that are not known are left out, times are whole ms. */
export function explain(
  draft: Draft,
  kind: DecisionKind,
  words: string,
  about: {
    readonly turnId?: number | undefined
    readonly figures?: Readonly<Record<string, number | undefined>>
  } = {},
): void {
  const figures: Record<string, number> = {}
  for (const [name, value] of Object.entries(about.figures ?? {})) {
    if (value !== undefined) figures[name] = Math.round(value)
  }
  const turn = about.turnId === undefined ? {} : { turnId: about.turnId }
  act(draft, {
    type: 'note-decision',
    decision: { kind, atMs: draft.nowMs, ...turn, words, figures },
  })
}

/** Changes the phase and tells the client; says nothing when it stays. */
export function enter(draft: Draft, phase: Phase): void {
  if (draft.state.phase === phase) return
  update(draft, { phase })
  act(draft, { type: 'tell-phase', phase })
}

export function setPlayoutLevel(draft: Draft, level: PlayoutLevel): void {
  if (draft.state.playoutLevel === level) return
  update(draft, { playoutLevel: level })
  act(draft, { type: 'playout-level', level })
}

import { act, explain, update, type Draft } from './draft.ts'
import type { TurnNote } from './events.ts'
import { withResult } from './history.ts'
import type { AgentSpeech } from './state.ts'

/** Functions of an interrupted turn that have not answered: their results will be put in its place. */
export function awaitLateTools(draft: Draft, speech: AgentSpeech, note: TurnNote): void {
  const toolCallIds = (speech.rounds ?? [])
    .flatMap(({ calls }) => calls)
    .filter(({ result }) => result === undefined)
    .map(({ toolCallId }) => toolCallId)
  if (toolCallIds.length === 0) return
  update(draft, { lateTools: [...(draft.state.lateTools ?? []), { toolCallIds, note }] })
}

/** The turn is over already: its place in the history gets the result, and so does its record. */
export function amendHistory(draft: Draft, toolCallId: string, content: string): void {
  const { history, lateTools = [] } = draft.state
  const late = lateTools.find(({ toolCallIds }) => toolCallIds.includes(toolCallId))
  if (late === undefined) return
  const note = { ...late.note, history: withResult(late.note.history, toolCallId, content) }
  const toolCallIds = late.toolCallIds.filter((id) => id !== toolCallId)
  const others = lateTools.filter((other) => other !== late)
  update(draft, {
    history: history.map((turn) => withResult(turn, toolCallId, content)),
    lateTools: toolCallIds.length === 0 ? others : [...others, { toolCallIds, note }],
  })
  const words = 'a function answered after its turn: the next question knows of it'
  explain(draft, 'tool', words, { turnId: note.turnId })
  act(draft, { type: 'note-turn', turn: note })
}

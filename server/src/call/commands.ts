import type { DialogueEvent, TakeoverVoice } from '../dialogue/events.ts'
import { isTakenOver, type DialogueState } from '../dialogue/state.ts'
import { takeoverRefusal } from '../dialogue/takeover.ts'
import type { CallCommand, CommandRefusal } from '../ports/calls.ts'

/** Why the call cannot do that now, if it cannot. */
export function commandRefusal(
  state: DialogueState,
  command: CallCommand,
): CommandRefusal | undefined {
  if (state.isOver || state.leaving !== undefined) return 'gone'
  switch (command.type) {
    case 'speech':
      return undefined
    case 'text':
      return isTakenOver(state) ? 'taken-over' : undefined
    case 'custom-message':
      return state.users.length === 0 ? 'nobody-there' : undefined
    case 'takeover':
      return takeoverRefusal(state, command.humanUserId)
  }
}

/** What somebody outside wants, as an event of the engine. */
export function commandEvent(
  command: Exclude<CallCommand, { readonly type: 'custom-message' }>,
  given: { readonly atMs: number; readonly takeoverVoice: TakeoverVoice },
): DialogueEvent {
  const { atMs, takeoverVoice: voice } = given
  switch (command.type) {
    case 'speech':
      return { type: 'agent-speech', atMs, text: command.text, interrupts: command.interrupts }
    case 'text':
      return { type: 'text-input', atMs, text: command.text, interrupts: true }
    case 'takeover':
      return { type: 'takeover-start', atMs, userId: command.humanUserId, voice }
  }
}

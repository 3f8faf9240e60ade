import type { Action } from '../dialogue/events.ts'
import { AgentState, ServerMessage, type Envelope } from '../schema/messages.ts'

type Telling = Extract<Action, { readonly type: `tell-${string}` }>

/** What the engine wants told, as the message that tells it. */
export function agentMessage(action: Telling): Pick<Envelope, 'type' | 'data'> {
  switch (action.type) {
    case 'tell-phase':
      return { type: ServerMessage.state, data: { state: AgentState[action.phase] } }
    case 'tell-user-subtitle':
      return { type: ServerMessage.userSubtitle, data: { ...subtitle(action), voiceprint: 0 } }
    case 'tell-agent-subtitle':
      return { type: ServerMessage.agentSubtitle, data: subtitle(action) }
    case 'tell-reply-complete': {
      const { text, turnId } = action
      return { type: ServerMessage.replyComplete, data: { text, sentenceId: turnId } }
    }
    case 'tell-interrupted':
      return { type: ServerMessage.interrupted, data: { reason: action.reason } }
    case 'tell-push-to-talk':
      return { type: ServerMessage.pushToTalkSwitched, data: { enable: action.isEnabled } }
    case 'tell-leaving': {
      const { reason, message } = action
      return { type: ServerMessage.agentLeaving, data: { reason, message } }
    }
  }
}

const subtitle = (action: {
  readonly turnId: number
  readonly text: string
  readonly isEnd: boolean
}): { text: string; sentenceId: number; end: boolean } => ({
  text: action.text,
  sentenceId: action.turnId,
  end: action.isEnd,
})

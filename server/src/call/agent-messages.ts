import type { Action } from '../dialogue/events.ts'
import { AgentState, ServerMessage, type Envelope } from '../schema/messages.ts'

import { masked } from './sensitive-words.ts'

export type Telling = Extract<Action, { readonly type: `tell-${string}` }>
/** What the user hears, as the wire counts it: 1012. */
const TAKEOVER_MODE = { agent: 0, own: 1 } as const

/** What the engine wants told, as the message that tells it. */
export function agentMessage(
  action: Telling,
  sensitiveWords: readonly string[] = [],
): Pick<Envelope, 'type' | 'data'> {
  switch (action.type) {
    case 'tell-phase':
      return { type: ServerMessage.state, data: { state: AgentState[action.phase] } }
    case 'tell-user-subtitle':
      return {
        type: ServerMessage.userSubtitle,
        data: {
          ...subtitle({ ...action, text: masked(action.text, sensitiveWords) }),
          voiceprint: 0,
        },
      }
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
    case 'tell-takeover-starting': {
      const data = { takeoverUid: action.userId, takeoverMode: TAKEOVER_MODE[action.voice] }
      return { type: ServerMessage.takeoverStarting, data }
    }
    case 'tell-takeover-connected':
      return { type: ServerMessage.takeoverConnected, data: { takeoverUid: action.userId } }
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

import type { AgentMessage } from './agent-message.ts'
import { CallError } from './call-error.ts'
import type { CallEvents } from './call-events.ts'
import type { Emitter } from './emitter.ts'

/** Tells what the agent said, each message as its event. */
export function tellAgentMessage(emitter: Emitter<CallEvents>, message: AgentMessage): void {
  switch (message.type) {
    case 'error': {
      const reason = `${message.code} ${message.message}`.trim()
      return emitter.emit('errorOccurred', { error: new CallError('agent-failed', reason) })
    }
    case 'state':
      return emitter.emit('agentStateChanged', { state: message.state })
    case 'subtitle': {
      const { speaker, text, sentenceId, isEnd, isHidden } = message.subtitle
      if (isHidden) return
      const name = speaker === 'agent' ? 'agentSubtitleNotify' : 'userSubtitleNotify'
      return emitter.emit(name, { text, sentenceId, isEnd })
    }
    case 'voice-interrupt':
      return emitter.emit('voiceInterruptChanged', { isOn: message.isOn })
    case 'voice':
      return emitter.emit('voiceIdChanged', { voiceId: message.voiceId })
    case 'new-token':
      return emitter.emit('newRTCToken', { token: message.token })
    case 'push-to-talk':
      return emitter.emit('pushToTalkChanged', { isOn: message.isOn })
    case 'leaving':
      return emitter.emit('agentWillLeave', { reason: message.reason, message: message.message })
    case 'interrupted':
      return emitter.emit('speakingInterrupted', { reason: message.reason })
    case 'reply-complete':
      return emitter.emit('llmReplyCompleted', {
        sentenceId: message.sentenceId,
        text: message.text,
      })
    default:
      return tellRareMessage(emitter, message)
  }
}

type RareMessage = Extract<
  AgentMessage,
  {
    type:
      | 'voiceprint'
      | 'voiceprint-cleared'
      | 'custom'
      | 'takeover-start'
      | 'takeover-connected'
      | 'emotion'
      | 'custom-capture'
      | 'visual-check'
  }
>

function tellRareMessage(emitter: Emitter<CallEvents>, message: RareMessage): void {
  switch (message.type) {
    case 'voiceprint':
      return emitter.emit('voiceprintChanged', { isOn: message.isOn })
    case 'voiceprint-cleared':
      return emitter.emit('voiceprintCleared', {})
    case 'custom':
      return emitter.emit('receivedAgentCustomMessage', { message: message.message })
    case 'takeover-start':
      return emitter.emit('humanTakeoverWillStart', message.takeover)
    case 'takeover-connected':
      return emitter.emit('humanTakeoverConnected', { takeoverUid: message.takeoverUid })
    case 'emotion':
      return emitter.emit('agentEmotionNotify', {
        emotion: message.emotion,
        sentenceId: message.sentenceId,
      })
    case 'custom-capture':
      return emitter.emit('visionCustomCaptureChanged', { isOn: message.isOn })
    case 'visual-check':
      return emitter.emit('receivedAgentVcrResult', { result: message.result })
  }
}

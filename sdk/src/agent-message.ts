import {
  AgentStateNumber,
  InterruptReasonNumber,
  LeaveReasonNumber,
  ServerMessage,
} from './message-numbers.ts'

export type AgentState = keyof typeof AgentStateNumber
export type InterruptReason = keyof typeof InterruptReasonNumber
export type LeaveReason = keyof typeof LeaveReasonNumber

export interface Subtitle {
  readonly speaker: 'agent' | 'user'
  /** One number per turn; the user's turn and its answer share it. */
  readonly sentenceId: number
  /** The user's whole sentence so far, or the next piece of the agent's. */
  readonly text: string
  readonly isEnd: boolean
  /** Not spoken by the enrolled main speaker: not to be shown, and not answered. */
  readonly isHidden: boolean
}

/** A human who is going to take the agent's place. */
export interface Takeover {
  readonly takeoverUid: string
  /** 1: the human is heard; 0: the human's words are said in the agent's voice. */
  readonly takeoverMode: 0 | 1
}

/** What the agent says to the client beside its voice. */
export type AgentMessage =
  | { readonly type: 'error'; readonly code: number; readonly message: string }
  | { readonly type: 'state'; readonly state: AgentState }
  | { readonly type: 'subtitle'; readonly subtitle: Subtitle }
  | { readonly type: 'voice-interrupt'; readonly isOn: boolean }
  | { readonly type: 'voice'; readonly voiceId: string }
  | { readonly type: 'new-token'; readonly token: string }
  | { readonly type: 'push-to-talk'; readonly isOn: boolean }
  | { readonly type: 'voiceprint'; readonly isOn: boolean }
  | { readonly type: 'voiceprint-cleared' }
  | { readonly type: 'custom'; readonly message: string }
  | { readonly type: 'takeover-start'; readonly takeover: Takeover }
  | { readonly type: 'takeover-connected'; readonly takeoverUid: string }
  | { readonly type: 'emotion'; readonly emotion: string; readonly sentenceId: number }
  | { readonly type: 'custom-capture'; readonly isOn: boolean }
  | { readonly type: 'visual-check'; readonly result: Fields }
  | { readonly type: 'leaving'; readonly reason: LeaveReason; readonly message: string }
  | { readonly type: 'interrupted'; readonly reason: InterruptReason }
  | { readonly type: 'reply-complete'; readonly sentenceId: number; readonly text: string }

export interface ReceivedMessage {
  readonly senderId: string
  readonly message: AgentMessage
}

type Fields = Readonly<Record<string, unknown>>

/** `voiceprint` of message 1003 when somebody other than the main speaker talked. */
const OTHER_SPEAKER: ReadonlySet<unknown> = new Set([3, 5])

/** Reads one message; `undefined` for what is malformed or of a type that this client does not know. */
export function readAgentMessage(json: string): ReceivedMessage | undefined {
  const envelope = parseObject(json)
  if (envelope === undefined) return undefined
  const message = readBody(envelope['type'], asFields(envelope['data']) ?? {})
  return message && { senderId: asText(envelope['senderId']), message }
}

function readBody(type: unknown, data: Fields): AgentMessage | undefined {
  switch (type) {
    case ServerMessage.error:
      return { type: 'error', code: asNumber(data['code']), message: asText(data['message']) }
    case ServerMessage.state: {
      const state = nameOf(AgentStateNumber, data['state'])
      return state && { type: 'state', state }
    }
    case ServerMessage.agentSubtitle:
      return { type: 'subtitle', subtitle: readSubtitle('agent', data) }
    case ServerMessage.userSubtitle:
      return { type: 'subtitle', subtitle: readSubtitle('user', data) }
    case ServerMessage.voiceInterruptSwitched:
      return { type: 'voice-interrupt', isOn: data['enable'] === true }
    case ServerMessage.voiceChanged:
      return { type: 'voice', voiceId: asText(data['voiceId']) }
    case ServerMessage.newToken:
      return { type: 'new-token', token: asText(data['token']) }
    case ServerMessage.pushToTalkSwitched:
      return { type: 'push-to-talk', isOn: data['enable'] === true }
    case ServerMessage.agentLeaving: {
      const reason = nameOf(LeaveReasonNumber, data['reason']) ?? 'other'
      return { type: 'leaving', reason, message: asText(data['message']) }
    }
    case ServerMessage.takeoverStarting: {
      const takeoverMode = data['takeoverMode'] === 0 ? 0 : 1
      return {
        type: 'takeover-start',
        takeover: { takeoverUid: asText(data['takeoverUid']), takeoverMode },
      }
    }
    case ServerMessage.takeoverConnected:
      return { type: 'takeover-connected', takeoverUid: asText(data['takeoverUid']) }
    case ServerMessage.interrupted: {
      const reason = nameOf(InterruptReasonNumber, data['reason']) ?? 'unknown'
      return { type: 'interrupted', reason }
    }
    case ServerMessage.replyComplete: {
      const sentenceId = asNumber(data['sentenceId'])
      return { type: 'reply-complete', sentenceId, text: asText(data['text']) }
    }
    default:
      return readRareBody(type, data)
  }
}

/** Of features that most agents do not have. */
function readRareBody(type: unknown, data: Fields): AgentMessage | undefined {
  switch (type) {
    case ServerMessage.voiceprintSwitched:
      return { type: 'voiceprint', isOn: data['enable'] === true }
    case ServerMessage.voiceprintCleared:
      return { type: 'voiceprint-cleared' }
    case ServerMessage.custom:
      return { type: 'custom', message: asText(data['message']) }
    case ServerMessage.emotion: {
      const sentenceId = asNumber(data['sentenceId'])
      return { type: 'emotion', emotion: asText(data['emotion']), sentenceId }
    }
    case ServerMessage.customCaptureSwitched:
      return { type: 'custom-capture', isOn: data['enable'] === true }
    case ServerMessage.visualCheck:
      return { type: 'visual-check', result: data }
    default:
      // Newer servers may send more.
      return undefined
  }
}

function readSubtitle(speaker: 'agent' | 'user', data: Fields): Subtitle {
  return {
    speaker,
    sentenceId: asNumber(data['sentenceId']),
    text: asText(data['text']),
    isEnd: data['end'] === true,
    isHidden: OTHER_SPEAKER.has(data['voiceprint']),
  }
}

function parseObject(json: string): Fields | undefined {
  try {
    return asFields(JSON.parse(json))
  } catch {
    return undefined
  }
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function asNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

function nameOf<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  wanted: unknown,
): Name | undefined {
  const found = Object.entries(numbers).find(([, number]) => number === wanted)
  return found?.[0] as Name | undefined
}

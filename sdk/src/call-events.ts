import type { AgentState, InterruptReason, LeaveReason, Takeover } from './agent-message.ts'
import type { CallError } from './call-error.ts'
import type { SubtitleLine } from './subtitles.ts'

export type ConnectionStatus =
  | 'idle'
  | 'connecting'
  | 'connected'
  /** The connection broke and is tried again; the call goes on at the server for a few seconds. */
  | 'reconnecting'
  | 'disconnected'

/** Why a call ended. */
export type CallEndCause =
  | 'hang-up'
  | 'agent-left'
  /** The server closed this connection: the call was stopped, or the user joined from elsewhere. */
  | 'closed-by-server'
  | 'server-gone'
  | 'channel-gone'
  | 'token-refused'

/** Each event and what it carries; the names are those of the vendor's client kits where they have one. */
export interface CallEvents {
  connectionStatusChange: { readonly status: ConnectionStatus }
  /** Both ends are connected. */
  callBegin: { readonly channelId: string }
  /** The last event. */
  callEnd: {
    readonly cause: CallEndCause
    /** Why the agent left, if it said so. */
    readonly leaveReason: LeaveReason | undefined
    readonly durationMs: number
  }
  /** The agent is in the call. */
  agentStarted: Record<never, never>
  /** Messages may be sent from now on; also after each reconnect. */
  agentDataChannelAvailable: Record<never, never>
  agentStateChanged: { readonly state: AgentState }
  /** A piece of the agent's text, and the whole line that it belongs to. */
  agentSubtitleNotify: SubtitleEvent
  /** The user's sentence so far. */
  userSubtitleNotify: SubtitleEvent
  /** All lines of the call, after any change to one. */
  subtitlesChanged: { readonly lines: readonly SubtitleLine[] }
  speakingInterrupted: { readonly reason: InterruptReason }
  llmReplyCompleted: { readonly sentenceId: number; readonly text: string }
  agentWillLeave: { readonly reason: LeaveReason; readonly message: string }
  /** A human is about to take the agent's place, which is silent from now on. */
  humanTakeoverWillStart: Takeover
  /** The human is here. There is no way back to the agent. */
  humanTakeoverConnected: { readonly takeoverUid: string }
  pushToTalkChanged: { readonly isOn: boolean }
  voiceInterruptChanged: { readonly isOn: boolean }
  voiceIdChanged: { readonly voiceId: string }
  voiceprintChanged: { readonly isOn: boolean }
  voiceprintCleared: Record<never, never>
  visionCustomCaptureChanged: { readonly isOn: boolean }
  /** How a sentence of the user sounded, e.g. `neutral`, `happy`, `angry`, `sad`. */
  agentEmotionNotify: { readonly emotion: string; readonly sentenceId: number }
  /** What a program sent by `SendAIAgentDataChannelMessage`: JSON text. */
  receivedAgentCustomMessage: { readonly message: string }
  /** What was seen in the user's picture; only the keys of `VcrConfig` that fired. */
  receivedAgentVcrResult: { readonly result: Readonly<Record<string, unknown>> }
  /** A new token is in use; the next reconnect shows it. */
  newRTCToken: { readonly token: string }
  /** 30 s before the token ends (half-way for one of less than a minute). A new one has been asked for. */
  authInfoWillExpire: Record<never, never>
  /** The token has ended. The call goes on, but a connection that breaks cannot be made anew. */
  authInfoExpired: Record<never, never>
  /** After each answer. */
  latencyStats: LatencyStats
  /** Another microphone is in use: it was chosen, or the one before is gone. */
  microphoneChanged: {
    readonly deviceId: string
    readonly label: string
    readonly cause: 'chosen' | 'unplugged'
  }
  /** How loud each side is, from 0 to 255, several times a second. */
  speakingVolumeChanged: { readonly userVolume: number; readonly agentVolume: number }
  /** The browser plays no sound before a click on the page. */
  playbackBlocked: Record<never, never>
  /** Something failed; the call goes on. */
  errorOccurred: { readonly error: CallError }
}

export interface SubtitleEvent {
  readonly text: string
  readonly sentenceId: number
  readonly isEnd: boolean
}

export interface LatencyStats {
  /** From the last subtitle of what the user said to the agent's first subtitle or sound, in ms. */
  readonly answerDelayMs: number
  /** To the server and back, in ms; `undefined` when the browser does not know. */
  readonly roundTripMs: number | undefined
}

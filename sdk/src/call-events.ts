import type { AgentState, InterruptReason, LeaveReason } from './agent-message.ts'
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
  pushToTalkChanged: { readonly isOn: boolean }
  voiceInterruptChanged: { readonly isOn: boolean }
  newRTCToken: { readonly token: string }
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

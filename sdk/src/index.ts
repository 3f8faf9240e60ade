export { AgentCommands, type VisionCapture } from './agent-commands.ts'
export { AntiphonCall } from './call.ts'
export type { JoinOptions } from './join-options.ts'
export type {
  CallEndCause,
  CallEvents,
  ConnectionStatus,
  LatencyStats,
  SubtitleEvent,
} from './call-events.ts'
export { CallError, type CallErrorCode } from './call-error.ts'
export {
  listMicrophones,
  openMicrophone,
  type Microphone,
  type MicrophoneChoice,
  type MicrophoneDevice,
} from './microphone.ts'
export type { LevelMeter } from './level-meter.ts'
export type { AgentState, InterruptReason, LeaveReason, Takeover } from './agent-message.ts'
export { SUBTITLE_LIMIT_LINES, type SubtitleLine } from './subtitles.ts'
export type { Environment } from './environment.ts'

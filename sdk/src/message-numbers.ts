/**
 * Numbers of the messages on the data channel. They are those of the
 * server's `schema/messages.ts`; a test holds the two together.
 */
export const ServerMessage = {
  error: 1000,
  state: 1001,
  agentSubtitle: 1002,
  userSubtitle: 1003,
  voiceInterruptSwitched: 1004,
  voiceChanged: 1005,
  newToken: 1006,
  pushToTalkSwitched: 1007,
  voiceprintSwitched: 1008,
  voiceprintCleared: 1009,
  agentLeaving: 1010,
  custom: 1011,
  takeoverStarting: 1012,
  takeoverConnected: 1013,
  emotion: 1014,
  customCaptureSwitched: 1015,
  interrupted: 1016,
  replyComplete: 1017,
  visualCheck: 1018,
} as const

export const ClientMessage = {
  stop: 1100,
  interrupt: 1101,
  voiceInterrupt: 1102,
  switchVoice: 1103,
  requestToken: 1104,
  pushToTalk: 1105,
  talkStart: 1106,
  talkFinish: 1107,
  talkCancel: 1108,
  useVoiceprint: 1109,
  clearVoiceprint: 1110,
  text: 1111,
  customToServer: 1112,
  customCaptureStart: 1113,
  customCaptureStop: 1114,
  systemPrompt: 1115,
  visualChecks: 1116,
  appParams: 1117,
  maxSilence: 1118,
  queryState: 1119,
  speechRate: 1120,
} as const

/** Numbers inside the data of messages. */
export const AgentStateNumber = { listening: 1, thinking: 2, speaking: 3 } as const
export const InterruptReasonNumber = {
  unknown: 0,
  words: 1,
  voice: 2,
  command: 3,
  speech: 4,
  query: 5,
} as const
export const LeaveReasonNumber = { other: 0, idle: 2001, takeoverEnded: 2002 } as const

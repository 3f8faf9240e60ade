/** The events of a call that are told to its agent's callback address, as the user guide names them. */
export const CALLBACK_EVENTS = [
  'agent_start',
  'session_start',
  'agent_stop',
  'error',
  'intent_detected',
  'intent_recognized',
  'llm_data_received',
  'tts_data_received',
  'chat_record',
  'audio_record',
  'full_audio_record',
  'outbound_call',
  'inbound_call',
  'client_defined_data',
  'instruction',
] as const

export type CallbackEventName = (typeof CALLBACK_EVENTS)[number]

/** `code` of an event. Where the vendor names none, these are ours. */
export const CallbackCode = {
  normal: 1000,
  agentStarted: 1001,
  sessionStarted: 1002,
  stopped: 2000,
  idle: 2001,
  takeoverEnded: 2002,
  userNeverCame: 2003,
  userLeft: 2004,
  clientStop: 2005,
  hangupFunction: 2006,
  llmFailed: 4002,
  ttsFailed: 4003,
  asrFailed: 4005,
  internal: 5000,
} as const

/** One event, before it is known which call it belongs to. */
export interface CallbackEvent {
  readonly name: CallbackEventName
  readonly code: number
  readonly message: string
  /** Wall time, ms since 1970. */
  readonly atMs: number
  readonly data?: Readonly<Record<string, unknown>>
  readonly extendData?: Readonly<Record<string, unknown>>
}

/** The file of a whole call is complete; it can be from when it has ended. */
export const callRecorded = (
  file: { readonly fileName: string; readonly durationMs: number },
  atMs: number,
): CallbackEvent => ({
  name: 'full_audio_record',
  code: CallbackCode.normal,
  message: 'The call was recorded.',
  atMs,
  data: { file: file.fileName, durationMs: Math.round(file.durationMs) },
})

/** The call that an event happened in. */
export interface CallbackSubject {
  readonly agentId: string
  readonly instanceId: string
  /** As given at the start, or changed since. */
  readonly userData?: string
}

/** The body that is sent: JSON text. */
export function callbackBody(subject: CallbackSubject, event: CallbackEvent): string {
  const { name, code, message, atMs, data, extendData } = event
  return JSON.stringify({
    aiAgentId: subject.agentId,
    instanceId: subject.instanceId,
    event: name,
    code,
    message,
    timestamp: new Date(atMs).toISOString(),
    data,
    userData: subject.userData,
    extendData,
  })
}

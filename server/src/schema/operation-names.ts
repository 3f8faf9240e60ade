/** Our own operations live in a version of their own. */
export const OWN_VERSION = '2026-11-01'
export const WIRE_VERSION = '2020-11-09'
/** Sessions of roles have an API of their own. */
export const STS_VERSION = '2015-04-01'

/** Operations of the reference that this server knows by name but cannot do yet. */
const NOT_YET: readonly string[] = [
  'GenerateMessageChatToken',
  'SendMessageChatText',
  'ForwardAIAgentCall',
  'StartAIAgentOutboundCall',
  'ListAIAgentPhoneNumber',
  'SetAIAgentVoiceprint',
  'ClearAIAgentVoiceprint',
  'ListAIAgentVoiceprints',
  'SubmitAIAgentVideoAuditTask',
  'GetAiRtcLicenseInfoList',
  'GetAiRtcAuthCodeList',
  'ActiveAiRtcLicense',
]

export const isVersion = (version: string): boolean =>
  version === WIRE_VERSION || version === OWN_VERSION || version === STS_VERSION

/** True for an operation that is answered with `InvalidAction.NotSupported`. */
export const isNotYet = (version: string, name: string): boolean =>
  version === WIRE_VERSION && NOT_YET.includes(name)

import { fail, ok, type Result } from '../base/result.ts'
import type { Config } from '../schema/effective-config.ts'
import { ClientMessage, type Envelope } from '../schema/messages.ts'

/** What a client's message changes in the running call's configuration; the error is for its developer. */
export type LiveChange = Result<Config, string>

/** `data.code` of message 1000 for a client's message that cannot be obeyed; ours. */
export const REFUSED = 4000

type Data = Envelope['data']

/** Messages that change the configuration, each with the member of its data and what that sets. */
const CHANGES: Readonly<Record<number, (data: Data) => LiveChange>> = {
  [ClientMessage.voiceInterrupt]: ({ enable }) =>
    typeof enable === 'boolean'
      ? ok({ InterruptConfig: { EnableVoiceInterrupt: enable } })
      : fail('enable must be true or false'),
  [ClientMessage.switchVoice]: ({ voiceId }) =>
    typeof voiceId === 'string' && voiceId.trim() !== '' && voiceId.length <= 64
      ? ok({ TtsConfig: { VoiceId: voiceId.trim() } })
      : fail('voiceId must be a text of 1 to 64 characters'),
  [ClientMessage.pushToTalk]: ({ enable }) =>
    typeof enable === 'boolean'
      ? ok({ EnablePushToTalk: enable })
      : fail('enable must be true or false'),
  [ClientMessage.systemPrompt]: ({ prompt }) =>
    typeof prompt === 'string' && prompt !== ''
      ? ok({ LlmConfig: { LlmSystemPrompt: prompt } })
      : fail('prompt must be a text that is not empty'),
  [ClientMessage.appParams]: ({ params }) =>
    isJsonText(params)
      ? ok({ LlmConfig: { BailianAppParams: params } })
      : fail('params must be JSON text'),
  [ClientMessage.maxSilence]: ({ asrMaxSilence }) =>
    isNumber(asrMaxSilence, 200, 1200)
      ? ok({ AsrConfig: { AsrMaxSilence: Math.round(asrMaxSilence) } })
      : fail('asrMaxSilence must be a number from 200 to 1200'),
  [ClientMessage.speechRate]: ({ speechRate }) =>
    isNumber(speechRate, 0.5, 2)
      ? ok({ TtsConfig: { SpeechRate: speechRate } })
      : fail('speechRate must be a number from 0.5 to 2'),
}

/** Messages that this server does not act on yet, so that nobody waits for their effect. */
const NOT_IN_EFFECT: Readonly<Record<number, string>> = {
  [ClientMessage.useVoiceprint]: 'voiceprints are not supported by this server yet',
  [ClientMessage.clearVoiceprint]: 'voiceprints are not supported by this server yet',
  [ClientMessage.customCaptureStart]: 'vision is not supported by this server yet',
  [ClientMessage.customCaptureStop]: 'vision is not supported by this server yet',
  [ClientMessage.visualChecks]: 'visual checks are not supported by this server yet',
}

/** `undefined` when the message is none that changes the configuration. */
export function liveChange(message: Pick<Envelope, 'type' | 'data'>): LiveChange | undefined {
  const notYet = NOT_IN_EFFECT[message.type]
  if (notYet !== undefined) return fail(notYet)
  return CHANGES[message.type]?.(message.data)
}

const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most

function isJsonText(value: unknown): value is string {
  if (typeof value !== 'string') return false
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}

/** The voice that a change sets; '' when it sets none. */
export const voiceOf = (patch: Config): string =>
  String((patch['TtsConfig'] as Config | undefined)?.['VoiceId'] ?? '')

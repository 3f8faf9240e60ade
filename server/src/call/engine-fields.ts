import type { Config } from '../schema/effective-config.ts'

/**
 * The members of an AgentConfig that the dialogue engine obeys: a call can be played again with other values of
 * them. All other members change what its surroundings do (voices, recognition, models), which a record cannot tell.
 */
export const ENGINE_FIELDS: readonly string[] = [
  'Greeting',
  'GreetingDelay',
  'WakeUpQuery',
  'MaxIdleTime',
  'UserOnlineTimeout',
  'UserOfflineTimeout',
  'EnablePushToTalk',
  'GracefulShutdown',
  'EnableIntelligentSegment',
  'CharBreak',
  'AsrConfig.AsrMaxSilence',
  'AsrConfig.VadDuration',
  'LlmConfig.LlmHistory',
  'LlmConfig.LlmHistoryLimit',
  'LlmConfig.LlmSystemPrompt',
  'LlmConfig.LlmCompleteReply',
  'LlmConfig.FunctionMap',
  'LlmConfig.OutputMinLength',
  'LlmConfig.OutputMaxDelay',
  'LlmConfig.HistorySyncWithTTS',
  'InterruptConfig.EnableVoiceInterrupt',
  'InterruptConfig.InterruptWords',
  'InterruptConfig.NoInterruptMode',
  'InterruptConfig.KeepInterruptWordsForLLM',
  'TurnDetectionConfig.Mode',
  'TurnDetectionConfig.TurnEndWords',
  'TurnDetectionConfig.SemanticWaitDuration',
  'TurnDetectionConfig.Eagerness',
  'AutoSpeechConfig.UserIdle',
  'AutoSpeechConfig.LlmPending',
  'BackChannelingConfigs',
  'BackChannelingConfig',
  'antiphon.Acknowledgements',
  'antiphon.Apology',
  'antiphon.EnableApology',
  'antiphon.InterruptMinSpeech',
]

/** Obeyed by the engine in part, and by the ear in part: kept with a call, but not to be changed afterwards. */
export const HALF_FIELDS: readonly string[] = [
  'AsrConfig.AsrLanguageId',
  'AsrConfig.VadLevel',
  'PreConnectAudioUrl',
  'antiphon.SpeculativeStart',
  'antiphon.Tools',
  'antiphon.TurnJudge',
]

/** What of a configuration the engine obeys: what a call's trace may hold, and no secrets among it. */
export function engineConfig(config: Config): Config {
  const picked: Record<string, unknown> = {}
  for (const path of [...ENGINE_FIELDS, ...HALF_FIELDS]) {
    const [section = '', name] = path.split('.')
    if (name === undefined) {
      if (Object.hasOwn(config, section)) picked[section] = config[section]
      continue
    }
    const members = objectFrom(config[section])
    if (!Object.hasOwn(members, name)) continue
    const value = name === 'Tools' ? toolNames(members[name]) : members[name]
    picked[section] = { ...(picked[section] as Config | undefined), [name]: value }
  }
  return picked
}

/** Addresses and headers of functions may hold secrets. */
const toolNames = (tools: unknown): readonly Config[] =>
  (Array.isArray(tools) ? tools : [])
    .filter(isObject)
    .map(({ Name, Filler }) => ({ Name, ...(Filler === undefined ? {} : { Filler }) }))

/** A section may have come as JSON text. */
function objectFrom(value: unknown): Config {
  if (typeof value !== 'string') return isObject(value) ? value : {}
  try {
    const parsed: unknown = JSON.parse(value)
    return isObject(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

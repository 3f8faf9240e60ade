import type {
  BackchannelRule,
  DialogueSettings,
  HistoryMessage,
  TurnDetection,
  WeightedText,
} from '../dialogue/settings.ts'
import type { PronunciationRule } from '../dialogue/speakable.ts'
import { ACKNOWLEDGEMENTS } from '../dialogue/turn-judge.ts'

/** A call's effective configuration in the engine's words, with units and the product's defaults. */
export interface CallSettings {
  readonly dialogue: DialogueSettings
  readonly languageId: string
  readonly hotWords: readonly string[]
  readonly asrCustomParams: string
  readonly vadLevel: number
  readonly voiceId: string
  readonly speechRate: number
  readonly pronunciations: readonly PronunciationRule[]
  /** 0 … 400, percent of the voice's own loudness. */
  readonly volumePercent: number
  /** `LlmConfig.OpenAIExtraQuery`. May hold secrets. */
  readonly extraQuery: string
}

export const DEFAULT_LANGUAGE_ID = 'en'
const APOLOGY = 'Sorry, I could not come up with an answer. Please try again.'
/** What the user says counts as an interruption after so much speech, unless `VadDuration` asks for more. */
const BARGE_IN_MS = 160
/** The built-in responder's own name for hanging up. */
const HANG_UP = 'hangup'

type Json = Readonly<Record<string, unknown>>

/**
 * The one place where wire fields turn into engine settings. The configuration has been checked when the
 * call was started; what is odd in it all the same (an older record, say) counts as not given.
 */
export function callSettings(agentConfig: string): CallSettings {
  const config = objectFrom(parse(agentConfig))
  const asr = objectFrom(config['AsrConfig'])
  const tts = objectFrom(config['TtsConfig'])
  const llm = objectFrom(config['LlmConfig'])
  return {
    dialogue: dialogueSettings(config, asr, llm),
    languageId: text(asr['AsrLanguageId']) || DEFAULT_LANGUAGE_ID,
    hotWords: texts(asr['AsrHotWords']),
    asrCustomParams: text(asr['CustomParams']),
    vadLevel: number(asr['VadLevel'], 11),
    voiceId: text(tts['VoiceId']),
    volumePercent: number(config['Volume'], 100),
    pronunciations: pronunciations(tts['PronunciationRules']),
    speechRate: clamp(number(tts['SpeechRate'], 1), 0.5, 2),
    extraQuery: text(llm['OpenAIExtraQuery']),
  }
}

function dialogueSettings(config: Json, asr: Json, llm: Json): DialogueSettings {
  const interrupt = objectFrom(config['InterruptConfig'])
  const ours = objectFrom(config['antiphon'])
  const maxIdleS = signed(config['MaxIdleTime'], 600) || 600
  return {
    silenceMs: number(asr['AsrMaxSilence'], 400),
    mergesSentences: flag(config['EnableIntelligentSegment'], true),
    isPushToTalk: flag(config['EnablePushToTalk'], false),
    turnDetection: turnDetection(objectFrom(config['TurnDetectionConfig'])),
    isVoiceInterruptOn: flag(interrupt['EnableVoiceInterrupt'], true),
    acknowledgements:
      ours['Acknowledgements'] === undefined ? ACKNOWLEDGEMENTS : texts(ours['Acknowledgements']),
    interruptWords: texts(interrupt['InterruptWords']),
    keepsInterruptWords: flag(interrupt['KeepInterruptWordsForLLM'], false),
    uninterruptedSpeech: text(interrupt['NoInterruptMode']) === 'discard' ? 'discard' : 'cache',
    bargeInMs: Math.max(number(asr['VadDuration'], 0), BARGE_IN_MS),
    stopsOnTextOnly: number(asr['VadLevel'], 11) === 0,
    greeting: raw(config['Greeting']),
    greetingDelayMs: number(config['GreetingDelay'], 0),
    wakeUpQuery: text(config['WakeUpQuery']),
    systemPrompt: raw(llm['LlmSystemPrompt']),
    initialHistory: history(llm['LlmHistory']),
    historyLimitTurns: number(llm['LlmHistoryLimit'], 10),
    tellsCompleteReply: flag(llm['LlmCompleteReply'], false),
    outputMinChars: number(llm['OutputMinLength'], 0),
    outputMaxDelayMs: number(llm['OutputMaxDelay'], 0),
    breaksAnywhere: flag(config['CharBreak'], false),
    backchannels: backchannels(config),
    ...autoSpeech(objectFrom(config['AutoSpeechConfig'])),
    isHistorySynced: flag(llm['HistorySyncWithTTS'], false),
    hangUpFunctions: [HANG_UP, ...hangUpFunctions(llm['FunctionMap'])],
    apology: APOLOGY,
    userOnlineTimeoutMs: number(config['UserOnlineTimeout'], 60) * 1000,
    userOfflineTimeoutMs: number(config['UserOfflineTimeout'], 5) * 1000,
    ...(maxIdleS < 0 ? {} : { maxIdleMs: maxIdleS * 1000 }),
    isGracefulShutdown: flag(config['GracefulShutdown'], false),
  }
}

/** Longest waits of `Eagerness`. */
const EAGERNESS_WAIT_MS: Readonly<Record<string, number>> = { Low: 6000, Medium: 4000, High: 2000 }

function turnDetection(config: Json): TurnDetection {
  const waitMs =
    EAGERNESS_WAIT_MS[text(config['Eagerness'])] ?? signed(config['SemanticWaitDuration'], -1)
  return {
    isSemantic: text(config['Mode']) === 'Semantic',
    endWords: texts(config['TurnEndWords']),
    ...(waitMs < 0 ? {} : { waitMs }),
  }
}

function autoSpeech(config: Json): Pick<DialogueSettings, 'fillers' | 'userIdle'> {
  const pending = objectFrom(config['LlmPending'])
  const idle = objectFrom(config['UserIdle'])
  const fillers = {
    waitMs: number(pending['WaitTime'], 0),
    isSequence: text(pending['Mode']) === 'sequence',
    messages: weighted(pending['Messages']),
  }
  const userIdle = {
    waitMs: number(idle['WaitTime'], 0),
    maxRepeats: number(idle['MaxRepeats'], 0),
    messages: weighted(idle['Messages']),
    farewell: raw(idle['HangupEndWord']),
  }
  return {
    ...(fillers.waitMs > 0 && fillers.messages.length > 0 ? { fillers } : {}),
    ...(userIdle.waitMs > 0 ? { userIdle } : {}),
  }
}

/** Both names and both spellings that clients send; the newer name wins. */
function backchannels(config: Json): readonly BackchannelRule[] {
  const newer = config['BackChannelingConfigs']
  const rules = newer ?? config['BackChannelingConfig']
  return (Array.isArray(rules) ? rules : [rules])
    .map(objectFrom)
    .filter((rule) => flag(rule['Enabled'] ?? rule['Enable'], false))
    .map((rule) => {
      const words = Array.isArray(rule['Words']) ? rule['Words'] : [rule['Words']]
      return { probability: number(rule['Probability'], 0), words: weighted(words) }
    })
    .filter((rule) => rule.words.length > 0)
}

const weighted = (value: unknown): readonly WeightedText[] =>
  list(value)
    .map(objectFrom)
    .map((entry) => ({ text: raw(entry['Text']), probability: number(entry['Probability'], 0) }))
    .filter(({ text: words }) => words.trim() !== '')

const pronunciations = (value: unknown): readonly PronunciationRule[] =>
  list(value)
    .map(objectFrom)
    .map((rule) => ({ word: raw(rule['Word']), pronunciation: raw(rule['Pronunciation']) }))
    .filter(({ word }) => word !== '')

const ROLES: ReadonlySet<unknown> = new Set([
  'system',
  'user',
  'assistant',
  'function',
  'plugin',
  'tool',
])

const history = (value: unknown): readonly HistoryMessage[] =>
  list(value)
    .map(objectFrom)
    .filter((entry) => ROLES.has(entry['Role']))
    .map((entry) => ({
      role: entry['Role'] as HistoryMessage['role'],
      content: raw(entry['Content']),
    }))

const hangUpFunctions = (value: unknown): readonly string[] =>
  list(value)
    .map(objectFrom)
    .filter((entry) => text(entry['Function']) === 'hangup')
    .map((entry) => text(entry['MatchFunction']))
    .filter((name) => name !== '')

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

/** Objects may arrive as JSON text inside the JSON text. */
function objectFrom(value: unknown): Json {
  const given = typeof value === 'string' ? parse(value) : value
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Json) : {}
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const raw = (value: unknown): string => (typeof value === 'string' ? value : '')
const text = (value: unknown): string => raw(value).trim()
const texts = (value: unknown): readonly string[] => list(value).map(text).filter(Boolean)

/** Numbers may come as text; a negative one stands for "not given". */
function number(value: unknown, otherwise: number): number {
  const given = signed(value, otherwise)
  return given < 0 ? otherwise : given
}

function signed(value: unknown, otherwise: number): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : otherwise
  if (typeof value !== 'string' || value.trim() === '') return otherwise
  const given = Number(value)
  return Number.isFinite(given) ? given : otherwise
}

function flag(value: unknown, otherwise: boolean): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'true') return true
  return value === 'false' ? false : otherwise
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value))

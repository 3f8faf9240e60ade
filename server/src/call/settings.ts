import type {
  BackchannelRule,
  DialogueSettings,
  HistoryMessage,
  TurnDetection,
  WeightedText,
} from '../dialogue/settings.ts'
import type { PronunciationRule } from '../dialogue/speakable.ts'
import { ACKNOWLEDGEMENTS } from '../dialogue/turn-judge.ts'
import type { Tool } from '../ports/tools.ts'
import type { TtsStyle } from '../ports/tts.ts'
import type { AmbientSettings } from './ambience.ts'
import type { RecordingSettings } from './recorder.ts'
import {
  clamp,
  flag,
  jsonText,
  list,
  number,
  objectFrom,
  optionalNumber,
  parse,
  raw,
  signed,
  text,
  texts,
  type Json,
} from './lenient.ts'
import { interruptions, thinking, tools } from './own-settings.ts'

/** A call's effective configuration in the engine's words, with units and the product's defaults. */
export interface CallSettings {
  readonly dialogue: DialogueSettings
  readonly languageId: string
  /** The agent's and the call's. */
  readonly hotWords: readonly string[]
  /** Shown to the user as asterisks. */
  readonly sensitiveWords: readonly string[]
  readonly asrCustomParams: string
  readonly vadLevel: number
  readonly voiceId: string
  readonly speechRate: number
  readonly pronunciations: readonly PronunciationRule[]
  /** 0 … 400, percent of the voice's own loudness; `undefined` = every voice equally loud. */
  readonly volumePercent: number | undefined
  readonly style: TtsStyle
  readonly ambient: AmbientSettings
  readonly recording: RecordingSettings
  /** Played before the greeting; '' = nothing. */
  readonly openingSoundUrl: string
  /** What the user hears of a human who takes over: the human, or the words in the agent's voice. */
  readonly takeoverVoice: 'own' | 'agent'
  /** `LlmConfig.OpenAIExtraQuery`. May hold secrets. */
  readonly extraQuery: string
  /** `LlmConfig.BailianAppParams`, JSON text; '' = none. */
  readonly appParams: string
  /** Functions that the model may call. */
  readonly tools: readonly Tool[]
}

export const DEFAULT_LANGUAGE_ID = 'en'
/** The built-in responder's own name for hanging up. */
const HANG_UP = 'hangup'

/**
 * The one place where wire fields turn into engine settings. The configuration has been checked when the
 * call was started; what is odd in it all the same (an older record, say) counts as not given.
 */
export function callSettings(agentConfig: string): CallSettings {
  const config = objectFrom(parse(agentConfig))
  const asr = objectFrom(config['AsrConfig'])
  const tts = objectFrom(config['TtsConfig'])
  const llm = objectFrom(config['LlmConfig'])
  const ours = objectFrom(config['antiphon'])
  return {
    dialogue: dialogueSettings(config, asr, llm),
    languageId: text(asr['AsrLanguageId']) || DEFAULT_LANGUAGE_ID,
    hotWords: [...new Set([...texts(ours['HotWords']), ...texts(asr['AsrHotWords'])])],
    sensitiveWords: texts(ours['SensitiveWords']),
    asrCustomParams: text(asr['CustomParams']),
    vadLevel: number(asr['VadLevel'], 11),
    voiceId: text(tts['VoiceId']),
    volumePercent: optionalNumber(config['Volume']),
    style: style(tts),
    ambient: ambient(objectFrom(config['AmbientSoundConfig'])),
    recording: recording(text(ours['Recording'])),
    openingSoundUrl: text(config['PreConnectAudioUrl']),
    pronunciations: pronunciations(tts['PronunciationRules']),
    speechRate: clamp(number(tts['SpeechRate'], 1), 0.5, 2),
    takeoverVoice: number(ours['TakeoverMode'], 1) === 0 ? 'agent' : 'own',
    extraQuery: text(llm['OpenAIExtraQuery']),
    appParams: jsonText(llm['BailianAppParams']),
    tools: tools(ours['Tools']),
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
    turnDetection: turnDetection(objectFrom(config['TurnDetectionConfig']), ours),
    isVoiceInterruptOn: flag(interrupt['EnableVoiceInterrupt'], true),
    acknowledgements:
      ours['Acknowledgements'] === undefined ? ACKNOWLEDGEMENTS : texts(ours['Acknowledgements']),
    interruptWords: texts(interrupt['InterruptWords']),
    keepsInterruptWords: flag(interrupt['KeepInterruptWordsForLLM'], false),
    uninterruptedSpeech: text(interrupt['NoInterruptMode']) === 'discard' ? 'discard' : 'cache',
    ...interruptions(asr, objectFrom(ours['InterruptMinSpeech'])),
    hasOpeningSound: text(config['PreConnectAudioUrl']) !== '',
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
    ...thinking(ours, text(asr['AsrLanguageId'])),
    userOnlineTimeoutMs: number(config['UserOnlineTimeout'], 60) * 1000,
    userOfflineTimeoutMs: number(config['UserOfflineTimeout'], 5) * 1000,
    ...(maxIdleS < 0 ? {} : { maxIdleMs: maxIdleS * 1000 }),
    isGracefulShutdown: flag(config['GracefulShutdown'], false),
  }
}

/** Longest waits of `Eagerness`. */
const EAGERNESS_WAIT_MS: Readonly<Record<string, number>> = { Low: 6000, Medium: 4000, High: 2000 }

function turnDetection(config: Json, ours: Json): TurnDetection {
  const waitMs =
    EAGERNESS_WAIT_MS[text(config['Eagerness'])] ?? signed(config['SemanticWaitDuration'], -1)
  return {
    isSemantic: text(config['Mode']) === 'Semantic',
    endWords: texts(config['TurnEndWords']),
    ...(text(ours['TurnJudge']) === 'model' ? { hasJudge: true } : {}),
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

/** Both names and both spellings that clients send; the newer name wins, unless it is an empty list. */
function backchannels(config: Json): readonly BackchannelRule[] {
  const newer = config['BackChannelingConfigs']
  const isEmpty = Array.isArray(newer) && newer.length === 0
  const rules = (isEmpty ? undefined : newer) ?? config['BackChannelingConfig']
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

function style(tts: Json): TtsStyle {
  const [modelId, languageId, emotion] = ['ModelId', 'LanguageId', 'Emotion'].map((name) =>
    text(tts[name]),
  )
  return {
    ...(modelId && { modelId }),
    ...(languageId && { languageId }),
    ...(emotion && { emotion }),
  }
}

const recording = (what: string): RecordingSettings => ({
  call: what === 'Call' || what === 'Both',
  sentences: what === 'Sentences' || what === 'Both',
})

/** Half of its loudness, when nobody says how loud. */
const AMBIENT_PERCENT = 50

const ambient = (config: Json): AmbientSettings => ({
  resourceId: text(config['ResourceId']),
  gain: clamp(number(config['Volume'], AMBIENT_PERCENT), 0, 100) / 100,
})

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

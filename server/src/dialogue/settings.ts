/** What the engine obeys, in its own words and with units. `call/settings.ts` makes it from the wire. */
export interface DialogueSettings {
  /** Silence that ends the user's sentence. */
  readonly silenceMs: number
  /** Short sentences in a row become one turn (`EnableIntelligentSegment`). */
  readonly mergesSentences: boolean
  readonly isPushToTalk: boolean
  readonly turnDetection: TurnDetection

  readonly isVoiceInterruptOn: boolean
  /** Said alone while the agent speaks, these interrupt nothing ("mhm"). */
  readonly acknowledgements: readonly string[]
  /** Stop the agent even when voice interruption is off. */
  readonly interruptWords: readonly string[]
  /** Interrupt words stay in what the model is asked. */
  readonly keepsInterruptWords: boolean
  /** What becomes of speech that may not interrupt (`NoInterruptMode`). */
  readonly uninterruptedSpeech: 'cache' | 'discard'
  /** Continuous speech that stops the agent's sound before any text is known. */
  readonly bargeInMs: number
  /** Continuous speech without which text interrupts nothing: while the agent is heard, and before. */
  readonly interruptMinMs?: { readonly speaking: number; readonly thinking: number }
  /** Only recognised text stops the agent's sound (`VadLevel` 0). */
  readonly stopsOnTextOnly: boolean

  /** A sound comes before the greeting (`PreConnectAudioUrl`); `opening-sound` tells which. */
  readonly hasOpeningSound: boolean
  readonly greeting: string
  readonly greetingDelayMs: number
  readonly wakeUpQuery: string

  readonly systemPrompt: string
  readonly initialHistory: readonly HistoryMessage[]
  readonly historyLimitTurns: number
  /** The history keeps what was heard, not what was generated (`HistorySyncWithTTS`). */
  readonly isHistorySynced: boolean
  /** The client gets the whole reply as text once it is generated (`LlmCompleteReply`). */
  readonly tellsCompleteReply: boolean
  /** Shorter pieces of a reply wait and are joined with what follows; 0 = off. */
  readonly outputMinChars: number
  /** Text that waits so long is said however short it is; 0 = off. */
  readonly outputMaxDelayMs: number
  /** The first piece of a reply may end between any two words (`CharBreak`). */
  readonly breaksAnywhere: boolean
  /** Said while the model is slow (`LlmPending`). */
  readonly fillers?: Fillers
  /** Functions of the model that end the call. */
  readonly hangUpFunctions: readonly string[]
  /** Functions of the agent's own that the model may call. */
  readonly tools?: readonly DialogueTool[]
  /** The model is asked before the turn is surely over (`antiphon.SpeculativeStart`). */
  readonly isSpeculative?: boolean
  /** Spoken when the model fails; '' = say nothing. */
  readonly apology: string

  readonly userOnlineTimeoutMs: number
  readonly userOfflineTimeoutMs: number
  /** "uh-huh" in the user's pauses (`BackChannelingConfigs`), tried in order. */
  readonly backchannels: readonly BackchannelRule[]
  /** Said when the user is silent for long (`UserIdle`). */
  readonly userIdle?: UserIdle
  /** Absent = the call may stay idle for ever. */
  readonly maxIdleMs?: number
  /** A stop lets the agent finish its sentence. */
  readonly isGracefulShutdown: boolean
}

/** `TurnDetectionConfig`: how the end of the user's turn is told from a pause. */
export interface TurnDetection {
  /** Judge the text before a pause counts as the end. */
  readonly isSemantic: boolean
  /** Speech that ends on one of these closes the turn at once. */
  readonly endWords: readonly string[]
  /** There is a better judge than our word lists: it is asked (`judge-start`). */
  readonly hasJudge?: boolean
  /** How long an unfinished text waits for more; absent = by how unfinished it is. */
  readonly waitMs?: number
}

export interface DialogueTool {
  readonly name: string
  /** Said when it is slow; '' = nothing. */
  readonly filler: string
}

export interface WeightedText {
  readonly text: string
  /** Relative to the others; if all are 0 they are equal. */
  readonly probability: number
}

export interface Fillers {
  readonly waitMs: number
  /** One after the other, each after another wait; else one by chance. */
  readonly isSequence: boolean
  readonly messages: readonly WeightedText[]
}

export interface BackchannelRule {
  /** That a fitting pause is used at all, 0 … 1. */
  readonly probability: number
  readonly words: readonly WeightedText[]
}

export interface UserIdle {
  readonly waitMs: number
  /** Prompts before the call is ended. */
  readonly maxRepeats: number
  readonly messages: readonly WeightedText[]
  /** Said before the call is ended; '' = nothing. */
  readonly farewell: string
}

export interface HistoryMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'function' | 'plugin' | 'tool'
  readonly content: string
  /** Of an `assistant`: functions that it calls. */
  readonly toolCalls?: readonly {
    readonly toolCallId: string
    readonly name: string
    /** JSON text, as the model wrote it. */
    readonly arguments: string
  }[]
  /** Of a `tool`: the call that it answers. */
  readonly toolCallId?: string
}

/** Speech that resumes so soon after its turn was closed still belongs to that turn. */
export const MERGE_WINDOW_MS = 600
/** An interruption without text so long after the speech's end was none: the agent goes on. */
export const FALSE_BARGE_IN_MS = 600
/** Sound is held back so long at most while speech goes on but no text comes of it (a television). */
export const HOLD_WITHOUT_TEXT_MS = 3000
/** Automatic waits for more speech after an unfinished text, and after one that may be finished. */
export const UNFINISHED_WAIT_MS = 4000
export const UNSURE_WAIT_MS = 1500
/** A pause this long in speech of at least so long may get a back-channel, one in so long at most. While more is
 * waited for, there must be so much time left that it is over before an answer. */
export const BACKCHANNEL_PAUSE_MS = 200
export const BACKCHANNEL_SPEECH_MS = 1500
export const BACKCHANNEL_GAP_MS = 4000
export const BACKCHANNEL_WAIT_MS = 1200
/** How long the end of a sentence waits for its final transcript before the partial one is taken. */
export const FINAL_WAIT_MS = 4000
/** A sound that is to come before the greeting is waited for so long, from the user's joining. */
export const OPENING_WAIT_MS = 3000
/** A model that gives nothing for so long has failed. */
export const FIRST_TOKEN_MS = 15_000
/** The model has stopped in its answer, and all of it has been heard: what it had begun to say is said. */
export const STALL_WORDS_MS = 2000
/** The same for so long: no more will come. */
export const STALL_LIMIT_MS = 4000
/** So often in one turn may the model call functions; then it has to answer. */
export const TOOL_ROUND_LIMIT = 5
/** A function that takes longer is slow: its filler is said. */
export const TOOL_FILLER_MS = 1000
/** A judge's word is waited for so long after the pause was long enough; then our own word lists decide. */
export const JUDGE_WAIT_MS = 700
/** A graceful stop lets the agent speak so long at most; so does a farewell before a hang-up. */
export const FAREWELL_LIMIT_MS = 10_000

/** One of the texts, by their weights; `chance` is in [0, 1). */
export function pickText(texts: readonly WeightedText[], chance: number): string {
  const sum = texts.reduce((total, { probability }) => total + probability, 0)
  const weight = (text: WeightedText): number =>
    sum > 0 ? text.probability / sum : 1 / texts.length
  let left = chance
  for (const text of texts) {
    left -= weight(text)
    if (left < 0) return text.text
  }
  return texts.at(-1)?.text ?? ''
}

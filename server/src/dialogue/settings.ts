/** What the engine obeys, in its own words and with units. `call/settings.ts` makes it from the wire. */
export interface DialogueSettings {
  /** Silence that ends the user's sentence. */
  readonly silenceMs: number
  /** Short sentences in a row become one turn (`EnableIntelligentSegment`). */
  readonly mergesSentences: boolean
  readonly isPushToTalk: boolean

  readonly isVoiceInterruptOn: boolean
  /** Stop the agent even when voice interruption is off. */
  readonly interruptWords: readonly string[]
  /** Interrupt words stay in what the model is asked. */
  readonly keepsInterruptWords: boolean
  /** What becomes of speech that may not interrupt (`NoInterruptMode`). */
  readonly uninterruptedSpeech: 'cache' | 'discard'
  /** Continuous speech that stops the agent's sound before any text is known. */
  readonly bargeInMs: number
  /** Only recognised text stops the agent's sound (`VadLevel` 0). */
  readonly stopsOnTextOnly: boolean

  readonly greeting: string
  readonly greetingDelayMs: number
  readonly wakeUpQuery: string

  readonly systemPrompt: string
  readonly initialHistory: readonly HistoryMessage[]
  readonly historyLimitTurns: number
  /** The history keeps what was heard, not what was generated (`HistorySyncWithTTS`). */
  readonly isHistorySynced: boolean
  /** Functions of the model that end the call. */
  readonly hangUpFunctions: readonly string[]
  /** Spoken when the model fails; '' = say nothing. */
  readonly apology: string

  readonly userOnlineTimeoutMs: number
  readonly userOfflineTimeoutMs: number
  /** Absent = the call may stay idle for ever. */
  readonly maxIdleMs?: number
  /** A stop lets the agent finish its sentence. */
  readonly isGracefulShutdown: boolean
}

export interface HistoryMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'function' | 'plugin' | 'tool'
  readonly content: string
}

/** Speech that resumes so soon after its turn was closed still belongs to that turn. */
export const MERGE_WINDOW_MS = 600
/** An interruption without text so long after the speech's end was none: the agent goes on. */
export const FALSE_BARGE_IN_MS = 600
/** Sound is held back so long at most while speech goes on but no text comes of it (a television). */
export const HOLD_WITHOUT_TEXT_MS = 3000
/** How long the end of a sentence waits for its final transcript before the partial one is taken. */
export const FINAL_WAIT_MS = 4000
/** A graceful stop lets the agent speak so long at most; so does a farewell before a hang-up. */
export const FAREWELL_LIMIT_MS = 10_000

import type { DialogueSettings, HistoryMessage } from './settings.ts'

export type Phase = 'listening' | 'thinking' | 'speaking'

export type Timer =
  | 'endpoint' // silence long enough to end the user's sentence
  | 'more-speech' // an unfinished text has waited long enough for its rest
  | 'final-wait' // the final transcript is late
  | 'barge-in' // continuous speech long enough to stop the agent
  | 'false-barge-in' // no text came of an interruption
  | 'greeting'
  | 'user-online'
  | 'user-offline'
  | 'idle' // nobody has said anything for too long
  | 'user-idle' // time to ask whether the user is still there
  | 'filler' // the model is slow
  | 'backchannel' // a short pause of the user, good for an "uh-huh"
  | 'output' // a short piece of the reply has waited long enough
  | 'farewell' // speech before the end has taken too long

/** What happens. Times are ms on the call's monotonic clock. */
export type DialogueEvent = { readonly atMs: number } & (
  | { readonly type: 'agent-ready' }
  | { readonly type: 'user-join'; readonly userId: string }
  | { readonly type: 'user-leave'; readonly userId: string }
  | { readonly type: 'speech-start'; readonly onsetMs: number }
  | { readonly type: 'speech-end'; readonly endMs: number }
  | { readonly type: 'transcript-partial'; readonly text: string }
  | { readonly type: 'transcript-final'; readonly text: string; readonly flushId: number }
  | { readonly type: 'reply-delta'; readonly replyId: number; readonly text: string }
  | { readonly type: 'reply-tool-call'; readonly replyId: number; readonly name: string }
  | { readonly type: 'reply-end'; readonly replyId: number }
  | { readonly type: 'reply-error'; readonly replyId: number; readonly isRetryable: boolean }
  /** The first frame of the segment is going out. */
  | { readonly type: 'segment-start'; readonly segmentId: number }
  /** Its last frame went out, or it could not be synthesised. */
  | { readonly type: 'segment-end'; readonly segmentId: number }
  /** Answer to `speech-cancel`: how much of the segment under way had gone out, in UTF-16 units. */
  | { readonly type: 'speech-cancelled'; readonly segmentId?: number; readonly spokenChars: number }
  /** `chance` is in [0, 1), for what is left to chance. */
  | { readonly type: 'timer-fire'; readonly timer: Timer; readonly chance: number }
  | { readonly type: 'interrupt' }
  /** Somebody outside has the agent say something (`SendAIAgentSpeech`). */
  | { readonly type: 'agent-speech'; readonly text: string; readonly interrupts: boolean }
  | { readonly type: 'text-input'; readonly text: string; readonly interrupts: boolean }
  | { readonly type: 'talk-switch'; readonly isEnabled: boolean }
  | { readonly type: 'talk-start' }
  | { readonly type: 'talk-finish' }
  | { readonly type: 'talk-cancel' }
  | { readonly type: 'state-query' }
  | { readonly type: 'settings-change'; readonly settings: DialogueSettings }
  | { readonly type: 'stop'; readonly reason: EndReason }
)

/** Why the call ended; the same words as in the record. */
export type EndReason =
  | 'stopped'
  | 'client-stop'
  | 'user-never-came'
  | 'user-left'
  | 'idle'
  | 'hangup-function'
  | 'shutdown'
  | 'lost'
  | 'error'

/** What the engine asks for. It starts no timer and calls no provider itself. */
export type Action =
  | { readonly type: 'timer-set'; readonly timer: Timer; readonly atMs: number }
  | { readonly type: 'timer-clear'; readonly timer: Timer }
  /** Who opens the way from the microphone to the recogniser: the VAD, the user's button, nobody. */
  | { readonly type: 'ear-mode'; readonly mode: EarMode }
  | { readonly type: 'asr-flush'; readonly flushId: number }
  | { readonly type: 'asr-reset' }
  | {
      readonly type: 'reply-start'
      readonly replyId: number
      readonly turnId: number
      readonly messages: readonly HistoryMessage[]
    }
  | { readonly type: 'reply-cancel' }
  | { readonly type: 'segment-speak'; readonly segmentId: number; readonly text: string }
  /** Said softly under the user's voice; no part of the agent's turn. */
  | { readonly type: 'backchannel-say'; readonly text: string }
  /** Drop all speech that has not gone out yet; answered by `speech-cancelled`. */
  | { readonly type: 'speech-cancel' }
  | { readonly type: 'playout-level'; readonly level: PlayoutLevel }
  | { readonly type: 'tell-phase'; readonly phase: Phase }
  /** The whole text of the turn so far. */
  | {
      readonly type: 'tell-user-subtitle'
      readonly turnId: number
      readonly text: string
      readonly isEnd: boolean
    }
  /** What is added to the turn's text. */
  | {
      readonly type: 'tell-agent-subtitle'
      readonly turnId: number
      readonly text: string
      readonly isEnd: boolean
    }
  | { readonly type: 'tell-reply-complete'; readonly turnId: number; readonly text: string }
  | { readonly type: 'tell-interrupted'; readonly reason: number }
  | { readonly type: 'tell-push-to-talk'; readonly isEnabled: boolean }
  | { readonly type: 'tell-leaving'; readonly reason: number; readonly message: string }
  | { readonly type: 'note-executing'; readonly atMs: number }
  | { readonly type: 'note-sentence'; readonly sentence: SentenceNote }
  | { readonly type: 'note-turn'; readonly turn: TurnNote }
  /** The last action. */
  | { readonly type: 'end'; readonly atMs: number; readonly reason: EndReason }

export type EarMode = 'vad' | 'open' | 'closed'

/** `ducked`: lower, because the user may be about to speak. `held`: stopped where it is. */
export type PlayoutLevel = 'full' | 'ducked' | 'held'

/** One line of the dialogue as far as it is known; the same `entryId` again replaces it. */
export interface SentenceNote {
  readonly entryId: number
  readonly turnId: number
  readonly role: 'user' | 'agent'
  readonly kind: 'greeting' | 'normal' | 'speech'
  readonly text: string
  readonly beginMs: number
  readonly isFinal: boolean
  readonly spokenText?: string
}

/** One exchange, told when it is over; the same `turnId` again replaces it. */
export interface TurnNote {
  readonly turnId: number
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[]
  readonly speechStartMs?: number
  readonly speechEndMs?: number
  readonly finalTranscriptMs?: number
  readonly turnEndMs?: number
  readonly firstTokenMs?: number
  readonly firstAudioMs?: number
  readonly playoutEndMs?: number
  readonly interruptedMs?: number
  readonly interruptReason?: number
  readonly endpointReason?: string
}

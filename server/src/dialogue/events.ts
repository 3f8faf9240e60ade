import type { DialogueSettings, HistoryMessage } from './settings.ts'
import type { Verdict } from './turn-judge.ts'

export type Phase = 'listening' | 'thinking' | 'speaking'

export type Timer =
  | 'endpoint' // silence long enough to end the user's sentence
  | 'more-speech' // an unfinished text has waited long enough for its rest
  | 'final-wait' // the final transcript is late
  | 'barge-in' // continuous speech long enough to stop the agent
  | 'false-barge-in' // no text came of an interruption
  | 'greeting'
  | 'opening' // the sound before the greeting is late
  | 'user-online'
  | 'user-offline'
  | 'idle' // nobody has said anything for too long
  | 'user-idle' // time to ask whether the user is still there
  | 'filler' // the model is slow
  | 'first-token' // the model has given nothing for too long
  | 'stall' // the model has stopped in its answer
  | 'tool-filler' // a function is slow
  | 'judge' // the judge of the turn's end is slow
  | 'backchannel' // a short pause of the user, good for an "uh-huh"
  | 'output' // a short piece of the reply has waited long enough
  | 'farewell' // speech before the end has taken too long
  | 'takeover' // the human who takes the call over is late, or has been away for too long
  | 'human-endpoint' // silence long enough to end the human's sentence

/** What comes of somebody's sound. */
export type HeardEvent = { readonly atMs: number } & (
  | { readonly type: 'speech-start'; readonly onsetMs: number }
  | { readonly type: 'speech-end'; readonly endMs: number }
  | { readonly type: 'transcript-partial'; readonly text: string }
  | { readonly type: 'transcript-final'; readonly text: string; readonly flushId: number }
)

/** What happens. Times are ms on the call's monotonic clock. */
export type DialogueEvent = HeardEvent | OtherEvent

type OtherEvent = { readonly atMs: number } & (
  | { readonly type: 'agent-ready' }
  | { readonly type: 'user-join'; readonly userId: string }
  /** `isOnPurpose`: by hanging up, not by a lost connection. */
  | { readonly type: 'user-leave'; readonly userId: string; readonly isOnPurpose?: boolean }
  /** Somebody outside wants a human to take the agent's place. */
  | { readonly type: 'takeover-start'; readonly userId: string; readonly voice: TakeoverVoice }
  /** Of the human's microphone; all else that is heard is the user's. */
  | { readonly type: 'human-heard'; readonly heard: HeardEvent }
  | { readonly type: 'reply-delta'; readonly replyId: number; readonly text: string }
  /** `arguments`: JSON text, as the model wrote it. */
  | {
      readonly type: 'reply-tool-call'
      readonly replyId: number
      readonly name: string
      readonly arguments?: string
    }
  /** The model thinks; it will speak. */
  | { readonly type: 'reply-thinking'; readonly replyId: number }
  | { readonly type: 'reply-end'; readonly replyId: number }
  | { readonly type: 'reply-error'; readonly replyId: number; readonly isRetryable: boolean }
  /** Answer to `tool-run`: what the model is to read, be it an error. */
  | { readonly type: 'tool-result'; readonly toolCallId: string; readonly content: string }
  /** Answer to `judge-start`; without a verdict it has failed. */
  | { readonly type: 'turn-judged'; readonly judgeId: number; readonly verdict?: Verdict }
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
  | {
      readonly type: 'agent-speech'
      readonly text: string
      readonly interrupts: boolean
      /** A sound to be played instead; the text is how the record names it. */
      readonly soundId?: string
    }
  /** The sound before the greeting can be played, or (without an id) could not be had. */
  | { readonly type: 'opening-sound'; readonly soundId?: string; readonly text: string }
  | { readonly type: 'text-input'; readonly text: string; readonly interrupts: boolean }
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
  | 'takeover-ended'
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
      /** The turn may go on yet: nothing of the reply may be noticed. */
      readonly isSpeculative?: true
      /** The model has called functions often enough. */
      readonly withoutTools?: true
    }
  | { readonly type: 'reply-cancel' }
  /** Answered by `tool-result`, even after the turn. */
  | {
      readonly type: 'tool-run'
      readonly toolCallId: string
      readonly turnId: number
      readonly name: string
      readonly arguments: string
    }
  /** Is the user's turn complete? One question at a time; answered by `turn-judged`. */
  | {
      readonly type: 'judge-start'
      readonly judgeId: number
      readonly turnId: number
      readonly text: string
      /** What was said before, oldest first. */
      readonly context: readonly HistoryMessage[]
    }
  | { readonly type: 'judge-cancel' }
  /** With `soundId` that sound is played instead of the text. */
  | {
      readonly type: 'segment-speak'
      readonly segmentId: number
      readonly text: string
      readonly soundId?: string
    }
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
  /** To all users, or to one. */
  | {
      readonly type: 'tell-takeover-starting'
      readonly userId: string
      readonly voice: TakeoverVoice
      readonly toUserId?: string
    }
  | {
      readonly type: 'tell-takeover-connected'
      readonly userId: string
      readonly toUserId?: string
    }
  /** Listening to the human who has taken over. */
  | { readonly type: 'human-ear'; readonly isOpen: boolean }
  | { readonly type: 'human-asr-flush'; readonly flushId: number }
  | { readonly type: 'human-asr-reset' }
  | { readonly type: 'note-takeover'; readonly atMs: number; readonly takeover: TakeoverNote }
  | { readonly type: 'note-executing'; readonly atMs: number }
  | { readonly type: 'note-sentence'; readonly sentence: SentenceNote }
  | { readonly type: 'note-turn'; readonly turn: TurnNote }
  /** The model has begun to answer the turn; `askedMs` is when it was asked. */
  | { readonly type: 'note-first-token'; readonly turnId: number; readonly askedMs: number }
  /** Why the engine did, or did not do, something; for the record. */
  | { readonly type: 'note-decision'; readonly decision: Decision }
  /** The last action. */
  | { readonly type: 'end'; readonly atMs: number; readonly reason: EndReason }

export type EarMode = 'vad' | 'open' | 'closed'

/** The user hears the human directly, or the human's words in the agent's voice. */
export type TakeoverVoice = 'own' | 'agent'

/** `given-up`: the human did not come in time, and the agent goes on. */
export type TakeoverPhase = 'awaited' | 'here' | 'given-up'

export interface TakeoverNote {
  /** The human's name in the channel. */
  readonly userId: string
  readonly voice: TakeoverVoice
  readonly phase: TakeoverPhase
}

/** `ducked`: lower, because the user may be about to speak. `held`: stopped where it is. */
export type PlayoutLevel = 'full' | 'ducked' | 'held'

/** What a decision was about. `DECISION_KINDS` of `schema/call-decision.ts` describes each. */
export type DecisionKind =
  | 'pause'
  | 'turn-end'
  | 'turn-continued'
  | 'turn-waits'
  | 'turn-dropped'
  | 'nothing-heard'
  | 'acknowledgement'
  | 'agent-held'
  | 'interruption'
  | 'no-interruption'
  | 'answer'
  | 'reply-failed'
  | 'filler'
  | 'tool'
  | 'speculation'
  | 'backchannel'
  | 'idle-prompt'
  | 'call-end'

/** One decision of the engine, in words and figures. */
export interface Decision {
  readonly kind: DecisionKind
  readonly atMs: number
  /** The turn it is about, if any. */
  readonly turnId?: number
  /** English, for a reader of the record. */
  readonly words: string
  /** The numbers in the words, by name; the unit is the end of the name. */
  readonly figures: Readonly<Record<string, number>>
}

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
  /** The human whose words they are, on the agent's side of the dialogue. */
  readonly saidBy?: string
}

/** What a turn adds to the model's history. */
export type TurnMessage = HistoryMessage & { readonly role: 'user' | 'assistant' | 'tool' }

/** What comes of a request to the model. */
export type ReplyEvent = Extract<DialogueEvent, { readonly replyId: number }>

/** One exchange, told when it is over; the same `turnId` again replaces it. */
export interface TurnNote {
  readonly turnId: number
  readonly history: readonly TurnMessage[]
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

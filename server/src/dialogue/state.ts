import type { EarMode, EndReason, Phase, PlayoutLevel, TurnNote } from './events.ts'
import type { DialogueSettings, HistoryMessage } from './settings.ts'

/** Everything the engine knows. Plain values, replaced and never changed in place. */
export interface DialogueState {
  readonly settings: DialogueSettings
  readonly phase: Phase
  readonly ids: NextIds
  /** Users connected right now. */
  readonly users: readonly string[]
  /** Somebody has been connected before: greeting and status are done. */
  readonly hasBegun: boolean
  /** The call lost its server or worker then, and nobody has come back since. */
  readonly lostAtMs?: number
  readonly earMode: EarMode
  /** The user is speaking, by the VAD or by the pressed button. */
  readonly isSpeechOn: boolean
  /** The sentence being listened to. */
  readonly sentence?: OpenSentence
  /** The user's turn that is being thought about or answered. */
  readonly turn?: UserTurn
  /** A turn that is complete but has to wait until the agent is free: it could not interrupt. */
  readonly waiting?: UserTurn
  /** What the agent says or is about to say. */
  readonly speech?: AgentSpeech
  /** Speech that was just cut; waits for `speech-cancelled` to be noted. */
  readonly cut?: CutSpeech
  /** Speech is suspected of being an interruption: the agent's sound is lowered or stopped. */
  readonly suspicion?: Suspicion
  readonly playoutLevel: PlayoutLevel
  /** Turns said so far, oldest first; a turn's messages stand together. */
  readonly history: readonly (readonly HistoryMessage[])[]
  /** What somebody outside wants said when the agent is free. */
  readonly toSay: readonly string[]
  /** When the last back-channel was said. */
  readonly backchannelMs?: number
  /** Asked before the call; to be answered after the greeting. */
  readonly pendingQuery: string
  /** The call ends when the agent has finished its sentence. */
  readonly leaving?: EndReason
  readonly idle: IdleTime
  readonly isOver: boolean
}

/** How long nothing has happened between user and agent. */
export interface IdleTime {
  /** Before the present stretch. */
  readonly spentMs: number
  /** Since when the present stretch runs; absent while somebody is busy. */
  readonly sinceMs?: number
  /** Prompts said since the user last spoke. */
  readonly prompts: number
  /** The timer of the next prompt runs. */
  readonly isWaiting: boolean
}

export interface NextIds {
  readonly turn: number
  readonly entry: number
  readonly segment: number
  readonly reply: number
  readonly flush: number
}

export interface OpenSentence {
  readonly onsetMs: number
  readonly endMs?: number
  /** The best transcript so far. */
  readonly text: string
  /** The flush whose answer is the final transcript. */
  readonly flushId?: number
  readonly finalMs?: number
  /** Silence was long enough (or the button released): the final transcript closes the sentence. */
  readonly isOver: boolean
  /** The turn it belongs to, from its first text on; it may continue what was said before. */
  readonly turn?: UserTurn
  /** It stopped the agent by an interrupt word, which the model is not to see. */
  readonly dropsInterruptWords: boolean
  /** Why it will have ended if no more speech comes. */
  readonly endpointReason?: string
}

export interface UserTurn {
  readonly turnId: number
  readonly entryId: number
  /** What was said in sentences that are closed. */
  readonly text: string
  /** The same as the model is to read it. */
  readonly query: string
  readonly beginMs: number
  readonly note: TurnNote
}

export interface AgentSpeech {
  readonly turnId: number
  readonly entryId?: number
  readonly kind: 'greeting' | 'normal' | 'speech'
  readonly replyId?: number
  /** More text may come. */
  readonly isOpen: boolean
  /** Generated, not yet cut into segments. */
  readonly rest: string
  readonly generated: string
  readonly segments: readonly Segment[]
  readonly beginMs?: number
  /** Since when `rest` waits for more text. */
  readonly restSinceMs?: number
  /** Fillers said while waiting for the model. */
  readonly fillers: number
  /** The model has been asked a second time. */
  readonly isRetry: boolean
  /** The call ends after this speech. */
  readonly hangsUp: boolean
  readonly note: TurnNote
}

export interface Segment {
  readonly segmentId: number
  readonly text: string
  readonly progress: 'queued' | 'playing' | 'played'
}

export interface CutSpeech {
  readonly speech: AgentSpeech
  readonly atMs: number
  readonly reason: number
  /** The user's words were only a continuation: the reply leaves no trace in the history. */
  readonly isForgotten: boolean
  readonly userText: string
}

export interface Suspicion {
  readonly sinceMs: number
  readonly isHeld: boolean
}

/** What a call that is taken up again had already been through. */
export interface DialoguePast {
  readonly nextTurnId: number
  readonly nextEntryId: number
  readonly history: readonly (readonly HistoryMessage[])[]
  readonly hasBegun: boolean
  /** The user's last words, if they were not answered yet. */
  readonly unanswered?: UserTurn
  /** Its last sign of life, on the call's new monotonic clock (mostly negative). */
  readonly lostAtMs?: number
}

export function initialState(settings: DialogueSettings, past?: DialoguePast): DialogueState {
  return {
    settings,
    phase: 'listening',
    ids: {
      turn: past?.nextTurnId ?? 1,
      entry: past?.nextEntryId ?? 1,
      segment: 1,
      reply: 1,
      flush: 1,
    },
    users: [],
    hasBegun: past?.hasBegun ?? false,
    ...(past?.unanswered === undefined ? {} : { waiting: past.unanswered }),
    ...(past?.lostAtMs === undefined ? {} : { lostAtMs: past.lostAtMs }),
    earMode: settings.isPushToTalk ? 'closed' : 'vad',
    isSpeechOn: false,
    playoutLevel: 'full',
    history: past?.history ?? [],
    toSay: [],
    pendingQuery: '',
    idle: { spentMs: 0, prompts: 0, isWaiting: false },
    isOver: false,
  }
}

import type {
  EarMode,
  EndReason,
  Phase,
  PlayoutLevel,
  ReplyEvent,
  TakeoverNote,
  TakeoverVoice,
  TurnNote,
} from './events.ts'
import type { Verdict } from './turn-judge.ts'
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
  readonly toSay: readonly Saying[]
  /** The sound before the greeting: the user is there and waits for it, or what there is of it; absent:
   * nothing is known of it yet. */
  readonly opening?:
    | 'awaited'
    | { readonly sound?: { readonly soundId: string; readonly text: string } }
  /** When somebody came to a call that nobody was in. */
  readonly backMs?: number
  /** When the last back-channel was said. */
  readonly backchannelMs?: number
  /** Asked before the call; to be answered after the greeting. */
  readonly pendingQuery: string
  /** A human takes the agent's place, or was asked to and did not come. */
  readonly takeover?: Takeover
  /** The call ends when the agent has finished its sentence. */
  readonly leaving?: EndReason
  readonly idle: IdleTime
  /** The timer for a model that stops in its answer runs. */
  readonly isStallTimed?: boolean
  readonly isOver: boolean
  /** The model has been asked ahead of the turn's end. */
  readonly speculation?: Speculation | undefined
  /** Functions whose turns are over before they have answered. */
  readonly lateTools?: readonly LateTools[]
}

export interface Speculation {
  readonly replyId: number
  readonly turnId: number
  readonly sinceMs: number
  readonly messages: readonly HistoryMessage[]
  /** What has come of it so far. */
  readonly events: readonly ReplyEvent[]
}

export interface LateTools {
  readonly toolCallIds: readonly string[]
  /** Of their turn, as it was last noted. */
  readonly note: TurnNote
}

export interface Takeover {
  /** The human's name in the channel; never among `users`. */
  readonly userId: string
  readonly voice: TakeoverVoice
  /** `away`: was here, and may come back for a moment. */
  readonly phase: TakeoverNote['phase'] | 'away'
  /** What the human is saying. */
  readonly sentence?: HumanSentence | undefined
  /** What the human has said and the agent's voice has still to say. */
  readonly toSay: readonly string[]
}

export interface HumanSentence {
  readonly beginMs: number
  /** The best transcript so far. */
  readonly text: string
  readonly isSpeechOn: boolean
  /** The flush whose answer is the final transcript, and whether it has come. */
  readonly flushId?: number
  readonly isFinal?: boolean
  /** Silence was long enough: the final transcript closes the sentence. */
  readonly isOver: boolean
}

/** The model is not asked: a human is, or will be, in the agent's place. */
export const isTakenOver = ({ takeover }: DialogueState): boolean =>
  takeover !== undefined && takeover.phase !== 'given-up'

/** The user speaks, or makes a pause that may not be the end. */
export const isUserTalking = ({ sentence, isSpeechOn }: DialogueState): boolean =>
  sentence !== undefined || isSpeechOn

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
  /** When that flush was asked for. */
  readonly flushMs?: number
  readonly finalMs?: number
  /** When that silence was long enough. */
  readonly overMs?: number
  /** Silence was long enough (or the button released): the final transcript closes the sentence. */
  readonly isOver: boolean
  /** Push-to-talk was switched in the middle of it. */
  readonly isCutOff?: true | undefined
  /** The turn it belongs to, from its first text on; it may continue what was said before. */
  readonly turn?: UserTurn
  /** It stopped the agent by an interrupt word, which the model is not to see. */
  readonly dropsInterruptWords: boolean
  /** What the better judge says of its turn. */
  readonly judging?: Judging | undefined
  /** Why it will have ended if no more speech comes. */
  readonly endpointReason?: string
}

export interface Judging {
  readonly judgeId: number
  /** The pause is long enough: only its word is missing. */
  readonly isAwaited?: boolean
  readonly verdict?: Verdict
  readonly isGivenUp?: boolean
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
  /** When its last sentence was closed: it may have waited before the model was asked. */
  readonly closedMs?: number
  /** How much later that was because the final transcript came late. */
  readonly lateMs?: number
}

export interface AgentSpeech {
  readonly turnId: number
  readonly entryId?: number
  readonly kind: 'greeting' | 'normal' | 'speech'
  /** The request under way; absent while functions are awaited. */
  readonly replyId?: number | undefined
  /** When that request was made. */
  readonly askedMs?: number
  /** Functions that the model wants called when its reply is over. */
  readonly calls?: readonly ToolCall[] | undefined
  /** Functions that have been called in this turn. */
  readonly rounds?: readonly ToolRound[]
  /** More text may come. */
  readonly isOpen: boolean
  /** Generated, not yet cut into segments. */
  readonly rest: string
  readonly generated: string
  readonly segments: readonly Segment[]
  /** When the first of them was there to be synthesised. */
  readonly firstSegmentMs?: number
  readonly beginMs?: number
  /** Since when `rest` waits for more text. */
  readonly restSinceMs?: number
  /** When text of it came last, or a piece of it was through. */
  readonly livelyMs?: number
  /** The model has said so, and has given no text since. */
  readonly isThinking?: boolean
  /** Fillers said while waiting for the model. */
  readonly fillers: number
  /** The model has been asked a second time. */
  readonly isRetry: boolean
  /** The call ends after this speech. */
  readonly hangsUp: boolean
  /** The human whose words they are. */
  readonly saidBy?: string
  readonly note: TurnNote
}

/** What is to be said without anybody having asked for it. */
export interface Saying {
  readonly text: string
  readonly kind: 'greeting' | 'speech'
  /** Not said but played; the text is only how the record names it. */
  readonly soundId?: string
}

/** Functions that were called together. */
export interface ToolRound {
  /** How much of `generated` came before. */
  readonly endChars: number
  readonly sinceMs: number
  /** Until all had answered. */
  readonly tookMs?: number
  readonly calls: readonly ToolCall[]
}

export interface ToolCall {
  readonly toolCallId: string
  readonly name: string
  readonly arguments: string
  /** What the model is told; absent while it runs. */
  readonly result?: string
}

export interface Segment {
  readonly segmentId: number
  readonly text: string
  /** Played instead of being said. */
  readonly soundId?: string
  /** `missed`: it could not be synthesised. */
  readonly progress: 'queued' | 'playing' | 'played' | 'missed'
}

/** Something of it was heard. */
export const hasBegun = ({ progress }: Segment): boolean =>
  progress === 'playing' || progress === 'played'

/** Nothing has come since the model was asked last. */
export const isSilent = ({ generated, rounds = [] }: AgentSpeech): boolean =>
  generated.length <= (rounds.at(-1)?.endChars ?? 0)

/** Nothing more will be heard of it. */
export const isThrough = ({ progress }: Segment): boolean =>
  progress === 'played' || progress === 'missed'

export interface CutSpeech {
  readonly speech: AgentSpeech
  readonly atMs: number
  /** Of the wire (`InterruptReason`); absent when the end of the call cut it. */
  readonly reason?: number
  /** The user's words were only a continuation: the reply leaves no trace in the history. */
  readonly isForgotten: boolean
  readonly userText: string
}

export interface Suspicion {
  readonly sinceMs: number
  /** When the sound was last over; it may have gone on since. */
  readonly endMs?: number
  readonly isHeld: boolean
  /** Speech has lasted as long as an interruption must (`interruptMinMs`). */
  readonly isLong?: boolean
}

/** What a call that is taken up again had already been through. */
export interface DialoguePast {
  readonly nextTurnId: number
  readonly nextEntryId: number
  readonly history: readonly (readonly HistoryMessage[])[]
  readonly hasBegun: boolean
  /** The user's last words, if they were not answered yet. */
  readonly unanswered?: UserTurn
  readonly takeover?: TakeoverNote
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
    ...(past?.takeover === undefined ? {} : { takeover: pastTakeover(past.takeover) }),
    pendingQuery: '',
    idle: { spentMs: 0, prompts: 0, isWaiting: false },
    isOver: false,
  }
}

/** The human, too, has lost the connection. */
const pastTakeover = ({ userId, voice, phase }: TakeoverNote): Takeover => ({
  userId,
  voice,
  phase: phase === 'here' ? 'away' : phase,
  toSay: [],
})

import type { CallbackEvent } from '../schema/callback-event.ts'

/** What a running call asks to be remembered. Times are wall ms since 1970. */
export type CallRecord =
  /** The agent is there and waits for its user. */
  | { readonly type: 'ready'; readonly atMs: number }
  | { readonly type: 'executing'; readonly atMs: number }
  /** The client changed the running call's configuration: `patch` (JSON text) is laid over what is stored, which
   * may be newer than what the call knew of; `agentConfig` is what the call has made of it. */
  | {
      readonly type: 'settings'
      readonly atMs: number
      readonly patch: string
      readonly agentConfig: string
    }
  | { readonly type: 'sentence'; readonly sentence: Sentence }
  | { readonly type: 'turn'; readonly turn: Turn }
  /** Why the engine did, or did not do, something. */
  | { readonly type: 'decision'; readonly decision: Decision }
  /** Added to what the call can be played again from; see `TraceStretch`. */
  | { readonly type: 'trace'; readonly stretchMs: number; readonly lines: string }
  | { readonly type: 'takeover'; readonly atMs: number; readonly takeover: Takeover }
  /** A provider did not do what it was asked for, or broke; whether it was asked again is another matter. */
  | {
      readonly type: 'provider-failure'
      readonly atMs: number
      readonly part: ProviderPart
      readonly provider: string
    }
  /** Something that is told to the agent's callback address and leaves no other trace. What the other records say
   * (ready, executing, a sentence, finished) is told without it. */
  | { readonly type: 'event'; readonly event: CallbackEvent }
  | { readonly type: 'finished'; readonly atMs: number; readonly reason: CallEndReason }

/** The kinds of provider that a call works with. */
export type ProviderPart = 'asr' | 'llm' | 'tts' | 'vad'

export type CallEndReason =
  | 'stopped' // StopAIAgentInstance
  | 'client-stop' // message 1100
  | 'user-never-came'
  | 'user-left'
  | 'idle'
  | 'hangup-function'
  | 'takeover-ended' // the human who had taken over has left
  | 'shutdown' // the server was stopped
  | 'lost' // the server or its worker died and nobody came back
  | 'error'

/** One line of the dialogue: an utterance of the user, or what the agent said in one go. */
export interface Sentence {
  /** From 1, in output order; `id` of the call log. */
  readonly entryId: number
  /** The number of its turn; `sentenceId` on the wire. */
  readonly turnId: number
  readonly role: 'user' | 'agent'
  readonly kind: 'greeting' | 'normal' | 'speech'
  /** As shown in subtitles so far. */
  readonly text: string
  readonly beginMs: number
  /** False while text may still be added. */
  readonly isFinal: boolean
  /** Agent only, when it was interrupted: what was played, to within one 20 ms frame. */
  readonly spokenText?: string
  /** The human whose words they are, on the agent's side: the name in the channel. */
  readonly saidBy?: string
}

/** A human in the agent's place. */
export interface Takeover {
  /** The human's name in the channel. */
  readonly userId: string
  /** The user hears the human directly, or the human's words in the agent's voice. */
  readonly voice: 'own' | 'agent'
  /** `given-up`: the human did not come in time, and the agent went on. */
  readonly phase: 'awaited' | 'here' | 'given-up'
}

/** One decision of the engine, in words. `schema/call-decision.ts` describes the kinds and figures. */
export interface Decision {
  readonly kind: string
  readonly atMs: number
  readonly turnId?: number
  readonly words: string
  readonly figures: Readonly<Record<string, number>>
}

/** A message of a turn, as the model reads it. */
export interface TurnMessage {
  readonly role: 'user' | 'assistant' | 'tool'
  readonly content: string
  /** Of an `assistant`: functions that it called; `arguments` is JSON text. */
  readonly toolCalls?: readonly {
    readonly toolCallId: string
    readonly name: string
    readonly arguments: string
  }[]
  /** Of a `tool`: the call that it answers. */
  readonly toolCallId?: string
}

/** One exchange, for the history of a resumed call and for looking at delays. Absent = did not happen. */
export interface Turn {
  readonly turnId: number
  /** What this turn adds to the model's history, in order. */
  readonly history: readonly TurnMessage[]
  readonly speechStartMs?: number
  readonly speechEndMs?: number
  readonly finalTranscriptMs?: number
  /** The turn was closed and the model asked. */
  readonly turnEndMs?: number
  readonly firstTokenMs?: number
  readonly firstAudioMs?: number
  readonly playoutEndMs?: number
  readonly interruptedMs?: number
  /** `InterruptReason` of `schema/messages.ts`. */
  readonly interruptReason?: number
  /** Why the turn ended when it did, in words. */
  readonly endpointReason?: string
}

/** What a running call asks to be remembered. Times are wall ms since 1970. */
export type CallRecord =
  | { readonly type: 'executing'; readonly atMs: number }
  /** The client changed the running call's effective configuration (JSON text, both forms). */
  | {
      readonly type: 'settings'
      readonly atMs: number
      readonly agentConfig: string
      readonly templateConfig: string
    }
  | { readonly type: 'sentence'; readonly sentence: Sentence }
  | { readonly type: 'turn'; readonly turn: Turn }
  | { readonly type: 'finished'; readonly atMs: number; readonly reason: CallEndReason }

export type CallEndReason =
  | 'stopped' // StopAIAgentInstance
  | 'client-stop' // message 1100
  | 'user-never-came'
  | 'user-left'
  | 'idle'
  | 'hangup-function'
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
}

/** One exchange, for the history of a resumed call and for looking at delays. Absent = did not happen. */
export interface Turn {
  readonly turnId: number
  /** What this turn adds to the model's history, in order. */
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[]
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

import type { DialogueEvent } from './events.ts'

/** What the user or somebody else does, whatever the agent does. */
export type Deed =
  | {
      readonly atMs: number
      readonly type: 'speak'
      readonly forMs: number
      readonly words: string
      /** False: said without the button, or taken back. */
      readonly isMeant: boolean
    }
  /** The human who has taken the agent's place speaks. */
  | {
      readonly atMs: number
      readonly type: 'human-speak'
      readonly forMs: number
      readonly words: string
    }
  | {
      readonly atMs: number
      readonly type: 'event'
      readonly make: (atMs: number) => DialogueEvent
    }

/** How the providers of a random conversation behave; each is asked anew every time. */
export interface Providers {
  readonly reply: (question: string) => ReplyPlan
  readonly finalDelayMs: () => number | undefined
  readonly partialDelayMs: () => number
  readonly synthesisMs: () => number | undefined
  readonly toolDelayMs: () => number
  /** `undefined`: the judge does not answer. */
  readonly judgeDelayMs: () => number | undefined
  readonly verdict: () => 'complete' | 'incomplete' | 'unsure' | undefined
  readonly chance: () => number
  readonly msPerChar: number
}

export interface ReplyPlan {
  readonly firstMs: number
  readonly pieces: readonly string[]
  readonly gapMs: number
  /** After so many pieces it fails, or stalls for a while; else it ends. */
  readonly failsAfter?: number
  readonly stallsAfter?: number
  readonly stallMs?: number
  readonly isRetryable: boolean
  readonly tool?: string
}

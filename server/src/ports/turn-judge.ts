import type { LlmMessage, LlmRequest } from './llm.ts'

export interface JudgeQuestion {
  /** What the user has said in this turn so far. */
  readonly text: string
  /** What user and agent said before, oldest first. */
  readonly context: readonly LlmMessage[]
  readonly extendData: LlmRequest['extendData']
  readonly extraQuery: string
}

/** Judges whether a turn is complete, better than our word lists do. */
export interface TurnJudge {
  readonly name: string
  /** `onVerdict` comes once, and not while `judge` runs; `undefined`: it cannot tell. */
  judge(
    question: JudgeQuestion,
    onVerdict: (verdict: 'complete' | 'incomplete' | 'unsure' | undefined) => void,
  ): { cancel(): void }
}

import type { Decision } from './log.ts'

/** The parts of what a user waits for an answer, in order; together they are the whole. */
export const PARTS = [
  'silence',
  'recognition',
  'queue',
  'model',
  'functions',
  'text',
  'away',
  'synthesis',
] as const
export type Part = (typeof PARTS)[number]

/** Who caused a part: the settings that have it wait (or a user who was away), or one of those that compute. */
export const CAUSE_OF = {
  silence: 'waiting',
  recognition: 'recognition',
  queue: 'waiting',
  model: 'model',
  functions: 'functions',
  text: 'model',
  away: 'waiting',
  synthesis: 'synthesis',
} as const satisfies Readonly<Record<Part, string>>

export const CAUSES = ['waiting', 'recognition', 'model', 'functions', 'synthesis'] as const
export type Cause = (typeof CAUSES)[number]

/** From a user's last sound to the answer's first. */
export interface Answer {
  readonly turnId: number
  /** Of the answer's first sound. */
  readonly atMs: number
  readonly totalMs: number
  readonly parts: Readonly<Record<Part, number>>
  /** The user went on and it was given up: another answer of the same turn took its place. */
  readonly isForgotten: boolean
  readonly words: string
}

export interface Summary {
  readonly count: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly slowest: Answer
  /** What made the slowest one slower than the others, or the most of it when there are no others. */
  readonly slowestCause: Cause
  /** By how much that took longer than it usually does in this call. */
  readonly slowestExtraMs: number
  /** Of all that was waited for in this call. */
  readonly shares: Readonly<Record<Cause, number>>
}

export function answersOf(decisions: readonly Decision[]): readonly Answer[] {
  const answers = decisions.filter(({ kind }) => kind === 'answer')
  const last = new Map(answers.map((answer) => [answer.turnId, answer]))
  return answers.map((answer) => {
    const { turnId = 0, atMs, words, figures } = answer
    const parts = Object.fromEntries(PARTS.map((part) => [part, figures[`${part}Ms`] ?? 0]))
    return {
      turnId,
      atMs,
      totalMs: figures['totalMs'] ?? 0,
      parts: parts as Answer['parts'],
      isForgotten: last.get(turnId) !== answer,
      words,
    }
  })
}

/** `undefined` when nothing was answered. Answers that were forgotten do not count. */
export function summaryOf(all: readonly Answer[]): Summary | undefined {
  const answers = all.filter(({ isForgotten }) => !isForgotten)
  const totals = answers.map(({ totalMs }) => totalMs).toSorted((one, other) => one - other)
  const slowest = answers.toSorted((one, other) => other.totalMs - one.totalMs)[0]
  if (slowest === undefined) return undefined
  const extras = CAUSES.map((cause) => {
    const usualMs =
      answers.length < 2 ? 0 : median(answers.map((answer) => causedMs(answer, cause)))
    return { cause, extraMs: causedMs(slowest, cause) - usualMs }
  }).toSorted((one, other) => other.extraMs - one.extraMs)
  const wholeMs = totals.reduce((sum, ms) => sum + ms, 0)
  const share = (cause: Cause): number =>
    wholeMs === 0 ? 0 : answers.reduce((sum, one) => sum + causedMs(one, cause), 0) / wholeMs
  return {
    count: answers.length,
    p50Ms: rank(totals, 50),
    p95Ms: rank(totals, 95),
    slowest,
    slowestCause: extras[0]?.cause ?? 'waiting',
    slowestExtraMs: extras[0]?.extraMs ?? 0,
    shares: {
      waiting: share('waiting'),
      recognition: share('recognition'),
      model: share('model'),
      functions: share('functions'),
      synthesis: share('synthesis'),
    },
  }
}

export const causedMs = ({ parts }: Answer, cause: Cause): number =>
  PARTS.reduce((sum, part) => sum + (CAUSE_OF[part] === cause ? parts[part] : 0), 0)

/** By nearest rank. */
const rank = (sorted: readonly number[], percent: number): number =>
  sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0

const median = (values: readonly number[]): number =>
  rank(
    values.toSorted((one, other) => one - other),
    50,
  )

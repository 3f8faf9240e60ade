import type { CallRecord, Decision, Turn } from '../ports/call-record.ts'
import type { InstanceRecord } from '../ports/store.ts'
import {
  delayBucket,
  HOUR_MS,
  type PeriodFigures,
  type ProviderFailures,
} from '../ports/statistics-store.ts'
import { turnTimeMs } from './record-time.ts'

/** Figures under their names in the database; `most` is a maximum, the others are sums. */
export type Figure =
  | 'started'
  | 'ended'
  | 'duration'
  | 'turns'
  | 'answers'
  | 'interruptions'
  | 'false-interruptions'
  | 'failures'
  | 'most'

/** Something to be counted. `detail` tells apart what is counted under one name: reasons, buckets, providers. */
export interface Count {
  readonly figure: Figure
  readonly detail: string
  readonly atMs: number
  readonly amount: number
}

/** A figure of an hour, or of a period, as it is stored. */
export interface StoredFigure {
  /** Where the hour or the period begins. */
  readonly startMs: number
  readonly figure: Figure
  readonly detail: string
  readonly amount: number
}

/** Under this name stand the figures of all agents together. */
export const ALL_AGENTS = ''

export const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS

const count = (figure: Figure, atMs: number, amount = 1, detail = ''): Count => ({
  figure,
  detail,
  atMs,
  amount,
})

export const countsOfStart = (createdMs: number): readonly Count[] => [count('started', createdMs)]

/** What there is to count of a call that has just ended. */
export function countsOfEnd({
  executingMs,
  finishedMs = 0,
  endReason = 'error',
}: Pick<InstanceRecord, 'executingMs' | 'finishedMs' | 'endReason'>): readonly Count[] {
  const durationMs = Math.max(0, finishedMs - (executingMs ?? finishedMs))
  const duration = durationMs === 0 ? [] : [count('duration', finishedMs, durationMs)]
  return [count('ended', finishedMs, 1, endReason), ...duration]
}

/** A turn may be stored again with what has been added to it: only that counts then. */
export function countsOfTurn(turn: Turn, before: Turn | undefined): readonly Count[] {
  const taken = before === undefined ? [] : countsIn(before)
  const sums = new Map<string, Count>()
  const all = [...countsIn(turn), ...taken.map((one) => ({ ...one, amount: -one.amount }))]
  for (const one of all) {
    const key = `${one.figure} ${one.detail} ${hourOf(one.atMs)}`
    sums.set(key, { ...one, amount: one.amount + (sums.get(key)?.amount ?? 0) })
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0)
}

function countsIn(turn: Turn): readonly Count[] {
  const { turnEndMs, speechEndMs, firstAudioMs, interruptedMs } = turn
  const atMs = turnEndMs ?? turnTimeMs(turn)
  const askedMs = speechEndMs ?? turnEndMs
  const delayMs =
    firstAudioMs === undefined || askedMs === undefined ? undefined : firstAudioMs - askedMs
  return [
    ...(turnEndMs === undefined ? [] : [count('turns', atMs)]),
    ...(delayMs === undefined ? [] : [count('answers', atMs, 1, String(delayBucket(delayMs)))]),
    ...(interruptedMs === undefined ? [] : [count('interruptions', interruptedMs)]),
  ]
}

/** What sounded like an interruption and was none; that nobody may interrupt at all is no such thing. */
export const isFalseInterruption = ({ kind, figures }: Decision): boolean =>
  kind === 'no-interruption' && figures['heardMs'] !== undefined

export function countsOfRecord(record: CallRecord): readonly Count[] {
  if (record.type === 'decision') {
    const { decision } = record
    return isFalseInterruption(decision) ? [count('false-interruptions', decision.atMs)] : []
  }
  if (record.type !== 'provider-failure') return []
  return [count('failures', record.atMs, 1, `${record.part} ${record.provider}`)]
}

/** The figures of periods, put together from what is stored of each. */
export function periodsOf(figures: Iterable<StoredFigure>): readonly PeriodFigures[] {
  const periods = new Map<number, StoredFigure[]>()
  for (const one of figures) {
    if (one.amount === 0) continue
    const period = periods.get(one.startMs)
    if (period === undefined) periods.set(one.startMs, [one])
    else period.push(one)
  }
  return [...periods].toSorted(([a], [b]) => a - b).map(([startMs, of]) => figuresOf(startMs, of))
}

function figuresOf(startMs: number, figures: readonly StoredFigure[]): PeriodFigures {
  const of = (figure: Figure): readonly StoredFigure[] =>
    figures.filter((one) => one.figure === figure)
  const sum = (figure: Figure): number => of(figure).reduce((total, one) => total + one.amount, 0)
  return {
    startMs,
    started: sum('started'),
    ended: Object.fromEntries(of('ended').map(({ detail, amount }) => [detail, amount])),
    durationMs: sum('duration'),
    turns: sum('turns'),
    answers: new Map(of('answers').map(({ detail, amount }) => [Number(detail), amount])),
    interruptions: sum('interruptions'),
    falseInterruptions: sum('false-interruptions'),
    failures: of('failures').map(({ detail, amount }) => failuresOf(detail, amount)),
    mostCalls: sum('most'),
  }
}

function failuresOf(detail: string, amount: number): ProviderFailures {
  const cut = detail.indexOf(' ')
  const kind = detail.slice(0, cut) as ProviderFailures['kind']
  return { kind, provider: detail.slice(cut + 1), count: amount }
}

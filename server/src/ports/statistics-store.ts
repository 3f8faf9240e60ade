import type { CallEndReason, ProviderPart } from './call-record.ts'

export const HOUR_MS = 3_600_000

/** Figures of hours are kept for so long, whatever is kept of the calls themselves. */
export const STATISTICS_KEPT_MS = 92 * 24 * HOUR_MS

/** What failed: which kind of provider, and which. */
export interface ProviderFailures {
  readonly kind: ProviderPart
  readonly provider: string
  readonly count: number
}

/** What happened in a period of whole hours. Calls count in the hour of their start; their end, and how long they took, in that of
 * their end; turns in that of the moment the user had finished. */
export interface PeriodFigures {
  /** ms since 1970, a whole hour. */
  readonly startMs: number
  readonly started: number
  readonly ended: Readonly<Partial<Record<CallEndReason, number>>>
  /** From both sides being connected to the end, of the calls that ended; ms. */
  readonly durationMs: number
  /** Turns of the user that the agent was asked to answer. */
  readonly turns: number
  /** How many answers took how long, by {@link delayBucket}. */
  readonly answers: ReadonlyMap<number, number>
  readonly interruptions: number
  /** What sounded like an interruption, and was none. */
  readonly falseInterruptions: number
  readonly failures: readonly ProviderFailures[]
  /** The most calls there were at a time, as far as calls began or ended in this period. */
  readonly mostCalls: number
}

/** What an agent did in a range of hours. */
export interface AgentFigures {
  readonly agentId: string
  readonly started: number
  readonly durationMs: number
  readonly mostCalls: number
}

export interface HourRange {
  /** Both are whole hours; `untilMs` is left out. ms since 1970. */
  readonly fromMs: number
  readonly untilMs: number
}

/** A range in pieces, the first of which begins where it begins. */
export interface PeriodRange extends HourRange {
  readonly agentId?: string
  /** Whole hours, ms; one when left out. */
  readonly periodMs?: number
}

/** Figures of calls by the hour, kept up in the transaction of what they count, so that none is looked through. */
export interface StatisticsStore {
  /** Periods of a range in which something happened, oldest first; of one agent, or of all. */
  periods(range: PeriodRange): Promise<readonly PeriodFigures[]>
  /** Those that had the most calls. */
  agents(range: HourRange & { readonly limit: number }): Promise<readonly AgentFigures[]>
}

/** The shortest delay that is told apart, and by how much each bucket is longer than the last. */
const SHORTEST_MS = 10
const GROWTH = Math.log(1.05)

/** Delays within some 5 % of each other are counted together, under a number. */
export const delayBucket = (ms: number): number =>
  ms <= SHORTEST_MS ? 0 : Math.round(Math.log(ms / SHORTEST_MS) / GROWTH)

/** The delay that a bucket stands for, to 2.5 %. */
export const bucketMs = (bucket: number): number => SHORTEST_MS * Math.exp(bucket * GROWTH)

/** The delay that this share of the counted ones did not exceed (nearest rank); nothing when none was counted. */
export function delayPercentile(
  counts: ReadonlyMap<number, number>,
  share: number,
): number | undefined {
  const ordered = [...counts].toSorted(([a], [b]) => a - b)
  const total = ordered.reduce((sum, [, count]) => sum + count, 0)
  let left = Math.ceil(total * share)
  for (const [bucket, count] of ordered) {
    left -= count
    if (left <= 0) return bucketMs(bucket)
  }
  return undefined
}

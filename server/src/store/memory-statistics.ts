import type { CallRecord, Turn } from '../ports/call-record.ts'
import type { InstanceRecord } from '../ports/store.ts'
import {
  STATISTICS_KEPT_MS,
  type AgentFigures,
  HOUR_MS,
  type HourRange,
  type PeriodFigures,
  type PeriodRange,
  type StatisticsStore,
} from '../ports/statistics-store.ts'
import {
  ALL_AGENTS,
  countsOfEnd,
  countsOfRecord,
  countsOfStart,
  countsOfTurn,
  hourOf,
  periodsOf,
  type Count,
  type Figure,
  type StoredFigure,
} from './call-counts.ts'

/** Figures of calls in memory, kept up by the memory store as it stores. */
export class MemoryStatistics implements StatisticsStore {
  /** By agent, then by hour, figure and detail. */
  readonly #figures = new Map<string, Map<string, StoredFigure>>()
  readonly #live = new Map<string, number>()

  constructor(before?: MemoryStatistics) {
    if (before === undefined) return
    for (const [agent, figures] of before.#figures) this.#figures.set(agent, new Map(figures))
    for (const [agent, live] of before.#live) this.#live.set(agent, live)
  }

  started({ agentId, createdMs }: InstanceRecord): void {
    this.#count(agentId, countsOfStart(createdMs))
    const oldestMs = hourOf(createdMs - STATISTICS_KEPT_MS)
    for (const agent of [agentId, ALL_AGENTS]) {
      const live = (this.#live.get(agent) ?? 0) + 1
      this.#live.set(agent, live)
      this.#put(agent, hourOf(createdMs), 'most', '', (before) => Math.max(before, live))
      const figures = this.#of(agent)
      for (const [key, { startMs }] of figures) if (startMs < oldestMs) figures.delete(key)
    }
  }

  ended(call: InstanceRecord): void {
    this.#count(call.agentId, countsOfEnd(call))
    for (const agent of [call.agentId, ALL_AGENTS]) {
      const live = this.#live.get(agent) ?? 0
      this.#put(agent, hourOf(call.finishedMs ?? 0), 'most', '', (most) => Math.max(most, live))
      this.#live.set(agent, Math.max(0, live - 1))
    }
  }

  turn(agentId: string, turn: Turn, before: Turn | undefined): void {
    this.#count(agentId, countsOfTurn(turn, before))
  }

  record(agentId: string, record: CallRecord): void {
    this.#count(agentId, countsOfRecord(record))
  }

  async periods(range: PeriodRange): Promise<readonly PeriodFigures[]> {
    return this.#periods(range)
  }

  async agents(range: HourRange & { readonly limit: number }): Promise<readonly AgentFigures[]> {
    const agents = [...this.#figures.keys()].filter((agentId) => agentId !== ALL_AGENTS)
    return agents
      .map((agentId) => ({ agentId, hours: this.#periods({ ...range, agentId }) }))
      .map(({ agentId, hours }) => ({
        agentId,
        started: hours.reduce((sum, hour) => sum + hour.started, 0),
        durationMs: hours.reduce((sum, hour) => sum + hour.durationMs, 0),
        mostCalls: Math.max(0, ...hours.map(({ mostCalls }) => mostCalls)),
      }))
      .filter(({ started, durationMs, mostCalls }) => started + durationMs + mostCalls > 0)
      .toSorted((a, b) => b.started - a.started || (a.agentId < b.agentId ? -1 : 1))
      .slice(0, range.limit)
  }

  #periods({ agentId = ALL_AGENTS, fromMs, untilMs, periodMs = HOUR_MS }: PeriodRange) {
    const sums = new Map<string, StoredFigure>()
    for (const one of this.#of(agentId).values()) {
      if (one.startMs < fromMs || one.startMs >= untilMs) continue
      const startMs = fromMs + Math.floor((one.startMs - fromMs) / periodMs) * periodMs
      const key = `${startMs} ${one.figure} ${one.detail}`
      const before = sums.get(key)?.amount ?? 0
      const amount = one.figure === 'most' ? Math.max(before, one.amount) : before + one.amount
      sums.set(key, { ...one, startMs, amount })
    }
    return periodsOf(sums.values())
  }

  #count(agentId: string, counts: readonly Count[]): void {
    for (const { figure, detail, atMs, amount } of counts) {
      for (const agent of [agentId, ALL_AGENTS]) {
        this.#put(agent, hourOf(atMs), figure, detail, (before) => before + amount)
      }
    }
  }

  #of(agentId: string): Map<string, StoredFigure> {
    const known = this.#figures.get(agentId)
    if (known !== undefined) return known
    const fresh = new Map<string, StoredFigure>()
    this.#figures.set(agentId, fresh)
    return fresh
  }

  #put(
    agentId: string,
    startMs: number,
    figure: Figure,
    detail: string,
    change: (before: number) => number,
  ): void {
    const figures = this.#of(agentId)
    const key = `${startMs} ${figure} ${detail}`
    const amount = change(figures.get(key)?.amount ?? 0)
    figures.set(key, { startMs, figure, detail, amount })
  }
}

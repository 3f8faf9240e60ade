import { Type, type Static } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { delayPercentile, HOUR_MS, type PeriodFigures } from '../ports/statistics-store.ts'
import { described } from '../schema/described.ts'
import { invalidParameter } from '../schema/errors.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import {
  agentStatistics,
  endStatistics,
  failureStatistics,
  periodStatistics,
  statisticsFigures,
} from '../schema/statistics.ts'
import { gmtTime, wireId, wireInteger, wireTime } from '../schema/wire.ts'
import { operation } from './operation.ts'

const DAY_MS = 24 * HOUR_MS
const LONGEST_MS = 31 * DAY_MS
const AGENTS_LIMIT = 50

export const describeStatistics = operation({
  name: 'DescribeStatistics',
  version: OWN_VERSION,
  summary: 'Tells how many calls there are and were, and how they went, period by period.',
  errors: ['AgentNotFound', 'EndTimeMismatch'],
  input: Type.Object({
    StartTime: Type.Optional(wireTime),
    EndTime: Type.Optional(wireTime),
    AIAgentId: Type.Optional(wireId()),
    PeriodHours: wireInteger({ minimum: 1, maximum: 24, default: 1 }),
  }),
  about: {
    StartTime:
      'The first hour is the one with this time in it, ISO 8601; 24 hours before EndTime when left out. Figures of the ' +
      'last 92 days are kept.',
    EndTime:
      'The last hour is the one with this time in it, ISO 8601; at most 31 days after StartTime. Left out it is ' +
      'now, or so long after StartTime.',
    AIAgentId: 'Only calls of this agent.',
    PeriodHours: {
      text: 'How long a period is; the first one begins with the first hour.',
      unit: 'h',
    },
  },
  output: Type.Object(
    described(
      {
        StartTime: Type.String(),
        EndTime: Type.String(),
        CallsNow: Type.Integer(),
        Total: statisticsFigures,
        Periods: Type.Array(periodStatistics),
        Agents: Type.Array(agentStatistics),
        EndReasons: Type.Array(endStatistics),
        Failures: Type.Array(failureStatistics),
      },
      {
        StartTime: 'Where the first hour begins.',
        EndTime: 'Where the last hour ends.',
        CallsNow: 'Calls that are created or running at this moment.',
        Total: 'The figures of the whole range.',
        Periods: 'The figures of every period in which something happened, oldest first.',
        Agents:
          'The agents with the most calls in the range, and those that have calls now; at most 50.',
        EndReasons: 'Why calls ended, the most frequent reason first.',
        Failures: 'What providers could not do, the most frequent first.',
      },
    ),
  ),
  run: async (input, { store, calls, clock }) => {
    const nowMs = clock.wallMs()
    const untilMs = nextHour(input.EndTime ?? usualEnd(input.StartTime, nowMs))
    const fromMs = hour(input.StartTime ?? untilMs - DAY_MS)
    if (fromMs >= untilMs) return fail({ code: 'EndTimeMismatch' })
    if (untilMs - fromMs > LONGEST_MS + HOUR_MS) {
      return fail(invalidParameter('EndTime', 'allowed: at most 31 days after StartTime'))
    }
    const { AIAgentId: agentId } = input
    if (agentId !== undefined && (await store.getAgent(agentId)) === undefined) {
      return fail({ code: 'AgentNotFound' })
    }
    const range = { fromMs, untilMs }
    const periodMs = input.PeriodHours * HOUR_MS
    const periods = await store.statistics.periods({
      ...range,
      periodMs,
      ...(agentId && { agentId }),
    })
    const found = await store.statistics.agents({ ...range, limit: AGENTS_LIMIT })
    const now = calls.activeCounts()
    const others = [...now.keys()].filter((id) => found.every((one) => one.agentId !== id))
    const none = { started: 0, durationMs: 0, mostCalls: 0 }
    const agents = [...found, ...others.map((id) => ({ agentId: id, ...none }))]
      .filter((one) => agentId === undefined || one.agentId === agentId)
      .slice(0, AGENTS_LIMIT)
    const names = await Promise.all(agents.map((one) => store.getAgent(one.agentId)))
    const count = (id: string): number => now.get(id) ?? 0
    return ok({
      StartTime: gmtTime(fromMs),
      EndTime: gmtTime(untilMs),
      CallsNow: agentId === undefined ? sumOf([...now.values()]) : count(agentId),
      Total: figuresOf(periods),
      Periods: periods.map((one) => ({ StartTime: gmtTime(one.startMs), ...figuresOf([one]) })),
      Agents: agents.map((one, index) => ({
        AIAgentId: one.agentId,
        Name: names[index]?.name ?? one.agentId,
        CallsNow: count(one.agentId),
        Calls: one.started,
        Minutes: minutesOf(one.durationMs),
        MostCalls: Math.max(one.mostCalls, count(one.agentId)),
      })),
      EndReasons: reasonsOf(periods),
      Failures: failuresOf(periods),
    })
  },
})

const usualEnd = (fromMs: number | undefined, nowMs: number): number =>
  fromMs === undefined ? nowMs : Math.max(fromMs, Math.min(nowMs, fromMs + LONGEST_MS))
const hour = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS
const nextHour = (atMs: number): number => hour(atMs) + HOUR_MS
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)
const minutesOf = (ms: number): number => Math.round(ms / 600) / 100

function figuresOf(periods: readonly PeriodFigures[]): Static<typeof statisticsFigures> {
  const answers = new Map<number, number>()
  for (const one of periods) {
    for (const [bucket, count] of one.answers) {
      answers.set(bucket, (answers.get(bucket) ?? 0) + count)
    }
  }
  const [p50Ms, p95Ms] = [0.5, 0.95].map((share) => delayPercentile(answers, share))
  const sum = (figure: (one: PeriodFigures) => number): number => sumOf(periods.map(figure))
  return {
    Calls: sum(({ started }) => started),
    Ended: sum(({ ended }) => sumOf(Object.values(ended))),
    Minutes: minutesOf(sum(({ durationMs }) => durationMs)),
    MostCalls: Math.max(0, ...periods.map(({ mostCalls }) => mostCalls)),
    Turns: sum(({ turns }) => turns),
    Answers: sumOf([...answers.values()]),
    ...(p50Ms !== undefined && { AnswerDelayP50Ms: Math.round(p50Ms) }),
    ...(p95Ms !== undefined && { AnswerDelayP95Ms: Math.round(p95Ms) }),
    Interruptions: sum(({ interruptions }) => interruptions),
    FalseInterruptions: sum(({ falseInterruptions }) => falseInterruptions),
    Failures: sum(({ failures }) => sumOf(failures.map(({ count }) => count))),
  }
}

function reasonsOf(periods: readonly PeriodFigures[]): Static<typeof endStatistics>[] {
  const counts = new Map<string, number>()
  for (const { ended } of periods) {
    for (const [reason, count] of Object.entries(ended)) {
      counts.set(reason, (counts.get(reason) ?? 0) + count)
    }
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([EndReason, Count]) => ({ EndReason, Count }))
}

function failuresOf(periods: readonly PeriodFigures[]): Static<typeof failureStatistics>[] {
  const counts = new Map<string, Static<typeof failureStatistics>>()
  for (const { kind, provider, count } of periods.flatMap(({ failures }) => failures)) {
    const key = `${kind} ${provider}`
    const before = counts.get(key)?.Count ?? 0
    counts.set(key, { Kind: kind, Provider: provider, Count: before + count })
  }
  return [...counts.values()].toSorted((a, b) => b.Count - a.Count)
}

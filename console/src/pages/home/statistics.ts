import { ask, type Answer, type Body } from '../../base/api.ts'

const HOUR_MS = 3_600_000

/** The ranges that can be looked at: how long they are, and how long their periods. */
export const RANGES = {
  day: { days: 1, periodHours: 1 },
  week: { days: 7, periodHours: 6 },
  month: { days: 30, periodHours: 24 },
} as const

export type Range = keyof typeof RANGES

export const isRange = (text: string | null): text is Range =>
  text !== null && Object.hasOwn(RANGES, text)

export interface Figures {
  readonly calls: number
  readonly ended: number
  readonly minutes: number
  readonly mostCalls: number
  readonly turns: number
  readonly answers: number
  readonly p50Ms?: number
  readonly p95Ms?: number
  readonly interruptions: number
  readonly falseInterruptions: number
  readonly failures: number
}

export interface Period extends Partial<Figures> {
  readonly startMs: number
  readonly endMs: number
}

export interface AgentFigures {
  readonly agentId: string
  readonly name: string
  readonly callsNow: number
  readonly mostCalls: number
  readonly calls: number
  readonly minutes: number
}

export interface Statistics {
  /** How long a period is. */
  readonly periodHours: number
  readonly callsNow: number
  readonly total: Figures
  /** All of the range, also those in which nothing happened. */
  readonly periods: readonly Period[]
  readonly agents: readonly AgentFigures[]
  readonly endReasons: readonly { readonly reason: string; readonly count: number }[]
  readonly failures: readonly {
    readonly kind: string
    readonly provider: string
    readonly count: number
  }[]
}

export async function describeStatistics(range: Range, nowMs: number): Promise<Answer<Statistics>> {
  const { periodHours } = RANGES[range]
  const startMs = startOf(range, nowMs)
  const answer = await ask({
    action: 'DescribeStatistics',
    parameters: { StartTime: new Date(startMs).toISOString(), PeriodHours: String(periodHours) },
  })
  return answer.ok ? { ok: true, value: readStatistics(answer.value, periodHours) } : answer
}

/** The last 24 hours; or whole days of the user's own time zone, today the last. */
function startOf(range: Range, nowMs: number): number {
  if (range === 'day') return (Math.floor(nowMs / HOUR_MS) - 23) * HOUR_MS
  const today = new Date(nowMs)
  const { days } = RANGES[range]
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - days + 1).getTime()
}

export function readStatistics(body: Body, periodHours: number): Statistics {
  const startMs = Date.parse(String(body['StartTime']))
  const endMs = Date.parse(String(body['EndTime']))
  const periodMs = periodHours * HOUR_MS
  const told = new Map(
    list(body['Periods']).map((one) => [Date.parse(String(one['StartTime'])), figuresOf(one)]),
  )
  const count = Math.max(0, Math.ceil((endMs - startMs) / periodMs))
  return {
    periodHours,
    callsNow: Number(body['CallsNow'] ?? 0),
    total: figuresOf((body['Total'] ?? {}) as Body),
    periods: Array.from({ length: count }, (_, index) => {
      const from = startMs + index * periodMs
      return { startMs: from, endMs: Math.min(endMs, from + periodMs), ...told.get(from) }
    }),
    agents: list(body['Agents']).map((one) => ({
      agentId: String(one['AIAgentId']),
      name: String(one['Name']),
      callsNow: Number(one['CallsNow']),
      mostCalls: Number(one['MostCalls']),
      calls: Number(one['Calls']),
      minutes: Number(one['Minutes']),
    })),
    endReasons: list(body['EndReasons']).map((one) => ({
      reason: String(one['EndReason']),
      count: Number(one['Count']),
    })),
    failures: list(body['Failures']).map((one) => ({
      kind: String(one['Kind']),
      provider: String(one['Provider']),
      count: Number(one['Count']),
    })),
  }
}

function figuresOf(body: Body): Figures {
  const number = (name: string): number => Number(body[name] ?? 0)
  const [p50Ms, p95Ms] = [body['AnswerDelayP50Ms'], body['AnswerDelayP95Ms']]
  return {
    calls: number('Calls'),
    ended: number('Ended'),
    minutes: number('Minutes'),
    mostCalls: number('MostCalls'),
    turns: number('Turns'),
    answers: number('Answers'),
    ...(typeof p50Ms === 'number' && { p50Ms }),
    ...(typeof p95Ms === 'number' && { p95Ms }),
    interruptions: number('Interruptions'),
    falseInterruptions: number('FalseInterruptions'),
    failures: number('Failures'),
  }
}

const list = (value: unknown): readonly Body[] => (Array.isArray(value) ? (value as Body[]) : [])

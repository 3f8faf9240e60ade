import { ask, CALL_API_VERSION, type Answer, type Body } from '../../base/api.ts'

export interface Call {
  readonly instanceId: string
  readonly agentId: string
  readonly sessionId: string
  readonly status: 'Created' | 'Executing' | 'Finished'
  readonly createdMs: number
  readonly executingMs: number | undefined
  readonly finishedMs: number | undefined
  readonly durationMs: number | undefined
  readonly endReason: string
  readonly turns: number
  readonly interruptions: number
  readonly answerP50Ms: number | undefined
  readonly answerP95Ms: number | undefined
}

/** As they stand in the address of the page, so that a search can be shared. */
export interface Filters {
  readonly agent: string
  readonly status: string
  readonly text: string
  readonly from: string
  readonly until: string
  readonly seconds: string
  readonly reason: string
  readonly session: string
  readonly order: string
}

export const FILTER_NAMES = [
  'agent',
  'status',
  'text',
  'from',
  'until',
  'seconds',
  'reason',
  'session',
  'order',
] as const satisfies readonly (keyof Filters)[]

/** Order of the list: its name in the address, and what the operation calls it. */
export const ORDERS = {
  newest: ['CreateTime', 'Desc'],
  oldest: ['CreateTime', 'Asc'],
  longestFirst: ['Duration', 'Desc'],
  shortestFirst: ['Duration', 'Asc'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

export const readFilters = (query: URLSearchParams): Filters => {
  const entries = FILTER_NAMES.map((name) => [name, query.get(name) ?? ''] as const)
  return Object.fromEntries(entries) as unknown as Filters
}

/** The filters as parameters of SearchAIAgentInstances; times of the user's own zone become UTC. */
export function searchParameters(filters: Filters): Readonly<Record<string, unknown>> {
  const [orderBy, order] = ORDERS[filters.order as keyof typeof ORDERS] ?? ORDERS.newest
  const seconds = Number(filters.seconds)
  return {
    AIAgentId: filters.agent || undefined,
    Status: filters.status || undefined,
    Text: filters.text || undefined,
    CreatedAfter: utc(filters.from),
    CreatedBefore: utc(filters.until),
    MinDurationMs: filters.seconds !== '' && seconds >= 0 ? Math.round(seconds * 1000) : undefined,
    EndReason: filters.reason || undefined,
    SessionId: filters.session || undefined,
    OrderBy: orderBy,
    Order: order,
  }
}

/** `2026-11-23T08:00` of an input, in the browser's zone; `undefined` for what is no time. */
export function utc(local: string): string | undefined {
  const ms = Date.parse(local)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

export interface CallPage {
  readonly calls: readonly Call[]
  readonly next: string | undefined
  readonly total: number | undefined
  readonly isExact: boolean
}

const PAGE_SIZE = 50

export async function searchCalls(
  parameters: Readonly<Record<string, unknown>>,
  next?: string,
): Promise<Answer<CallPage>> {
  const answer = await ask({
    action: 'SearchAIAgentInstances',
    parameters: {
      ...parameters,
      MaxResults: PAGE_SIZE,
      NextToken: next,
      Total: next === undefined ? 'Estimated' : 'None',
    },
  })
  if (!answer.ok) return answer
  const { Instances, NextToken, TotalCount, TotalIsExact } = answer.value
  return {
    ok: true,
    value: {
      calls: (Instances as readonly Body[]).map(readCall),
      next: NextToken === undefined ? undefined : String(NextToken),
      total: TotalCount === undefined ? undefined : Number(TotalCount),
      isExact: TotalIsExact !== false,
    },
  }
}

export const stopCall = (instanceId: string): Promise<Answer<Body>> =>
  ask({
    action: 'StopAIAgentInstance',
    version: CALL_API_VERSION,
    parameters: { InstanceId: instanceId },
  })

export const sayInCall = (instanceId: string, text: string): Promise<Answer<Body>> =>
  ask({
    action: 'SendAIAgentSpeech',
    version: CALL_API_VERSION,
    parameters: { InstanceId: instanceId, Text: text },
  })

export function readCall(call: Body): Call {
  return {
    instanceId: String(call['InstanceId']),
    agentId: String(call['AIAgentId']),
    sessionId: String(call['SessionId'] ?? ''),
    status: call['Status'] as Call['status'],
    createdMs: Date.parse(String(call['GmtCreate'])),
    executingMs: time(call['GmtExecuting']),
    finishedMs: time(call['GmtFinished']),
    durationMs: number(call['DurationMs']),
    endReason: String(call['EndReason'] ?? ''),
    turns: number(call['Turns']) ?? 0,
    interruptions: number(call['Interruptions']) ?? 0,
    answerP50Ms: number(call['AnswerDelayP50Ms']),
    answerP95Ms: number(call['AnswerDelayP95Ms']),
  }
}

const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined
const time = (value: unknown): number | undefined =>
  typeof value === 'string' ? Date.parse(value) : undefined

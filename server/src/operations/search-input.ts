import { Type, type Static } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import type { CallEndReason } from '../ports/call-record.ts'
import type { CallFilter, CallSearch, FoundCall } from '../ports/search-store.ts'
import type { Store } from '../ports/store.ts'
import { invalidParameter, type ApiError } from '../schema/errors.ts'
import { gmtTime, wireId, wireTime } from '../schema/wire.ts'

const END_REASONS: Readonly<Record<CallEndReason, true>> = {
  stopped: true,
  'client-stop': true,
  'user-never-came': true,
  'user-left': true,
  idle: true,
  'hangup-function': true,
  'takeover-ended': true,
  shutdown: true,
  lost: true,
  error: true,
}

const LONGEST_MS = 1e12
const durationParameter = () => Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_MS }))

/** The filters and the order of SearchAIAgentInstances and ExportAIAgentInstances. */
export const searchParameters = {
  InstanceId: Type.Optional(wireId()),
  AIAgentId: Type.Optional(wireId()),
  Status: Type.Optional(Type.Enum(['Created', 'Executing', 'Finished'])),
  CreatedAfter: Type.Optional(wireTime),
  CreatedBefore: Type.Optional(wireTime),
  FinishedAfter: Type.Optional(wireTime),
  FinishedBefore: Type.Optional(wireTime),
  MinDurationMs: durationParameter(),
  MaxDurationMs: durationParameter(),
  EndReason: Type.Optional(Type.Enum(Object.keys(END_REASONS) as CallEndReason[])),
  SessionId: Type.Optional(Type.String({ maxLength: 256 })),
  UserDataPath: Type.Optional(Type.String({ maxLength: 256 })),
  UserDataValue: Type.Optional(Type.String({ maxLength: 1024 })),
  Text: Type.Optional(Type.String({ maxLength: 200 })),
  TextBy: Type.Optional(Type.Enum(['User', 'Agent'])),
  OrderBy: Type.Enum(['CreateTime', 'Duration'], { default: 'CreateTime' }),
  Order: Type.Enum(['Desc', 'Asc'], { default: 'Desc' }),
}

export const ABOUT_SEARCH = {
  InstanceId: 'Only this call.',
  AIAgentId: 'Only calls of this agent.',
  Status: 'Only calls that are so.',
  CreatedAfter: 'Only calls started at that time or later, ISO 8601.',
  CreatedBefore: 'Only calls started at that time or earlier, ISO 8601.',
  FinishedAfter: 'Only calls that ended at that time or later, ISO 8601.',
  FinishedBefore: 'Only calls that ended at that time or earlier, ISO 8601.',
  MinDurationMs: { text: 'Only finished calls that took at least so long.', unit: 'ms' },
  MaxDurationMs: { text: 'Only finished calls that took at most so long.', unit: 'ms' },
  EndReason: 'Only calls that ended for this reason.',
  SessionId: 'Only calls of this session.',
  UserDataPath:
    'With UserDataValue: only calls whose UserData is a JSON object in which the member at this path ' +
    '(names with dots between, as in customer.id; entries of a list stand under its own path) has that value.',
  UserDataValue: 'The value at UserDataPath: a text, a number, true or false.',
  Text:
    'Only calls in which all these words were said, whatever their case and accents. Words in "double quotes" ' +
    'stand next to each other, refund* finds refunded too, and any part of a Chinese sentence is found.',
  TextBy: 'Who said the Text; either when left out.',
  OrderBy: 'What the calls are ordered by. By Duration only finished calls are found.',
  Order: 'Desc: newest or longest first. Asc: the other way round.',
} as const

type SearchInput = Static<ReturnType<typeof searchInput>>
const searchInput = () => Type.Object(searchParameters)

/** What a request asks for, without its page. */
export async function readSearch(
  input: SearchInput,
  store: Store,
): Promise<Result<Pick<CallSearch, 'filter' | 'orderBy' | 'direction'>, ApiError>> {
  const wrong = contradiction(input)
  if (wrong !== undefined) return fail(wrong)
  const { AIAgentId: agentId } = input
  if (agentId !== undefined && (await store.getAgent(agentId)) === undefined) {
    return fail({ code: 'AgentNotFound' })
  }
  return ok({
    filter: filterOf(input),
    orderBy: input.OrderBy === 'Duration' ? 'duration' : 'created',
    direction: input.Order === 'Asc' ? 'asc' : 'desc',
  })
}

function contradiction(input: SearchInput): ApiError | undefined {
  const ranges = [
    ['CreatedAfter', 'CreatedBefore'],
    ['FinishedAfter', 'FinishedBefore'],
    ['MinDurationMs', 'MaxDurationMs'],
  ] as const
  for (const [least, most] of ranges) {
    if ((input[least] ?? -Infinity) > (input[most] ?? Infinity)) {
      return invalidParameter(most, `it must not be less than ${least}`)
    }
  }
  const { UserDataPath: path, UserDataValue: value, Text: text, TextBy: by } = input
  if (path === undefined && value !== undefined) {
    return invalidParameter('UserDataPath', 'it must be given with UserDataValue')
  }
  if (path !== undefined && value === undefined) {
    return invalidParameter('UserDataValue', 'it must be given with UserDataPath')
  }
  if (text !== undefined && !/[\p{L}\p{N}]/u.test(text)) {
    return invalidParameter('Text', 'allowed: text with a letter or digit in it')
  }
  if (text === undefined && by !== undefined) {
    return invalidParameter('TextBy', 'it must be given with Text')
  }
  return undefined
}

function filterOf(input: SearchInput): CallFilter {
  const { UserDataPath: path, UserDataValue: value, Text: text, TextBy: by } = input
  const given = {
    instanceId: input.InstanceId,
    agentId: input.AIAgentId,
    status: input.Status,
    createdFromMs: input.CreatedAfter,
    createdUntilMs: input.CreatedBefore,
    finishedFromMs: input.FinishedAfter,
    finishedUntilMs: input.FinishedBefore,
    minDurationMs: input.MinDurationMs,
    maxDurationMs: input.MaxDurationMs,
    endReason: input.EndReason,
    sessionId: input.SessionId,
    userData: path === undefined || value === undefined ? undefined : { path, value },
    said:
      text === undefined
        ? undefined
        : { text, ...(by && { by: by === 'User' ? ('user' as const) : ('agent' as const) }) },
  }
  const entries = Object.entries(given).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries) as CallFilter
}

/** A call as answers show it. */
export function callAnswer(call: FoundCall) {
  const { sessionId, userData, executingMs, finishedMs, durationMs, endReason } = call
  const { answerP50Ms, answerP95Ms } = call
  return {
    InstanceId: call.instanceId,
    AIAgentId: call.agentId,
    ...(sessionId !== undefined && { SessionId: sessionId }),
    Status: call.status,
    ChannelId: call.channelId,
    AIAgentUserId: call.agentUserId,
    ...(userData !== undefined && { UserData: userData }),
    GmtCreate: gmtTime(call.createdMs),
    ...(executingMs !== undefined && { GmtExecuting: gmtTime(executingMs) }),
    ...(finishedMs !== undefined && { GmtFinished: gmtTime(finishedMs) }),
    ...(durationMs !== undefined && { DurationMs: Math.round(durationMs) }),
    ...(endReason !== undefined && { EndReason: endReason }),
    Turns: call.turns,
    Interruptions: call.interruptions,
    ...(answerP50Ms !== undefined && { AnswerDelayP50Ms: Math.round(answerP50Ms) }),
    ...(answerP95Ms !== undefined && { AnswerDelayP95Ms: Math.round(answerP95Ms) }),
  }
}

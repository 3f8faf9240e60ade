import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import type { StoredCallback } from '../ports/callback-store.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { gmtTime, wireId, wireInteger } from '../schema/wire.ts'
import { callbackFilter } from './notify-input.ts'
import { operation } from './operation.ts'

const callback = Type.Object(
  described(
    {
      EventId: Type.String(),
      AIAgentId: Type.String(),
      InstanceId: Type.String(),
      Event: Type.String(),
      Body: Type.String(),
      Attempts: Type.Integer(),
      LastError: Type.Optional(Type.String()),
      GmtCreate: Type.String(),
      GmtFailed: Type.Optional(Type.String()),
    },
    {
      EventId: 'The same in every delivery of the event.',
      AIAgentId: 'The agent.',
      InstanceId: 'The call.',
      Event: 'Name of the event.',
      Body: 'What is posted: JSON text.',
      Attempts: 'Deliveries that were tried, since it was last sent again by hand.',
      LastError: 'Why the last of them failed.',
      GmtCreate: 'When the event entered the queue.',
      GmtFailed: 'When it was given up.',
    },
  ),
)

export const listCallbacks = operation({
  name: 'ListCallbacks',
  version: OWN_VERSION,
  summary: 'Lists events that could not be delivered, or are still to be, newest first.',
  errors: [],
  input: Type.Object({
    Status: Type.Enum(['Failed', 'Waiting'], { default: 'Failed' }),
    AIAgentId: Type.Optional(wireId()),
    InstanceId: Type.Optional(wireId()),
    PageSize: wireInteger({ minimum: 0, maximum: 100, default: 20 }),
    PageNumber: wireInteger({ minimum: 1, maximum: 1_000_000, default: 1 }),
  }),
  about: {
    Status: 'Failed: given up after a day. Waiting: not delivered yet.',
    AIAgentId: 'Only those of this agent.',
    InstanceId: 'Only those of this call.',
    PageSize: 'How many entries a page has.',
    PageNumber: 'Which page, from 1.',
  },
  output: Type.Object(
    described(
      { Callbacks: Type.Array(callback), TotalCount: Type.Integer() },
      { Callbacks: 'The events.', TotalCount: 'How many there are on all pages.' },
    ),
  ),
  run: async (input, { store }) => {
    const status = input.Status === 'Failed' ? 'failed' : 'waiting'
    const query = { ...callbackFilter(input), status } as const
    const { PageSize: pageSize, PageNumber: pageNumber } = input
    const [found, total] = await Promise.all([
      store.callbacks.listCallbacks({ ...query, pageSize, pageNumber }),
      store.callbacks.countCallbacks(query),
    ])
    return ok({ Callbacks: found.map(answerOf), TotalCount: total })
  },
})

const answerOf = (one: StoredCallback) => ({
  EventId: one.eventId,
  AIAgentId: one.agentId,
  InstanceId: one.instanceId,
  Event: one.event,
  Body: one.body,
  Attempts: one.attempts,
  ...(one.lastError !== undefined && { LastError: one.lastError }),
  GmtCreate: gmtTime(one.createdMs),
  ...(one.failedMs !== undefined && { GmtFailed: gmtTime(one.failedMs) }),
})

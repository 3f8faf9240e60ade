import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { RESEND_LIMIT } from '../ports/callback-store.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { readCallbackFilter } from './notify-input.ts'
import { operation } from './operation.ts'

export const resendCallbacks = operation({
  name: 'ResendCallbacks',
  version: OWN_VERSION,
  summary: `Sends failed events again, for another day, the oldest ${RESEND_LIMIT} that are meant; their ids stay.`,
  errors: ['MissingAIAgentId'],
  input: Type.Object({
    AIAgentId: Type.Optional(wireId()),
    InstanceId: Type.Optional(wireId()),
    EventIds: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 100 })),
  }),
  about: {
    AIAgentId: 'Those of this agent. Required when neither a call nor events are named.',
    InstanceId: 'Those of this call.',
    EventIds: 'These events: a JSON list of ids.',
  },
  output: Type.Object(
    described(
      { ResentCount: Type.Integer(), RemainingCount: Type.Integer() },
      {
        ResentCount: 'How many are on their way again.',
        RemainingCount: 'How many more were meant: ask once more.',
      },
    ),
  ),
  run: async (input, { store, clock }) => {
    const filter = readCallbackFilter(input)
    if (!filter.ok) return filter
    const ResentCount = await store.callbacks.resendCallbacks(filter.value, clock.wallMs())
    const query = { ...filter.value, status: 'failed' } as const
    const RemainingCount = await store.callbacks.countCallbacks(query)
    return ok({ ResentCount, RemainingCount })
  },
})

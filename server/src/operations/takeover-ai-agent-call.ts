import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { makeChannelToken } from '../schema/channel-token.ts'
import { invalidParameter } from '../schema/errors.ts'
import { CHANNEL_NAME, CHANNEL_NAME_RULE } from '../schema/runtime-config.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { commandCall } from './running-call.ts'

/** Life of the human's token, s: it has to last for the rest of the call. */
const TOKEN_LIFE_S = 86_400

export const takeoverAIAgentCall = operation({
  name: 'TakeoverAIAgentCall',
  summary:
    "Puts a human in the agent's place: the agent falls silent, and the human joins its channel.",
  errors: ['InstanceNotFound', 'InvalidInstanceStatus', 'ServiceUnavailable'],
  input: Type.Object({
    InstanceId: wireId(),
    HumanAgentUserId: Type.Optional(wireId({ maxLength: 64 })),
    RequireToken: Type.Optional(Type.Boolean()),
  }),
  about: {
    InstanceId: 'The call, by the id that its start gave back.',
    HumanAgentUserId: 'The human in the channel; made up when left out.',
    RequireToken: {
      text: 'Whether to give back a token with which the human joins.',
      default: false,
    },
  },
  output: Type.Object(
    described(
      {
        ChannelId: Type.String(),
        HumanAgentUserId: Type.String(),
        Token: Type.Optional(Type.String()),
      },
      {
        ChannelId: 'The channel to join.',
        HumanAgentUserId: 'The name to join it by.',
        Token: 'The token to join it with, good for 24 hours; only with RequireToken.',
      },
    ),
  ),
  run: async (input, context) => {
    const { store, ids, rtcApp, clock } = context
    const userId = input.HumanAgentUserId || ids.hex32()
    if (!CHANNEL_NAME.test(userId)) {
      return fail(invalidParameter('HumanAgentUserId', `allowed: ${CHANNEL_NAME_RULE}`))
    }
    const instance = await store.getInstance(input.InstanceId)
    if (instance?.agentUserId === userId) {
      return fail(invalidParameter('HumanAgentUserId', 'it is the name of the agent'))
    }
    const command = { type: 'takeover', humanUserId: userId } as const
    const taken = await commandCall(input.InstanceId, command, context)
    if (!taken.ok) return taken
    const channelId = instance?.channelId ?? ''
    const expiresS = Math.floor(clock.wallMs() / 1000) + TOKEN_LIFE_S
    return ok({
      ChannelId: channelId,
      HumanAgentUserId: userId,
      ...(input.RequireToken === true && {
        Token: makeChannelToken({ ...rtcApp, channelId, userId, expiresS }),
      }),
    })
  },
})

import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { makeChannelToken } from '../schema/channel-token.ts'
import { invalidParameter } from '../schema/errors.ts'
import { CHANNEL_NAME, CHANNEL_NAME_RULE, makeRuntimeConfig } from '../schema/runtime-config.ts'
import { wireId, wireInteger } from '../schema/wire.ts'
import { startParameters } from './call-input.ts'
import { operation } from './operation.ts'
import { configFor, findAgent, startCall } from './start-call.ts'

/** Longest life of a user's token, and the life of the agent's, s. */
const WEEK_S = 604_800

export const generateAIAgentCall = operation({
  name: 'GenerateAIAgentCall',
  summary: 'Starts a call and makes its channel, and a token for the user.',
  errors: ['AgentNotFound', 'ServiceUnavailable'],
  input: Type.Object({
    AIAgentId: wireId(),
    UserId: Type.Optional(wireId({ maxLength: 64 })),
    Expire: wireInteger({ minimum: 0, maximum: WEEK_S, default: 3600 }),
    ...startParameters,
  }),
  about: {
    AIAgentId: 'The agent, by its id of 32 hexadecimal digits.',
    UserId: 'The user in the channel; made up when left out.',
    Expire: { text: 'Life of the token.', unit: 's' },
    AgentConfig:
      "Configuration laid over the agent's own, member by member. Goes before TemplateConfig.",
    TemplateConfig:
      "Deprecated form of AgentConfig: settings under the agent's kind, as VoiceChat.",
    UserData: 'Text of yours, kept with the call and sent to models and callbacks; JSON by custom.',
    SessionId: 'Conversation that the call belongs to; calls of one session share their dialogues.',
    ChatSyncConfig: 'Accepted; messaging agents, whose history it feeds, are not there yet.',
  },
  output: Type.Object(
    described(
      {
        InstanceId: Type.String(),
        ChannelId: Type.String(),
        AIAgentUserId: Type.String(),
        UserId: Type.String(),
        Token: Type.String(),
      },
      {
        InstanceId: 'Id of the new call.',
        ChannelId: 'The channel that was made for it.',
        AIAgentUserId: 'The agent’s name in the channel.',
        UserId: 'The user’s name in the channel.',
        Token: 'The token that the user joins with.',
      },
    ),
  ),
  run: async (input, context) => {
    const { ids, rtcApp, clock } = context
    const agent = await findAgent(input.AIAgentId, context)
    if (!agent.ok) return agent
    const userId = input.UserId ?? ids.hex32()
    if (!CHANNEL_NAME.test(userId)) {
      return fail(invalidParameter('UserId', `allowed: ${CHANNEL_NAME_RULE}`))
    }
    const config = configFor(agent.value, input, context)
    if (!config.ok) return config
    const channelId = ids.hex32()
    const agentUserId = ids.hex32()
    const nowS = Math.floor(clock.wallMs() / 1000)
    const tokenFor = (user: string, lifeS: number): string =>
      makeChannelToken({ ...rtcApp, channelId, userId: user, expiresS: nowS + lifeS })
    const started = await startCall(
      {
        agent: agent.value,
        channelId,
        agentUserId,
        runtimeConfig: makeRuntimeConfig(
          { channelId, agentUserId, authToken: tokenFor(agentUserId, WEEK_S) },
          agent.value.type,
        ),
        config: config.value,
        userData: input.UserData,
        sessionId: input.SessionId,
        tokenLifeS: input.Expire,
      },
      context,
    )
    if (!started.ok) return started
    return ok({
      InstanceId: started.value,
      ChannelId: channelId,
      AIAgentUserId: agentUserId,
      UserId: userId,
      Token: tokenFor(userId, input.Expire),
    })
  },
})

import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { invalidParameter } from '../schema/errors.ts'
import { rtcRobotConfig } from '../schema/rtc-robot-config.ts'
import { CHANNEL_NAME, CHANNEL_NAME_RULE, makeRuntimeConfig } from '../schema/runtime-config.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { configFor, findAgent, joinChannel } from './start-call.ts'

/** The older form of StartAIAgentInstance: a robot is an agent, its instances are the agent's. */
export const startRtcRobotInstance = operation({
  name: 'StartRtcRobotInstance',
  summary:
    'Older form of StartAIAgentInstance: lets a robot, which is an agent, join a channel of yours.',
  errors: ['AgentNotFound', 'InvalidAuthToken', 'InstanceAlreadyExists', 'ServiceUnavailable'],
  input: Type.Object({
    RobotId: wireId(),
    ChannelId: wireId(),
    UserId: wireId(),
    AuthToken: wireId(),
    Config: Type.Optional(rtcRobotConfig),
    UserData: Type.Optional(Type.String()),
  }),
  about: {
    RobotId: 'The agent, by its id of 32 hexadecimal digits.',
    ChannelId: 'The channel to join.',
    UserId: "The robot's name in the channel.",
    AuthToken: "Token of that user in that channel, signed with the application's key.",
    Config: "Settings laid over the agent's own.",
    UserData: 'Text of yours, kept with the call and sent to models and callbacks; JSON by custom.',
  },
  output: Type.Object(
    described({ InstanceId: Type.String() }, { InstanceId: 'Id of the new call.' }),
  ),
  run: async (input, context) => {
    const agent = await findAgent(input.RobotId, context)
    if (!agent.ok) return agent
    const { ChannelId: channelId, UserId: agentUserId, AuthToken: authToken } = input
    for (const [name, value] of [
      ['ChannelId', channelId],
      ['UserId', agentUserId],
    ] as const) {
      if (!CHANNEL_NAME.test(value)) {
        return fail(invalidParameter(name, `allowed: ${CHANNEL_NAME_RULE}`))
      }
    }
    const { type } = agent.value
    const overlay = { TemplateConfig: { [type]: input.Config ?? {} } }
    const joining = { channelId, agentUserId, authToken }
    const started = await joinChannel(
      {
        agent: agent.value,
        ...joining,
        runtimeConfig: makeRuntimeConfig(joining, type),
        config: () => configFor(agent.value, overlay, context),
        userData: input.UserData,
        sessionId: undefined,
        tokenName: 'AuthToken',
      },
      context,
    )
    return started.ok ? ok({ InstanceId: started.value }) : started
  },
})

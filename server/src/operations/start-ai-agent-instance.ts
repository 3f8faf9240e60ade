import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { invalidParameter } from '../schema/errors.ts'
import { aiAgentRuntimeConfig, readRuntimeConfig } from '../schema/runtime-config.ts'
import { wireId } from '../schema/wire.ts'
import { startParameters } from './call-input.ts'
import { operation } from './operation.ts'
import { configFor, findAgent, joinChannel } from './start-call.ts'

export const startAIAgentInstance = operation({
  name: 'StartAIAgentInstance',
  summary: 'Lets an agent join a channel of yours with a token that you signed.',
  errors: ['AgentNotFound', 'InvalidAuthToken', 'InstanceAlreadyExists', 'ServiceUnavailable'],
  input: Type.Object({
    AIAgentId: wireId(),
    RuntimeConfig: aiAgentRuntimeConfig,
    ...startParameters,
  }),
  about: {
    AIAgentId: 'The agent, by its id of 32 hexadecimal digits.',
    RuntimeConfig: 'Channel, user id and token with which the agent joins.',
    AgentConfig:
      "Configuration laid over the agent's own, member by member. Goes before TemplateConfig.",
    TemplateConfig:
      "Deprecated form of AgentConfig: settings under the agent's kind, as VoiceChat.",
    UserData: 'Text of yours, kept with the call and sent to models and callbacks; JSON by custom.',
    SessionId: 'Conversation that the call belongs to; calls of one session share their dialogues.',
    ChatSyncConfig: 'Accepted; messaging agents, whose history it feeds, are not there yet.',
  },
  output: Type.Object(
    described({ InstanceId: Type.String() }, { InstanceId: 'Id of the new call.' }),
  ),
  run: async (input, context) => {
    const agent = await findAgent(input.AIAgentId, context)
    if (!agent.ok) return agent
    const joining = readRuntimeConfig(input.RuntimeConfig, agent.value.type)
    if (!joining.ok) {
      const { path, allowed, got } = joining.error
      return fail(invalidParameter(path, `allowed: ${allowed}; got: ${got}`))
    }
    const { channelId, agentUserId, authToken, runtimeConfig } = joining.value
    const started = await joinChannel(
      {
        agent: agent.value,
        channelId,
        agentUserId,
        authToken,
        runtimeConfig,
        config: () => configFor(agent.value, input, context),
        userData: input.UserData,
        sessionId: input.SessionId,
        tokenName: 'RuntimeConfig.AuthToken',
      },
      context,
    )
    return started.ok ? ok({ InstanceId: started.value }) : started
  },
})

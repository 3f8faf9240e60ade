import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { verifyChannelToken } from '../schema/channel-token.ts'
import { invalidParameter } from '../schema/errors.ts'
import { aiAgentRuntimeConfig, readRuntimeConfig } from '../schema/runtime-config.ts'
import { wireId } from '../schema/wire.ts'
import { startParameters } from './call-input.ts'
import { operation } from './operation.ts'
import { configFor, findAgent, startCall } from './start-call.ts'

/** Life of tokens that are made for a call whose caller signs its own, s. */
const TOKEN_LIFE_S = 86_400

export const startAIAgentInstance = operation({
  name: 'StartAIAgentInstance',
  input: Type.Object({
    AIAgentId: wireId(),
    RuntimeConfig: aiAgentRuntimeConfig,
    ...startParameters,
  }),
  output: Type.Object({ InstanceId: Type.String() }),
  run: async (input, context) => {
    const agent = await findAgent(input.AIAgentId, context)
    if (!agent.ok) return agent
    const joining = readRuntimeConfig(input.RuntimeConfig, agent.value.type)
    if (!joining.ok) {
      const { path, allowed, got } = joining.error
      return fail(invalidParameter(path, `allowed: ${allowed}; got: ${got}`))
    }
    const { channelId, agentUserId, authToken, runtimeConfig } = joining.value
    const token = verifyChannelToken(authToken, {
      ...context.rtcApp,
      channelId,
      userId: agentUserId,
      nowS: context.clock.wallMs() / 1000,
    })
    if (!token.ok) {
      const message = `RuntimeConfig.AuthToken is not valid: ${token.error}`
      return fail({ code: 'InvalidAuthToken', message })
    }
    const config = configFor(agent.value, input, context)
    if (!config.ok) return config
    const started = await startCall(
      {
        agent: agent.value,
        channelId,
        agentUserId,
        runtimeConfig,
        config: config.value,
        userData: input.UserData,
        sessionId: input.SessionId,
        tokenLifeS: TOKEN_LIFE_S,
      },
      context,
    )
    return started.ok ? ok({ InstanceId: started.value }) : started
  },
})

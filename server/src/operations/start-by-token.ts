import { Type, type Static } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import { makeChannelToken } from '../schema/channel-token.ts'
import { invalidParameter, type ApiError } from '../schema/errors.ts'
import type { SchemaNode } from '../schema/read.ts'
import { CHANNEL_NAME, CHANNEL_NAME_RULE, makeRuntimeConfig } from '../schema/runtime-config.ts'
import { isObject, wireId, wireInteger } from '../schema/wire.ts'
import { startParameters } from './call-input.ts'
import type { OperationContext } from './context.ts'
import { checkInput } from './operation.ts'
import { configFor, findAgent, startCall } from './start-call.ts'

const WEEK_S = 604_800
/** What the vendor's clients send. */
const DEFAULT_LIFE_S = 86_400

const parameters = Type.Object({
  AIAgentId: wireId(),
  AIAgentUserId: Type.Optional(wireId({ maxLength: 64 })),
  Expire: wireInteger({ minimum: 0, maximum: WEEK_S, default: DEFAULT_LIFE_S }),
  ...startParameters,
})

export interface StartedByToken {
  readonly InstanceId: string
  readonly ChannelId: string
  readonly AIAgentUserId: string
}

/**
 * The third way to start a call, beside StartAIAgentInstance and GenerateAIAgentCall: whoever has a token for a
 * channel has an agent come into it. `Expire` is the life of tokens that are made for the call later.
 */
export async function startByToken(
  given: unknown,
  joining: { readonly channelId: string; readonly userId: string },
  context: OperationContext & {
    /** Which agents the operator has opened to clients. */
    mayStartByToken(agentId: string): boolean
  },
): Promise<Result<StartedByToken, ApiError>> {
  if (!isObject(given))
    return fail({ code: 'InvalidParameter', message: 'The body is no JSON object.' })
  const read = checkInput(parameters as unknown as SchemaNode, (name) =>
    Object.hasOwn(given, name) ? given[name] : undefined,
  )
  if (!read.ok) return read
  const input = read.value as Static<typeof parameters>
  if (!context.mayStartByToken(input.AIAgentId)) {
    const message =
      'This server does not let clients of a channel start that agent (ANTIPHON_START_BY_TOKEN).'
    return fail({ code: 'NoPermission', message })
  }
  const agent = await findAgent(input.AIAgentId, context)
  if (!agent.ok) return agent
  const { channelId } = joining
  const agentUserId = input.AIAgentUserId ?? context.ids.hex32()
  if (!CHANNEL_NAME.test(agentUserId) || agentUserId === joining.userId) {
    const allowed = `allowed: ${CHANNEL_NAME_RULE}, and another name than the user's`
    return fail(invalidParameter('AIAgentUserId', allowed))
  }
  const config = configFor(agent.value, input, context)
  if (!config.ok) return config
  const expiresS = Math.floor(context.clock.wallMs() / 1000) + WEEK_S
  const authToken = makeChannelToken({
    ...context.rtcApp,
    channelId,
    userId: agentUserId,
    expiresS,
  })
  const started = await startCall(
    {
      agent: agent.value,
      channelId,
      agentUserId,
      runtimeConfig: makeRuntimeConfig({ channelId, agentUserId, authToken }, agent.value.type),
      config: config.value,
      userData: input.UserData,
      sessionId: input.SessionId,
      tokenLifeS: input.Expire,
    },
    context,
  )
  if (!started.ok) return started
  return ok({ InstanceId: started.value, ChannelId: channelId, AIAgentUserId: agentUserId })
}

import { fail, ok, type Result } from '../base/result.ts'
import type { CallsError, CallSpec } from '../ports/calls.ts'
import type { AgentRecord } from '../ports/store.ts'
import { verifyChannelToken } from '../schema/channel-token.ts'
import { invalidParameter, type ApiError } from '../schema/errors.ts'
import { overlayConfig, type CallConfig, type ConfigOverlay } from './call-config.ts'
import type { OperationContext } from './context.ts'

/** How often a new instance id is drawn before something must be wrong with their source. */
const ID_DRAWS = 3

export interface CallStart {
  readonly agent: AgentRecord
  readonly channelId: string
  readonly agentUserId: string
  readonly runtimeConfig: Readonly<Record<string, unknown>>
  readonly config: CallConfig
  readonly userData: string | undefined
  readonly sessionId: string | undefined
  readonly tokenLifeS: number
}

/** An agent that can take calls. */
export async function findAgent(
  agentId: string,
  { store }: OperationContext,
): Promise<Result<AgentRecord, ApiError>> {
  const agent = await store.getAgent(agentId)
  if (agent === undefined || agent.deletedMs !== undefined) return fail({ code: 'AgentNotFound' })
  return ok(agent)
}

/** The effective configuration of a new call of that agent. */
export const configFor = (
  agent: AgentRecord,
  overlay: ConfigOverlay,
  context: OperationContext,
): Result<CallConfig, ApiError> =>
  overlayConfig({ ...agent, isAgents: true, defaultAsr: context.defaultProviders.asr }, overlay)

/** Life of tokens that are made for a call whose caller signs its own, s. */
const TOKEN_LIFE_S = 86_400

/** Starts a call in a channel that its caller has made, with a token that its caller has signed. */
export async function joinChannel(
  start: Omit<CallStart, 'config' | 'tokenLifeS'> & {
    readonly authToken: string
    /** Of the parameter that holds the token. */
    readonly tokenName: string
    readonly config: () => Result<CallConfig, ApiError>
  },
  context: OperationContext,
): Promise<Result<string, ApiError>> {
  const { channelId, agentUserId: userId, authToken, tokenName } = start
  const nowS = context.clock.wallMs() / 1000
  const token = verifyChannelToken(authToken, { ...context.rtcApp, channelId, userId, nowS })
  if (!token.ok) {
    return fail({ code: 'InvalidAuthToken', message: `${tokenName} is not valid: ${token.error}` })
  }
  const config = start.config()
  if (!config.ok) return config
  return startCall({ ...start, config: config.value, tokenLifeS: TOKEN_LIFE_S }, context)
}

/** Records a new instance, then starts its call. A call that cannot start is recorded as finished. */
export async function startCall(
  start: CallStart,
  context: OperationContext,
): Promise<Result<string, ApiError>> {
  const { calls, clock, ids, inTurn } = context
  if (calls.isTaken(start.channelId, start.agentUserId)) {
    return fail({ code: 'InstanceAlreadyExists' })
  }
  const createdMs = clock.wallMs()
  for (let draw = 0; draw < ID_DRAWS; draw += 1) {
    const instanceId = ids.instanceId(createdMs)
    // Whoever finds it in the list and stops or changes it waits until it has been started.
    const started = await inTurn(`instance ${instanceId}`, () =>
      startInstance(start, { instanceId, createdMs }, context),
    )
    if (started !== 'id taken') return started
  }
  throw new Error('the source of instance ids repeats itself')
}

async function startInstance(
  start: CallStart,
  created: Pick<CallSpec, 'instanceId' | 'createdMs'>,
  context: OperationContext,
): Promise<Result<string, ApiError> | 'id taken'> {
  const { calls } = context
  const { instanceId } = created
  const spec = await createInstance(start, created, context)
  if (spec === undefined) return 'id taken'
  // Another start may have taken the place while the instance was being written.
  if (calls.isTaken(start.channelId, start.agentUserId)) {
    return giveUp(instanceId, { code: 'InstanceAlreadyExists' }, context)
  }
  try {
    const started = await calls.start(spec)
    if (!started.ok) return await giveUp(instanceId, errorOf(started.error), context)
  } catch (error) {
    await giveUp(instanceId, { code: 'InternalError' }, context)
    throw error
  }
  return ok(instanceId)
}

/** Nothing when there is such an id already. */
async function createInstance(
  start: CallStart,
  created: Pick<CallSpec, 'instanceId' | 'createdMs'>,
  { store }: OperationContext,
): Promise<CallSpec | undefined> {
  const { agent, channelId, agentUserId, tokenLifeS, userData, sessionId } = start
  const spec = {
    ...created,
    agentId: agent.agentId,
    type: agent.type,
    channelId,
    agentUserId,
    agentConfig: start.config.agentConfig,
    providers: agent.providers,
    ...(userData === undefined ? {} : { userData }),
    tokenLifeS,
  }
  const stored = await store.createInstance({
    ...spec,
    runtimeConfig: JSON.stringify(start.runtimeConfig),
    templateConfig: start.config.templateConfig,
    ...(sessionId === undefined ? {} : { sessionId }),
  })
  return stored.ok ? spec : undefined
}

async function giveUp(
  instanceId: string,
  error: ApiError,
  { store, clock, log }: OperationContext,
): Promise<Result<string, ApiError>> {
  log.warn('call not started', { instanceId, code: error.code })
  await store.recordCall(instanceId, [{ type: 'finished', atMs: clock.wallMs(), reason: 'error' }])
  return fail(error)
}

function errorOf(error: CallsError): ApiError {
  if (error.code === 'unavailable') return { code: 'ServiceUnavailable', message: error.message }
  return invalidParameter(error.parameter, error.message.replace(/\.$/, ''))
}

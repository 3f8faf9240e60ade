import { fail, ok, type Result } from '../base/result.ts'
import type { CallsError, CallSpec } from '../ports/calls.ts'
import type { AgentRecord } from '../ports/store.ts'
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
  overlayConfig({ ...agent, defaultAsr: context.defaultProviders.asr }, overlay)

/** Records a new instance, then starts its call. A call that cannot start is recorded as finished. */
export async function startCall(
  start: CallStart,
  context: OperationContext,
): Promise<Result<string, ApiError>> {
  const { calls } = context
  const isTaken = (): boolean => calls.isTaken(start.channelId, start.agentUserId)
  if (isTaken()) return fail({ code: 'InstanceAlreadyExists' })
  const spec = await createInstance(start, context)
  // Another start may have taken the place while the instance was being written.
  if (isTaken()) return giveUp(spec.instanceId, { code: 'InstanceAlreadyExists' }, context)
  try {
    const started = await calls.start(spec)
    if (!started.ok) return await giveUp(spec.instanceId, errorOf(started.error), context)
  } catch (error) {
    await giveUp(spec.instanceId, { code: 'InternalError' }, context)
    throw error
  }
  return ok(spec.instanceId)
}

async function createInstance(start: CallStart, context: OperationContext): Promise<CallSpec> {
  const { clock, ids, store } = context
  const { agent, channelId, agentUserId, tokenLifeS, userData, sessionId } = start
  const createdMs = clock.wallMs()
  const both = {
    agentId: agent.agentId,
    type: agent.type,
    channelId,
    agentUserId,
    agentConfig: start.config.agentConfig,
    providers: agent.providers,
    ...(userData === undefined ? {} : { userData }),
    createdMs,
    tokenLifeS,
  }
  for (let draw = 0; draw < ID_DRAWS; draw += 1) {
    const instanceId = ids.instanceId(createdMs)
    const created = await store.createInstance({
      ...both,
      instanceId,
      runtimeConfig: JSON.stringify(start.runtimeConfig),
      templateConfig: start.config.templateConfig,
      ...(sessionId === undefined ? {} : { sessionId }),
    })
    if (created.ok) return { ...both, instanceId }
  }
  throw new Error('the source of instance ids repeats itself')
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

import { fail, ok } from '../base/result.ts'
import type { InstanceRecord } from '../ports/store.ts'
import { overlayConfig, type ConfigOverlay } from './call-config.ts'
import type { OperationContext } from './context.ts'
import type { Outcome } from './operation.ts'

export interface CallUpdate {
  /** What is laid over the configuration that the call has. */
  readonly overlay?: (type: InstanceRecord['type']) => ConfigOverlay
  readonly userData?: string | undefined
}

/** Changes a running call, stored before the call hears of it. Changes of one call come one after the other. */
export const updateCall = (
  instanceId: string,
  given: CallUpdate,
  context: OperationContext,
): Promise<Outcome<Record<never, never>>> =>
  context.inTurn(`instance ${instanceId}`, () => update(instanceId, given, context))

async function update(
  instanceId: string,
  given: CallUpdate,
  context: OperationContext,
): Promise<Outcome<Record<never, never>>> {
  const { overlay, userData } = given
  const { store, calls, clock, defaultProviders } = context
  const instance = await store.getInstance(instanceId)
  if (instance === undefined) return fail({ code: 'InstanceNotFound' })
  if (instance.status === 'Finished') return fail({ code: 'InvalidInstanceStatus' })
  const base = { ...instance, defaultAsr: defaultProviders.asr }
  const config = overlay === undefined ? undefined : overlayConfig(base, overlay(instance.type))
  if (config?.ok === false) return config
  const change = { ...config?.value, ...(userData === undefined ? {} : { userData }) }
  if (Object.keys(change).length === 0) return ok({})
  const changed = await store.updateInstance(instanceId, {
    ...change,
    modifiedMs: clock.wallMs(),
    ...(config === undefined ? {} : { basedOn: instance.agentConfig }),
  })
  // The user has changed something in between: once more, from what there is now.
  if (!changed.ok) return update(instanceId, given, context)
  const { templateConfig: _, ...forCall } = { templateConfig: '', ...change }
  await calls.update(instanceId, forCall)
  return ok({})
}

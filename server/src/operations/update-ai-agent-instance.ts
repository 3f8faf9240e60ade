import { Type, type Static } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { wireId } from '../schema/wire.ts'
import { overlayConfig } from './call-config.ts'
import { overlayParameters } from './call-input.ts'
import type { OperationContext } from './context.ts'
import { operation, type Outcome } from './operation.ts'

const input = Type.Object({
  InstanceId: wireId(),
  ...overlayParameters,
  UserData: Type.Optional(Type.String()),
})

export const updateAIAgentInstance = operation({
  name: 'UpdateAIAgentInstance',
  input,
  output: Type.Object({}),
  run: (given, context) =>
    context.inTurn(`instance ${given.InstanceId}`, () => update(given, context)),
})

async function update(
  given: Static<typeof input>,
  { store, calls, clock, defaultProviders }: OperationContext,
): Promise<Outcome<Record<never, never>>> {
  const instance = await store.getInstance(given.InstanceId)
  if (instance === undefined) return fail({ code: 'InstanceNotFound' })
  if (instance.status === 'Finished') return fail({ code: 'InvalidInstanceStatus' })
  const hasConfig = given.AgentConfig !== undefined || given.TemplateConfig !== undefined
  const config = overlayConfig({ ...instance, defaultAsr: defaultProviders.asr }, given)
  if (hasConfig && !config.ok) return config
  const change = {
    ...(hasConfig && config.ok ? config.value : {}),
    ...(given.UserData === undefined ? {} : { userData: given.UserData }),
  }
  if (Object.keys(change).length === 0) return ok({})
  await store.updateInstance(given.InstanceId, { ...change, modifiedMs: clock.wallMs() })
  const { templateConfig: _, ...forCall } = { templateConfig: '', ...change }
  await calls.update(given.InstanceId, forCall)
  return ok({})
}

import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const stopAIAgentInstance = operation({
  name: 'StopAIAgentInstance',
  input: Type.Object({ InstanceId: wireId() }),
  output: Type.Object({}),
  run: async ({ InstanceId }, { store, calls }) => {
    const instance = await store.getInstance(InstanceId)
    if (instance === undefined) return fail({ code: 'InstanceNotFound' })
    // Stopping what has ended succeeds without effect.
    if (instance.status !== 'Finished') await calls.stop(InstanceId)
    return ok({})
  },
})

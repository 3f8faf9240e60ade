import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const deleteAIAgentInstance = operation({
  name: 'DeleteAIAgentInstance',
  version: OWN_VERSION,
  summary: 'Deletes a finished call and everything about it, for good.',
  errors: ['InstanceNotFound', 'InvalidInstanceStatus'],
  input: Type.Object({ InstanceId: wireId() }),
  about: { InstanceId: 'The call, by the id that its start gave back.' },
  output: Type.Object({}),
  run: ({ InstanceId }, { store, recordings, inTurn }) =>
    inTurn(`instance ${InstanceId}`, async () => {
      const instance = await store.getInstance(InstanceId)
      // The row goes last: what fails half way can be asked for again.
      if (instance?.status === 'Finished') await recordings.remove(InstanceId)
      const deleted = await store.retention.deleteCall(InstanceId)
      if (deleted.ok) return ok({})
      if (deleted.error === 'unknown') return fail({ code: 'InstanceNotFound' })
      const message = 'The call is not finished: stop it first.'
      return fail({ code: 'InvalidInstanceStatus', message })
    }),
})

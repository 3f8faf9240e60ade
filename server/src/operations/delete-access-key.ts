import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { ACCESS_TURN } from './access-input.ts'
import { operation } from './operation.ts'

export const deleteAccessKey = operation({
  name: 'DeleteAccessKey',
  version: OWN_VERSION,
  summary: 'Deletes an access key.',
  errors: ['EntityNotExist.AccessKey'],
  callers: 'account',
  input: Type.Object({ UserAccessKeyId: Type.String() }),
  about: { UserAccessKeyId: 'The key.' },
  output: Type.Object({}),
  run: ({ UserAccessKeyId: accessKeyId }, { access, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      if (access.key(accessKeyId) === undefined) return fail({ code: 'EntityNotExist.AccessKey' })
      await access.change({ type: 'key-delete', accessKeyId })
      return ok({})
    }),
})

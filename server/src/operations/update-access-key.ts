import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { ACCESS_TURN } from './access-input.ts'
import { operation } from './operation.ts'

/**
 * An inactive key is refused until it is active again. (`AccessKeyId` would be the caller's own in requests with
 * the old signature.)
 */
export const updateAccessKey = operation({
  name: 'UpdateAccessKey',
  version: OWN_VERSION,
  summary: 'Makes an access key active or inactive.',
  errors: ['EntityNotExist.AccessKey'],
  callers: 'account',
  input: Type.Object({ UserAccessKeyId: Type.String(), Status: Type.Enum(['Active', 'Inactive']) }),
  about: {
    UserAccessKeyId:
      "The key. (AccessKeyId would be the caller's own in requests with the old signature.)",
    Status: 'Inactive keys are refused until they are active again.',
  },
  output: Type.Object({}),
  run: ({ UserAccessKeyId: accessKeyId, Status: status }, { access, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const key = access.key(accessKeyId)
      if (key === undefined) return fail({ code: 'EntityNotExist.AccessKey' })
      await access.change({ type: 'key-put', key: { ...key, status } })
      return ok({})
    }),
})

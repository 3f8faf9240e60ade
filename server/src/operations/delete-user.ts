import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { ACCESS_TURN } from './access-input.ts'
import { operation } from './operation.ts'

/** The user's keys go with it and are refused from then on. */
export const deleteUser = operation({
  name: 'DeleteUser',
  version: OWN_VERSION,
  summary: 'Deletes a user with its keys.',
  errors: ['EntityNotExist.User'],
  callers: 'account',
  input: Type.Object({ UserName: Type.String() }),
  about: { UserName: 'The user.' },
  output: Type.Object({}),
  run: ({ UserName: name }, { access, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const user = access.user(name)
      if (user === undefined) return fail({ code: 'EntityNotExist.User' })
      await access.change({ type: 'user-delete', userId: user.userId })
      return ok({})
    }),
})

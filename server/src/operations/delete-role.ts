import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { ACCESS_TURN } from './access-input.ts'
import { operation } from './operation.ts'

/** Running sessions of the role lose their rights at once. */
export const deleteRole = operation({
  name: 'DeleteRole',
  version: OWN_VERSION,
  summary: 'Deletes a role; its sessions are without rights at once.',
  errors: ['EntityNotExist.Role'],
  callers: 'account',
  input: Type.Object({ RoleName: Type.String() }),
  about: { RoleName: 'The role.' },
  output: Type.Object({}),
  run: ({ RoleName: name }, { access, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const role = access.role(name)
      if (role === undefined) return fail({ code: 'EntityNotExist.Role' })
      await access.change({ type: 'role-delete', roleId: role.roleId })
      return ok({})
    }),
})

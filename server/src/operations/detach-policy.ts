import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { ACCESS_TURN, holderParameters, readHolder } from './access-input.ts'
import { operation } from './operation.ts'

/** Takes a policy from a user or a role, for running sessions too. Detaching again succeeds. */
export const detachPolicy = operation({
  name: 'DetachPolicy',
  version: OWN_VERSION,
  summary: 'Takes a policy from a user or a role.',
  errors: [
    'MissingUserName',
    'EntityNotExist.Policy',
    'EntityNotExist.User',
    'EntityNotExist.Role',
  ],
  callers: 'account',
  input: Type.Object(holderParameters),
  about: {
    PolicyName: 'The policy.',
    UserName: 'The user who loses it.',
    RoleName: 'The role that loses it.',
  },
  output: Type.Object({}),
  run: (input, { access, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const { PolicyName: policyName } = input
      const holder = readHolder(input, access)
      if (!holder.ok) return holder
      if (access.policy(policyName) === undefined) return fail({ code: 'EntityNotExist.Policy' })
      await access.change({ type: 'detach', attachment: { policyName, holderId: holder.value } })
      return ok({})
    }),
})

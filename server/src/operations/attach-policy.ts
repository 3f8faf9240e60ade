import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { ACCESS_TURN, ATTACHMENTS_LIMIT, holderParameters, readHolder } from './access-input.ts'
import { operation } from './operation.ts'

/** Gives a policy to a user or a role. Attaching again succeeds. */
export const attachPolicy = operation({
  name: 'AttachPolicy',
  version: OWN_VERSION,
  summary: 'Gives a policy to a user or a role.',
  errors: [
    'MissingUserName',
    'EntityNotExist.Policy',
    'EntityNotExist.User',
    'EntityNotExist.Role',
    'LimitExceeded',
  ],
  callers: 'account',
  input: Type.Object(holderParameters),
  about: {
    PolicyName: 'The policy.',
    UserName: 'The user who gets it.',
    RoleName: 'The role that gets it.',
  },
  output: Type.Object({}),
  run: (input, { access, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const { PolicyName: policyName } = input
      const holder = readHolder(input, access)
      if (!holder.ok) return holder
      if (access.policy(policyName) === undefined) return fail({ code: 'EntityNotExist.Policy' })
      const attached = access.policiesOf(holder.value)
      if (attached.some(({ name }) => name === policyName)) return ok({})
      if (attached.length >= ATTACHMENTS_LIMIT) return fail({ code: 'LimitExceeded' })
      await access.change({ type: 'attach', attachment: { policyName, holderId: holder.value } })
      return ok({})
    }),
})

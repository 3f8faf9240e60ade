import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { SYSTEM_POLICIES } from '../access/system-policies.ts'
import { invalidParameter } from '../schema/errors.ts'
import { ACCESS_TURN } from './access-input.ts'
import { operation } from './operation.ts'

/** Only of a policy that nobody has: a refusal must not vanish by the way. */
export const deletePolicy = operation({
  name: 'DeletePolicy',
  version: OWN_VERSION,
  summary: 'Deletes a policy that nobody has.',
  errors: ['EntityNotExist.Policy', 'DeleteConflict.Policy'],
  callers: 'account',
  input: Type.Object({ PolicyName: Type.String() }),
  about: { PolicyName: 'The policy.' },
  output: Type.Object({}),
  run: ({ PolicyName: name }, { access, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      if (SYSTEM_POLICIES.has(name)) {
        return fail(invalidParameter('PolicyName', 'policies of the system cannot be deleted'))
      }
      if (access.policy(name) === undefined) return fail({ code: 'EntityNotExist.Policy' })
      if (access.isAttached(name)) return fail({ code: 'DeleteConflict.Policy' })
      await access.change({ type: 'policy-delete', name })
      return ok({})
    }),
})

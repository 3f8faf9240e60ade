import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { SYSTEM_POLICIES } from '../access/system-policies.ts'
import { accessPolicy } from '../schema/access.ts'
import { invalidParameter } from '../schema/errors.ts'
import { policyAnswer } from './access-answer.ts'
import {
  ACCESS_TURN,
  descriptionParameter,
  nameError,
  POLICIES_LIMIT,
  policyError,
} from './access-input.ts'
import { operation } from './operation.ts'

/** Makes a policy or replaces the one of that name, for all who have it. */
export const putPolicy = operation({
  name: 'PutPolicy',
  version: OWN_VERSION,
  callers: 'account',
  input: Type.Object({
    PolicyName: Type.String(),
    /** JSON text. */
    PolicyDocument: Type.String(),
    Description: descriptionParameter,
  }),
  output: Type.Object({ Policy: accessPolicy }),
  run: (input, { access, clock, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const { PolicyName: name, PolicyDocument: document, Description: description = '' } = input
      const error =
        nameError('PolicyName', name) ?? policyError('PolicyDocument', document, 'identity')
      if (error !== undefined) return fail(error)
      if (SYSTEM_POLICIES.has(name)) {
        return fail(invalidParameter('PolicyName', 'policies of the system cannot be changed'))
      }
      const before = access.policy(name)
      if (before === undefined && access.policies().length >= POLICIES_LIMIT) {
        return fail({ code: 'LimitExceeded' })
      }
      const modifiedMs = clock.wallMs()
      const createdMs = before?.createdMs ?? modifiedMs
      const policy = { name, description, document, createdMs, modifiedMs }
      await access.change({ type: 'policy-put', policy })
      return ok({ Policy: policyAnswer(policy) })
    }),
})

import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
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
  summary: 'Makes a policy, or replaces the one of that name for all who have it.',
  errors: ['LimitExceeded'],
  callers: 'account',
  input: Type.Object({
    PolicyName: Type.String(),
    /** JSON text. */
    PolicyDocument: Type.String(),
    Description: descriptionParameter,
  }),
  about: {
    PolicyName: 'Its name, 1 to 128 letters, digits, hyphens.',
    PolicyDocument: 'The policy, JSON text in the policy language, version "1".',
    Description: 'What it is for, for people.',
  },
  output: Type.Object(described({ Policy: accessPolicy }, { Policy: 'The policy as it is now.' })),
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

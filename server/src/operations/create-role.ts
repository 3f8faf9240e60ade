import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { accessRole } from '../schema/access.ts'
import { wireInteger } from '../schema/wire.ts'
import { roleAnswer } from './access-answer.ts'
import {
  ACCESS_TURN,
  descriptionParameter,
  nameError,
  newPrincipalId,
  policyError,
  ROLES_LIMIT,
} from './access-input.ts'
import { operation } from './operation.ts'

/** Who may assume a role that does not say: all of the account whose own policies allow it. */
const trustInAccount = (accountId: string): string =>
  JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: `acs:ram::${accountId}:root` },
      },
    ],
  })

export const createRole = operation({
  name: 'CreateRole',
  version: OWN_VERSION,
  summary: 'Makes a role that others may assume for a while.',
  errors: ['EntityAlreadyExists.Role', 'LimitExceeded'],
  callers: 'account',
  input: Type.Object({
    RoleName: Type.String(),
    Description: descriptionParameter,
    /** JSON text. */
    AssumeRolePolicyDocument: Type.Optional(Type.String()),
    /** Longest session, s. */
    MaxSessionDuration: wireInteger({ minimum: 3600, maximum: 43_200, default: 3600 }),
  }),
  about: {
    RoleName: 'Its name, 1 to 64 letters, digits, dots, hyphens.',
    Description: 'What it is for, for people.',
    AssumeRolePolicyDocument:
      'Who may assume it, as a policy with principals; all of the account when left out.',
    MaxSessionDuration: { text: 'Longest session.', unit: 's' },
  },
  output: Type.Object(described({ Role: accessRole }, { Role: 'The role.' })),
  run: (input, { access, ids, clock, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const { RoleName: name, Description: description = '' } = input
      const trustPolicy = input.AssumeRolePolicyDocument ?? trustInAccount(access.accountId)
      const error =
        nameError('RoleName', name) ?? policyError('AssumeRolePolicyDocument', trustPolicy, 'trust')
      if (error !== undefined) return fail(error)
      if (access.role(name) !== undefined) return fail({ code: 'EntityAlreadyExists.Role' })
      if (access.roles().length >= ROLES_LIMIT) return fail({ code: 'LimitExceeded' })
      const role = {
        roleId: newPrincipalId(ids),
        name,
        description,
        trustPolicy,
        maxSessionS: input.MaxSessionDuration,
        createdMs: clock.wallMs(),
      }
      await access.change({ type: 'role-put', role })
      return ok({ Role: roleAnswer(role, access) })
    }),
})

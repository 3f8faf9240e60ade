import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { accessUser } from '../schema/access.ts'
import { userAnswer } from './access-answer.ts'
import { ACCESS_TURN, nameError, newPrincipalId, USERS_LIMIT } from './access-input.ts'
import { operation } from './operation.ts'

/** A user can do nothing until it has a key and a policy. */
export const createUser = operation({
  name: 'CreateUser',
  version: OWN_VERSION,
  summary: 'Makes a user, who can do nothing until it has a key and a policy.',
  errors: ['EntityAlreadyExists.User', 'LimitExceeded'],
  callers: 'account',
  input: Type.Object({
    UserName: Type.String(),
    DisplayName: Type.Optional(Type.String({ maxLength: 128 })),
  }),
  about: {
    UserName: 'Its name, 1 to 64 letters, digits, dots, hyphens, underscores, at signs.',
    DisplayName: 'What it is called, for people.',
  },
  output: Type.Object(described({ User: accessUser }, { User: 'The user.' })),
  run: ({ UserName: name, DisplayName: displayName = '' }, { access, ids, clock, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const error = nameError('UserName', name)
      if (error !== undefined) return fail(error)
      if (access.user(name) !== undefined) return fail({ code: 'EntityAlreadyExists.User' })
      if (access.users().length >= USERS_LIMIT) return fail({ code: 'LimitExceeded' })
      const user = { userId: newPrincipalId(ids), name, displayName, createdMs: clock.wallMs() }
      await access.change({ type: 'user-put', user })
      return ok({ User: userAnswer(user, access) })
    }),
})

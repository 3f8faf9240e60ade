import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { randomText } from '../base/random-text.ts'
import { newAccessKey } from '../schema/access.ts'
import { keyAnswer } from './access-answer.ts'
import { ACCESS_TURN, KEYS_PER_USER_LIMIT } from './access-input.ts'
import { operation } from './operation.ts'

/** The only answer that shows the secret. */
export const createAccessKey = operation({
  name: 'CreateAccessKey',
  version: OWN_VERSION,
  summary: 'Makes an access key of a user. Its secret is shown this once.',
  errors: ['EntityNotExist.User', 'LimitExceeded'],
  callers: 'account',
  input: Type.Object({ UserName: Type.String() }),
  about: { UserName: 'The user.' },
  output: Type.Object(
    described(
      { AccessKey: newAccessKey },
      { AccessKey: 'The key with its secret, which is not shown again.' },
    ),
  ),
  run: ({ UserName: name }, { access, ids, clock, inTurn }) =>
    inTurn(ACCESS_TURN, async () => {
      const user = access.user(name)
      if (user === undefined) return fail({ code: 'EntityNotExist.User' })
      if (access.keysOf(user).length >= KEYS_PER_USER_LIMIT) return fail({ code: 'LimitExceeded' })
      const key = {
        accessKeyId: `LTAI5t${randomText(ids, 18)}`,
        userId: user.userId,
        secret: randomText(ids, 30),
        status: 'Active' as const,
        createdMs: clock.wallMs(),
      }
      await access.change({ type: 'key-put', key })
      return ok({ AccessKey: { ...keyAnswer(key, user), AccessKeySecret: key.secret } })
    }),
})

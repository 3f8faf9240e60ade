import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { accessKey } from '../schema/access.ts'
import { keyAnswer } from './access-answer.ts'
import { operation } from './operation.ts'

/** Without the secrets: they were shown once. */
export const listAccessKeys = operation({
  name: 'ListAccessKeys',
  version: OWN_VERSION,
  summary: 'Lists the access keys, without their secrets.',
  errors: ['EntityNotExist.User'],
  callers: 'account',
  input: Type.Object({ UserName: Type.String() }),
  about: { UserName: "Only this user's." },
  output: Type.Object(
    described({ AccessKeys: Type.Array(accessKey) }, { AccessKeys: 'The keys.' }),
  ),
  run: async ({ UserName: name }, { access }) => {
    const user = access.user(name)
    if (user === undefined) return fail({ code: 'EntityNotExist.User' })
    return ok({ AccessKeys: access.keysOf(user).map((key) => keyAnswer(key, user)) })
  },
})

import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { accessUser } from '../schema/access.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { userAnswer } from './access-answer.ts'
import { operation } from './operation.ts'
import { PAGE_ABOUT, pageInput, pageOf } from './page-input.ts'

/** In the order in which they were made. */
export const listUsers = operation({
  name: 'ListUsers',
  version: OWN_VERSION,
  summary: 'Lists the users in the order in which they were made.',
  errors: [],
  callers: 'account',
  input: Type.Object(pageInput(100)),
  about: PAGE_ABOUT,
  output: Type.Object(
    described(
      { Users: Type.Array(accessUser), TotalCount: Type.Integer() },
      { Users: 'The users of the page.', TotalCount: 'How many there are on all pages.' },
    ),
  ),
  run: (input, { access }) => {
    const all = access.users()
    const page = pageOf(all, input)
    return Promise.resolve(
      ok({ Users: page.map((entry) => userAnswer(entry, access)), TotalCount: all.length }),
    )
  },
})

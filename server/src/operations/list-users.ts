import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { accessUser } from '../schema/access.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireInteger } from '../schema/wire.ts'
import { userAnswer } from './access-answer.ts'
import { operation } from './operation.ts'

/** In the order in which they were made. */
export const listUsers = operation({
  name: 'ListUsers',
  version: OWN_VERSION,
  summary: 'Lists the users in the order in which they were made.',
  errors: [],
  callers: 'account',
  input: Type.Object({
    PageSize: wireInteger({ minimum: 0, maximum: 100, default: 100 }),
    PageNumber: wireInteger({ minimum: 1, maximum: 100, default: 1 }),
  }),
  about: { PageSize: 'How many entries a page has.', PageNumber: 'Which page, from 1.' },
  output: Type.Object(
    described(
      { Users: Type.Array(accessUser), TotalCount: Type.Integer() },
      { Users: 'The users of the page.', TotalCount: 'How many there are on all pages.' },
    ),
  ),
  run: ({ PageSize: pageSize, PageNumber: pageNumber }, { access }) => {
    const all = access.users()
    const page = all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
    return Promise.resolve(
      ok({ Users: page.map((entry) => userAnswer(entry, access)), TotalCount: all.length }),
    )
  },
})

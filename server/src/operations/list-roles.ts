import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { accessRole } from '../schema/access.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { roleAnswer } from './access-answer.ts'
import { operation } from './operation.ts'
import { PAGE_ABOUT, pageInput, pageOf } from './page-input.ts'

/** In the order in which they were made. */
export const listRoles = operation({
  name: 'ListRoles',
  version: OWN_VERSION,
  summary: 'Lists the roles.',
  errors: [],
  callers: 'account',
  input: Type.Object(pageInput(100)),
  about: PAGE_ABOUT,
  output: Type.Object(
    described(
      { Roles: Type.Array(accessRole), TotalCount: Type.Integer() },
      { Roles: 'The roles of the page.', TotalCount: 'How many there are on all pages.' },
    ),
  ),
  run: (input, { access }) => {
    const all = access.roles()
    const page = pageOf(all, input)
    return Promise.resolve(
      ok({ Roles: page.map((entry) => roleAnswer(entry, access)), TotalCount: all.length }),
    )
  },
})

import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { accessRole } from '../schema/access.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireInteger } from '../schema/wire.ts'
import { roleAnswer } from './access-answer.ts'
import { operation } from './operation.ts'

/** In the order in which they were made. */
export const listRoles = operation({
  name: 'ListRoles',
  version: OWN_VERSION,
  summary: 'Lists the roles.',
  errors: [],
  callers: 'account',
  input: Type.Object({
    PageSize: wireInteger({ minimum: 0, maximum: 100, default: 100 }),
    PageNumber: wireInteger({ minimum: 1, maximum: 100, default: 1 }),
  }),
  about: { PageSize: 'How many entries a page has.', PageNumber: 'Which page, from 1.' },
  output: Type.Object(
    described(
      { Roles: Type.Array(accessRole), TotalCount: Type.Integer() },
      { Roles: 'The roles of the page.', TotalCount: 'How many there are on all pages.' },
    ),
  ),
  run: ({ PageSize: pageSize, PageNumber: pageNumber }, { access }) => {
    const all = access.roles()
    const page = all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
    return Promise.resolve(
      ok({ Roles: page.map((entry) => roleAnswer(entry, access)), TotalCount: all.length }),
    )
  },
})

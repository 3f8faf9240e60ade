import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { accessPolicy } from '../schema/access.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireInteger } from '../schema/wire.ts'
import { policyAnswer } from './access-answer.ts'
import { operation } from './operation.ts'

/** Those of the system first, then in the order in which they were made. */
export const listPolicies = operation({
  name: 'ListPolicies',
  version: OWN_VERSION,
  summary: 'Lists the policies, those of the system first.',
  errors: [],
  callers: 'account',
  input: Type.Object({
    PageSize: wireInteger({ minimum: 0, maximum: 100, default: 100 }),
    PageNumber: wireInteger({ minimum: 1, maximum: 100, default: 1 }),
  }),
  about: { PageSize: 'How many entries a page has.', PageNumber: 'Which page, from 1.' },
  output: Type.Object(
    described(
      { Policies: Type.Array(accessPolicy), TotalCount: Type.Integer() },
      { Policies: 'The policies of the page.', TotalCount: 'How many there are on all pages.' },
    ),
  ),
  run: ({ PageSize: pageSize, PageNumber: pageNumber }, { access }) => {
    const all = access.policies()
    const page = all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
    return Promise.resolve(
      ok({ Policies: page.map((entry) => policyAnswer(entry)), TotalCount: all.length }),
    )
  },
})

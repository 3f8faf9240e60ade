import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { accessPolicy } from '../schema/access.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { policyAnswer } from './access-answer.ts'
import { operation } from './operation.ts'
import { PAGE_ABOUT, pageInput, pageOf } from './page-input.ts'

/** Those of the system first, then in the order in which they were made. */
export const listPolicies = operation({
  name: 'ListPolicies',
  version: OWN_VERSION,
  summary: 'Lists the policies, those of the system first.',
  errors: [],
  callers: 'account',
  input: Type.Object(pageInput(100)),
  about: PAGE_ABOUT,
  output: Type.Object(
    described(
      { Policies: Type.Array(accessPolicy), TotalCount: Type.Integer() },
      { Policies: 'The policies of the page.', TotalCount: 'How many there are on all pages.' },
    ),
  ),
  run: (input, { access }) => {
    const all = access.policies()
    const page = pageOf(all, input)
    return Promise.resolve(
      ok({ Policies: page.map((entry) => policyAnswer(entry)), TotalCount: all.length }),
    )
  },
})

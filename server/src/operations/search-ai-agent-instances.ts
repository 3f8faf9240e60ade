import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { SearchBusy } from '../ports/search-store.ts'
import { described } from '../schema/described.ts'
import { invalidParameter } from '../schema/errors.ts'
import { foundCall } from '../schema/found-call.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireInteger } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { readCursor, writeCursor } from './search-cursor.ts'
import { ABOUT_SEARCH, callAnswer, readSearch, searchParameters } from './search-input.ts'

export const searchAIAgentInstances = operation({
  name: 'SearchAIAgentInstances',
  version: OWN_VERSION,
  summary: 'Finds calls by what they were, how they went and what was said in them.',
  errors: ['AgentNotFound'],
  input: Type.Object({
    ...searchParameters,
    MaxResults: wireInteger({ minimum: 1, maximum: 100, default: 20 }),
    NextToken: Type.Optional(Type.String({ maxLength: 1024 })),
    Total: Type.Enum(['None', 'Exact', 'Estimated'], { default: 'None' }),
  }),
  about: {
    ...ABOUT_SEARCH,
    MaxResults: 'How many calls an answer has at most.',
    NextToken:
      'The NextToken of the last answer, with the same filters and order: gives what follows. Calls that have ' +
      'been added meanwhile neither repeat a call nor leave one out.',
    Total:
      'Whether to tell how many calls there are. Exact goes through all of them; Estimated is quick, and ' +
      'exact for up to some thousands.',
  },
  output: Type.Object(
    described(
      {
        Instances: Type.Array(foundCall),
        NextToken: Type.Optional(Type.String()),
        TotalCount: Type.Optional(Type.Integer()),
        TotalIsExact: Type.Optional(Type.Boolean()),
      },
      {
        Instances: 'The calls.',
        NextToken: 'Leads to what follows; absent when there is no more.',
        TotalCount: 'How many calls there are, on all pages.',
        TotalIsExact: 'False when TotalCount is an estimate.',
      },
    ),
  ),
  run: async (input, { store, logUrl, origin }) => {
    const question = await readSearch(input, store)
    if (!question.ok) return question
    const { NextToken: token, Total: total } = input
    const after = token === undefined ? undefined : readCursor(token, question.value)
    if (token !== undefined && after === undefined) {
      const allowed = 'the NextToken of an answer to a search with the same filters and order'
      return fail(invalidParameter('NextToken', `allowed: ${allowed}`))
    }
    try {
      const [page, counted] = await Promise.all([
        store.search.page({ ...question.value, limit: input.MaxResults, ...(after && { after }) }),
        total === 'None'
          ? undefined
          : store.search.count(question.value.filter, total === 'Exact' ? 'exact' : 'estimated'),
      ])
      return ok({
        Instances: page.calls.map((call) => ({
          ...callAnswer(call),
          ...(call.status === 'Finished' && { CallLogUrl: logUrl(call.instanceId, origin) }),
        })),
        ...(page.next && { NextToken: writeCursor(page.next, question.value) }),
        ...(counted && { TotalCount: counted.count, TotalIsExact: counted.isExact }),
      })
    } catch (error) {
      if (error instanceof SearchBusy) return fail({ code: 'ServiceUnavailable' })
      throw error
    }
  },
})

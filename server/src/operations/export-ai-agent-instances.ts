import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import type { Sentence } from '../ports/call-record.ts'
import {
  SearchBusy,
  type CallPage,
  type CallSearch,
  type FoundCall,
  type SearchStore,
} from '../ports/search-store.ts'
import { exportedCall } from '../schema/found-call.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { gmtTime } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { ABOUT_SEARCH, callAnswer, readSearch, searchParameters } from './search-input.ts'

/** Calls that are in memory at a time. */
const CALLS_AT_A_TIME = 200

export const exportAIAgentInstances = operation({
  name: 'ExportAIAgentInstances',
  version: OWN_VERSION,
  summary:
    'Gives all calls that SearchAIAgentInstances would find as lines of JSON (application/x-ndjson), however many ' +
    'they are; the answer ends early, without a proper end of its chunks, only if something fails on the way.',
  errors: ['AgentNotFound'],
  form: 'lines',
  input: Type.Object({
    ...searchParameters,
    WithSentences: Type.Boolean({ default: false }),
  }),
  about: { ...ABOUT_SEARCH, WithSentences: 'Give what was said, too.' },
  output: exportedCall,
  run: async (input, { store }) => {
    const question = await readSearch(input, store)
    if (!question.ok) return question
    const search = {
      ...question.value,
      limit: CALLS_AT_A_TIME,
      withSentences: input.WithSentences,
    }
    try {
      // Asked for before the answer begins: what is wrong can still be told.
      return ok({ lines: lines(await store.search.page(search), search, store.search) })
    } catch (error) {
      if (error instanceof SearchBusy) return fail({ code: 'ServiceUnavailable' })
      throw error
    }
  },
})

/** Each page is asked for when the last one has been taken. */
async function* lines(
  first: CallPage,
  search: CallSearch,
  store: SearchStore,
): AsyncGenerator<Uint8Array> {
  for (let page: CallPage | undefined = first; page !== undefined;) {
    if (page.calls.length > 0) yield Buffer.from(page.calls.map(lineOf).join(''))
    page = page.next && (await store.page({ ...search, after: page.next }))
  }
}

function lineOf(call: FoundCall): string {
  const { sentences } = call
  const line = { ...callAnswer(call), ...(sentences && { Sentences: sentences.map(sentenceOf) }) }
  return `${JSON.stringify(line)}\n`
}

const sentenceOf = (sentence: Sentence) => ({
  Id: sentence.entryId,
  TurnId: sentence.turnId,
  Role: sentence.role,
  Type: sentence.kind,
  BeginTime: gmtTime(sentence.beginMs),
  Text: sentence.text,
})

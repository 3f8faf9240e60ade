import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFilters, searchParameters } from './calls.ts'

const asked = (query: string) =>
  JSON.parse(JSON.stringify(searchParameters(readFilters(new URLSearchParams(query)))))

test('without filters the newest calls are asked for', () => {
  assert.deepEqual(asked(''), { OrderBy: 'CreateTime', Order: 'Desc' })
})

test('filters of the address become parameters, wrong ones are left out', () => {
  assert.deepEqual(
    asked('agent=a1&status=Finished&text=refund&seconds=2.5&order=longestFirst&from=soon'),
    {
      AIAgentId: 'a1',
      Status: 'Finished',
      Text: 'refund',
      MinDurationMs: 2500,
      OrderBy: 'Duration',
      Order: 'Desc',
    },
  )
})

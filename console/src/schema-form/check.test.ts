import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApi } from '../../../server/src/operations/open-api.ts'
import { OPERATIONS } from '../../../server/src/operations/table.ts'
import { readDescription, type Schema } from '../base/open-api.ts'
import { check, rangeText, withMember } from './check.ts'

// The server's own description: the forms are made from nothing else.
const document = JSON.parse(JSON.stringify(openApi(OPERATIONS, '1'))) as Parameters<
  typeof readDescription
>[0]
const api = readDescription(document)
const agentConfig: Schema = { $ref: '#/components/schemas/AIAgentConfig' }
const paths = (value: object): readonly string[] =>
  check(agentConfig, value, api).map(({ path, kind, allowed }) => `${path} ${kind} ${allowed}`)

test('a good configuration has no issues, and empty text counts as not given', () => {
  assert.deepEqual(
    paths({ Greeting: 'Hi', AsrConfig: { AsrMaxSilence: 400, VadDuration: 0 }, AvatarUrl: '' }),
    [],
  )
})

test('each issue names its place and what is allowed there', () => {
  assert.deepEqual(
    paths({
      Greeting: 'x'.repeat(1025),
      AsrConfig: { AsrMaxSilence: 100, VadDuration: 150 },
      TurnDetectionConfig: { Mode: 'Sometimes' },
      WorkflowOverrideParams: '{',
      AutoSpeechConfig: { UserIdle: { MaxRepeats: 2 } },
    }),
    [
      'Greeting length ≤ 1024',
      'WorkflowOverrideParams json JSON',
      'AsrConfig.AsrMaxSilence range 200–1200',
      'AsrConfig.VadDuration range 0, 200–2000',
      'TurnDetectionConfig.Mode choice Normal, Semantic',
      'AutoSpeechConfig.UserIdle.WaitTime missing ',
    ],
  )
})

test('entries of a list are told apart', () => {
  assert.deepEqual(paths({ LlmConfig: { FunctionMap: [{}, { Function: 'dance' }] } }), [
    'LlmConfig.FunctionMap[1].Function choice hangup',
  ])
})

test('a range without an upper end says so', () => {
  assert.equal(rangeText({ type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 }), '≥ 0')
})

test('a member that is taken out leaves no empty structure behind', () => {
  assert.deepEqual(withMember({ a: 1, b: { c: 2 } }, 'b', {}), { a: 1 })
  assert.deepEqual(withMember({ a: 1 }, 'a', undefined), {})
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFlattened } from './flattened.ts'

const read = (text: string): unknown =>
  readFlattened(new Map(new URLSearchParams(text)), 'AgentConfig')

test('dotted names make a structure, numbers from 1 a list', () => {
  assert.deepEqual(
    read(
      'AgentConfig.Greeting=Hi&AgentConfig.AsrConfig.AsrHotWords.2=b&AgentConfig.AsrConfig.AsrHotWords.1=a' +
        '&AgentConfig.LlmConfig.LlmHistory.1.Role=user&AgentConfigs.X=1&Other=1',
    ),
    {
      Greeting: 'Hi',
      AsrConfig: { AsrHotWords: ['a', 'b'] },
      LlmConfig: { LlmHistory: [{ Role: 'user' }] },
    },
  )
})

test('there is no structure without dotted names', () => {
  assert.equal(read('AgentConfig={}&Other.A=1'), undefined)
  assert.equal(read('AgentConfig..A=1'), undefined)
})

test('a huge index makes no huge list, and no name reaches a prototype', () => {
  assert.deepEqual(read('AgentConfig.9999999=a'), { 9999999: 'a' })
  assert.deepEqual(read('AgentConfig.500=a'), ['a'])
  const evil = read('AgentConfig.__proto__.polluted=1&AgentConfig.A=1')
  assert.deepEqual(evil, { A: '1' })
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
})

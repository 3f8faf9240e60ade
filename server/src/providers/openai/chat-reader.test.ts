import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChatReader } from './chat-reader.ts'

test('a model that writes the arguments of a function is at work, and said to be', () => {
  const reader = new ChatReader()
  const chunk = (delta: object): string => JSON.stringify({ choices: [{ delta }] })
  const call = (given: object): string => chunk({ tool_calls: [{ index: 0, function: given }] })
  const steps = [
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Let me look.' }),
    call({ name: 'weather', arguments: '' }),
    call({ arguments: '{"city":' }),
    call({ arguments: '"Oslo"}' }),
    chunk({}),
  ].map((data) => reader.take(data).type)
  assert.deepEqual(steps, ['nothing', 'text', 'thought', 'thought', 'thought', 'nothing'])
  assert.deepEqual(reader.toolCalls, [{ name: 'weather', arguments: '{"city":"Oslo"}' }])
})

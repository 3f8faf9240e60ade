import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aiAgentConfig } from '../../../server/src/schema/ai-agent-config.ts'
import { sentenceIn } from './sentences.ts'
import chinese from './sentences-zh.json' with { type: 'json' }

function descriptionsIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found
  for (const [name, member] of Object.entries(value)) {
    if (name === 'description' && typeof member === 'string') found.add(member)
    else descriptionsIn(member, found)
  }
  return found
}

test('what the members of AgentConfig are for is told in Chinese too, and of no others', () => {
  const told = descriptionsIn(aiAgentConfig)
  assert.ok(told.size > 100)
  const missing = [...told].filter((sentence) => sentenceIn(sentence, 'zh') === sentence)
  assert.deepEqual(missing, [], 'to be added to sentences-zh.json')
  assert.deepEqual(
    Object.keys(chinese).filter((sentence) => !told.has(sentence)),
    [],
    'no longer used in sentences-zh.json',
  )
  assert.equal(sentenceIn('Silence that ends a sentence.', 'en'), 'Silence that ends a sentence.')
})

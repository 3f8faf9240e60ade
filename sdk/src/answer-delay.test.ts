import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerDelay } from './answer-delay.ts'

test('the first sound of an answer counts, not the end of what sounded before', () => {
  const delay = answerDelay()
  delay.userEnded(1000)
  assert.equal(delay.agentSounded(200, 1080), undefined, 'still the answer before')
  assert.equal(delay.agentSounded(3, 1160), undefined)
  assert.equal(delay.agentSounded(120, 1640), 640)
  assert.equal(delay.agentSaid(1700), undefined, 'once an answer')
})

test('what the agent says of its own accord has no delay', () => {
  assert.equal(answerDelay().agentSaid(500), undefined)
})

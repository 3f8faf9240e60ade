import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LlmEvents } from '../ports/llm.ts'
import { Thinking } from './thinking.ts'

test('that the model thinks is told once before its words, and again after them', () => {
  const told: string[] = []
  let model: LlmEvents | undefined
  const start = (_: unknown, events: LlmEvents) => {
    model = events
    return { cancel() {} }
  }
  const thinking = new Thinking(
    { name: 'm', start },
    {
      onDelta: (_, text) => told.push(text),
      onThinking: () => told.push('…'),
      onToolCall() {},
      onEnd: () => told.push('end'),
      onError() {},
    },
  )
  const request = { messages: [], extraQuery: '' }
  const extendData = { instanceId: 'i', channelId: 'c', sentenceId: 1 }
  thinking.start(1, { ...request, extendData })
  for (const text of ['', '', 'Let me look. ', '', '']) {
    if (text === '') model?.onThinking?.()
    else model?.onDelta(text)
  }
  model?.onEnd()
  assert.deepEqual(told, ['…', 'Let me look. ', '…', 'end'])
  thinking.cancel()
  model?.onDelta('too late')
  assert.equal(told.length, 4)
})

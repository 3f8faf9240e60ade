import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LlmProvider } from '../../src/ports/llm.ts'
import { SimulatedCall, type CallStory } from './simulated-call.ts'

/** Names of what is told to the callback address, each with what tells it from others. */
function told(call: SimulatedCall): string[] {
  return call.records.flatMap(({ record }) => {
    if (record.type === 'event') {
      const { name, data, extendData, code } = record.event
      const turn = extendData?.['sentenceId']
      return [[name, turn ?? data?.['message'] ?? code].join(' ')]
    }
    if (record.type === 'sentence') {
      return record.sentence.isFinal ? [`chat_record ${record.sentence.role}`] : []
    }
    return ['ready', 'executing', 'finished'].includes(record.type) ? [record.type] : []
  })
}

const story = (change: CallStory = {}): CallStory => ({
  agentConfig: { Greeting: 'Hello.' },
  asr: { texts: ['what time is it'] },
  llm: { replies: ['It is noon.'], firstTokenMs: 50 },
  ...change,
})

function talk(change?: CallStory): SimulatedCall {
  const call = new SimulatedCall(story(change))
  call.run(100)
  call.join()
  call.run(3000)
  call.speak(0, 1000)
  call.run(8000)
  return call
}

test('every step of a call is told once, in the order in which it happened', () => {
  const call = talk()
  call.send(1112, { message: 'a rating: 5' })
  call.send(1100)
  call.run(1000)
  assert.deepEqual(told(call), [
    'ready',
    'executing',
    'tts_data_received 1',
    'chat_record agent',
    'intent_detected 2',
    'intent_recognized 2',
    'chat_record user',
    'llm_data_received 2',
    'tts_data_received 2',
    'chat_record agent',
    'client_defined_data a rating: 5',
    'finished',
  ])
  assert.equal(call.close(), 0)
})

test('the times of a step are when it was begun and when it was done', () => {
  const call = talk()
  const startMs = 1_790_000_000_000
  for (const { atMs, record } of call.records) {
    if (record.type !== 'event') continue
    const { requestTimestamp, responseTimestamp, channelId } = record.event.extendData ?? {}
    assert.equal(channelId, 'channel')
    assert.equal(responseTimestamp, String(startMs + atMs))
    assert.equal(record.event.atMs, startMs + atMs)
    assert.ok(Number(requestTimestamp) <= Number(responseTimestamp), record.event.name)
    assert.ok(Number(requestTimestamp) > startMs, record.event.name)
  }
  const model = call.records.find(
    ({ record }) => record.type === 'event' && record.event.name === 'llm_data_received',
  )
  assert.ok(model?.record.type === 'event')
  const { requestTimestamp, responseTimestamp } = model.record.event.extendData ?? {}
  assert.equal(Number(responseTimestamp) - Number(requestTimestamp), 50)
  call.close()
})

/** A model that fails so often before it answers. */
function failing(times: number): { readonly providers: { readonly llm: LlmProvider } } {
  let left = times
  const llm: LlmProvider = {
    name: 'failing',
    start: (_, events) => {
      queueMicrotask(() => {
        if (left-- > 0) events.onError({ message: 'no route', isRetryable: true })
        else events.onDelta('It is noon.')
      })
      return { cancel() {} }
    },
  }
  return { providers: { llm } }
}

async function errorsOf(times: number): Promise<readonly (readonly [number, string])[]> {
  const call = new SimulatedCall(story(failing(times)))
  call.join()
  for (let step = 0; step < 400; step += 1) {
    if (step === 200) call.speak(0, 1000)
    call.run(20)
    await Promise.resolve()
  }
  const errors = call.records.flatMap(({ record }) =>
    record.type === 'event' && record.event.name === 'error'
      ? [[record.event.code, record.event.message] as const]
      : [],
  )
  call.close()
  return errors
}

test('a model that fails for good is told as an error, one that recovers is not', async () => {
  assert.deepEqual(await errorsOf(2), [[4002, 'language model: no route']])
  assert.deepEqual(await errorsOf(1), [])
})

test('a message to the server without text is refused, and nothing is told', () => {
  const call = talk()
  call.send(1112, { message: { a: 1 } })
  call.run(10)
  assert.ok(!told(call).some((one) => one.startsWith('client_defined_data')))
  assert.ok(call.told.some(({ type, data }) => type === 1000 && data['code'] === 4000))
  call.close()
})

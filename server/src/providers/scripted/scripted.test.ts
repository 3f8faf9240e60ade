import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../base/simulated-clock.ts'
import { asrContract } from '../../ports/asr.contract.ts'
import { ask, llmContract, requestOf } from '../../ports/llm.contract.ts'
import { pumpOf } from '../../ports/pump.contract.ts'
import { durationMs, speak, ttsContract } from '../../ports/tts.contract.ts'
import { scriptedAsr } from './asr.ts'
import { scriptedLlm } from './llm.ts'
import { scriptedTts } from './tts.ts'

const speech = Array.from({ length: 40 }, () => new Int16Array(320).fill(4000))
const clock = new SimulatedClock()
const pump = pumpOf(clock)

asrContract({
  name: 'scripted',
  provider: () =>
    scriptedAsr(clock, { texts: ['one word', 'two words'], partials: true, delayMs: 20 }),
  pump,
  speech,
  word: 'word',
})
llmContract({ name: 'scripted', provider: () => scriptedLlm(clock, { tokenMs: 10 }), pump })
ttsContract({ name: 'scripted', provider: () => scriptedTts(clock), pump })

test('the first partial transcript takes as much speech as it is told', () => {
  const clock = new SimulatedClock()
  const framesUntilFirst = (firstPartialMs?: number): number => {
    let written = 0
    let first = 0
    const options = { partials: true, ...(firstPartialMs === undefined ? {} : { firstPartialMs }) }
    const stream = scriptedAsr(clock, options).open(
      { languageId: 'xx', hotWords: [], customParams: '' },
      { onPartial: () => (first ||= written), onFinal() {}, onError() {} },
    )
    for (const frame of speech) {
      written += 1
      stream.write(frame)
      clock.advance(20)
    }
    stream.close()
    return first
  }
  assert.equal(framesUntilFirst(), 10)
  assert.equal(framesUntilFirst(20), 1)
  assert.equal(framesUntilFirst(400), 20)
})

test('each sentence hears the next text, word by word', () => {
  const clock = new SimulatedClock()
  const heard: string[] = []
  const stream = scriptedAsr(clock, { texts: ['good morning', 'bye'], partials: true }).open(
    { languageId: 'xx', hotWords: [], customParams: '' },
    {
      onPartial: (text) => heard.push(`… ${text}`),
      onFinal: (text) => heard.push(text),
      onError: (error) => heard.push(error.message),
    },
  )
  for (let turn = 1; turn <= 3; turn++) {
    for (const frame of speech) {
      stream.write(frame)
      clock.advance(20)
    }
    stream.flush(turn)
    clock.advance(0)
    stream.reset()
  }
  assert.deepEqual(heard, [
    '… good',
    '… good morning',
    'good morning',
    '… bye',
    'bye',
    '… good',
    '… good morning',
    'good morning',
  ])
})

test('the scripted model answers in turn, at its pace, or echoes', () => {
  const clock = new SimulatedClock()
  const model = scriptedLlm(clock, {
    replies: ['one two', 'three'],
    firstTokenMs: 100,
    tokenMs: 50,
  })
  const request = requestOf([{ role: 'user', content: 'say it again' }])
  const first = ask(model, request)
  clock.advance(99)
  assert.deepEqual(first.order, [])
  clock.advance(1)
  assert.deepEqual(first.deltas, ['one '])
  clock.advance(50)
  assert.deepEqual(first.order, ['delta', 'delta', 'end'])
  const second = ask(model, request)
  clock.advance(1000)
  assert.deepEqual(second.deltas, ['three'])
  const echo = ask(scriptedLlm(clock, { echo: true }), request)
  clock.advance(0)
  assert.equal(echo.deltas.join(''), 'say it again')
  assert.equal(clock.pending, 0)
})

test('the scripted voice speaks as long as its text', () => {
  const clock = new SimulatedClock()
  const spoken = speak(scriptedTts(clock, { msPerChar: 50, firstAudioMs: 30 }), 'ten chars!')
  clock.advance(29)
  assert.deepEqual(spoken.order, [])
  clock.advance(1)
  assert.equal(durationMs(spoken), 500)
  assert.deepEqual(spoken.marks, [
    { chars: 3, atMs: 150 },
    { chars: 10, atMs: 500 },
  ])
})

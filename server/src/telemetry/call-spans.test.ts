import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallRecord } from '../ports/call-record.ts'
import { turn } from '../ports/store-samples.contract.ts'
import { CallSpans } from './call-spans.ts'
import type { Span } from './span.ts'

const ID = '019a'.padEnd(32, '7')

function traced(...records: readonly CallRecord[]): readonly Span[] {
  const spans: Span[] = []
  const calls = new CallSpans((span) => spans.push(span))
  calls.onCall({
    instanceId: ID,
    createdMs: 1000,
    agentId: 'agent',
    type: 'VoiceChat',
    channelId: 'c',
    agentUserId: 'a',
    agentConfig: '{}',
    providers: '{}',
    tokenLifeS: 1,
  })
  for (const record of records) calls.onRecords(ID, [record])
  return spans
}

const FIRST = turn(1, {
  history: [{ role: 'user', content: 'a secret' }],
  speechStartMs: 3000,
  speechEndMs: 4000,
  finalTranscriptMs: 4150,
  turnEndMs: 4400,
  firstTokenMs: 4700,
  firstAudioMs: 5000,
  playoutEndMs: 7000,
})

test('a call becomes a trace of its turns and their parts', () => {
  const spans = traced(
    { type: 'executing', atMs: 1500 },
    { type: 'turn', turn: { ...FIRST, playoutEndMs: 6000 } },
    {
      type: 'decision',
      decision: { kind: 'answer', atMs: 5000, turnId: 1, words: '', figures: { synthesisMs: 120 } },
    },
    { type: 'turn', turn: FIRST },
    { type: 'turn', turn: turn(2, { turnEndMs: 8000, firstAudioMs: 8600, interruptedMs: 9000 }) },
    { type: 'finished', atMs: 10_000, reason: 'user-left' },
  )
  const [whole] = spans.filter(({ name }) => name === 'call')
  assert.ok(whole !== undefined)
  assert.deepEqual([whole.traceId, whole.startMs, whole.endMs], [ID, 1000, 10_000])
  assert.equal(whole.attributes['antiphon.end_reason'], 'user-left')
  const turns = spans.filter(({ name }) => name === 'turn')
  assert.deepEqual(
    turns.map(({ startMs, endMs, parentSpanId }) => [startMs, endMs, parentSpanId]),
    [
      [3000, 7000, whole.spanId],
      [8000, 9000, whole.spanId],
    ],
  )
  assert.equal(turns[0]?.attributes['antiphon.answer_delay_ms'], 1000)
  const parts = spans.filter(({ parentSpanId }) => parentSpanId === turns[0]?.spanId)
  assert.deepEqual(
    parts.map(({ name, startMs, endMs }) => [name, startMs, endMs]),
    [
      ['recognition', 3000, 4150],
      ['model', 4400, 4700],
      ['synthesis', 4880, 5000],
      ['playout', 5000, 7000],
    ],
  )
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length)
  assert.ok(!JSON.stringify(spans).includes('a secret'))
})

test('what went wrong is noted with the call', () => {
  const [whole] = traced(
    { type: 'provider-failure', atMs: 2000, part: 'llm', provider: 'openai' },
    {
      type: 'decision',
      decision: { kind: 'interruption', atMs: 3000, turnId: 1, words: 'x', figures: { reason: 2 } },
    },
    { type: 'decision', decision: { kind: 'pause', atMs: 3100, words: 'y', figures: {} } },
    { type: 'finished', atMs: 5000, reason: 'error' },
  )
  assert.equal(whole?.isError, true)
  assert.deepEqual(whole.events, [
    {
      name: 'provider failure',
      atMs: 2000,
      attributes: { 'antiphon.kind': 'llm', 'antiphon.provider': 'openai' },
    },
    {
      name: 'interruption',
      atMs: 3000,
      attributes: { 'antiphon.turn_id': 1, 'antiphon.reason': 2 },
    },
  ])
})

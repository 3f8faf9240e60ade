import assert from 'node:assert/strict'
import { test } from 'node:test'
import { turn } from '../ports/store-samples.contract.ts'
import { CallMetrics } from './call-metrics.ts'
import { exposition } from './exposition.ts'

const START_MS = 1000
const spec = (instanceId: string, createdMs = START_MS) =>
  ({
    instanceId,
    createdMs,
    agentId: 'agent',
    type: 'VoiceChat',
    channelId: 'c',
    agentUserId: 'a',
    agentConfig: '{}',
    providers: '{}',
    tokenLifeS: 1,
  }) as const

function shown(calls: CallMetrics): readonly string[] {
  const lines = exposition(calls.metrics).split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket'))
}

test('a call is counted from its start to its end', () => {
  const calls = new CallMetrics({ wallMs: () => START_MS })
  calls.onCall(spec('one'))
  calls.onCall(spec('two'))
  calls.onRecords('one', [{ type: 'executing', atMs: 2000 }])
  assert.deepEqual(shown(calls), [
    'antiphon_calls{agent="agent",state="Executing"} 1',
    'antiphon_calls{agent="agent",state="Created"} 1',
    'antiphon_calls_started_total{agent="agent"} 2',
  ])
  calls.onRecords('one', [{ type: 'finished', atMs: 32_500, reason: 'user-left' }])
  calls.onGone('one')
  calls.onGone('two')
  assert.deepEqual(shown(calls), [
    'antiphon_calls_started_total{agent="agent"} 2',
    'antiphon_calls_finished_total{agent="agent",reason="user-left"} 1',
    'antiphon_calls_finished_total{agent="agent",reason="error"} 1',
    'antiphon_call_seconds_total{agent="agent"} 30.5',
  ])
})

test('a turn counts once, however often it is stored; interruptions and failures too', () => {
  const calls = new CallMetrics({ wallMs: () => START_MS })
  calls.onCall(spec('one', START_MS - 1))
  const asked = turn(1, { speechEndMs: 5000, turnEndMs: 5400 })
  const answered = { ...asked, firstAudioMs: 5700 }
  for (const one of [asked, answered, { ...answered, interruptedMs: 6000 }]) {
    calls.onRecords('one', [{ type: 'turn', turn: one }])
  }
  const decision = { kind: 'no-interruption', atMs: 1, words: '', figures: { heardMs: 50 } }
  calls.onRecords('one', [
    { type: 'decision', decision },
    { type: 'decision', decision: { ...decision, figures: {} } },
    { type: 'provider-failure', atMs: 1, part: 'tts', provider: 'openai' },
  ])
  assert.deepEqual(shown(calls).slice(1), [
    'antiphon_turns_total{agent="agent"} 1',
    'antiphon_answer_delay_seconds_sum{agent="agent"} 0.7',
    'antiphon_answer_delay_seconds_count{agent="agent"} 1',
    'antiphon_interruptions_total{agent="agent"} 1',
    'antiphon_false_interruptions_total{agent="agent"} 1',
    'antiphon_provider_failures_total{kind="tts",provider="openai"} 1',
  ])
})

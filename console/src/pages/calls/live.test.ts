import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activityOf, NO_CALLS, withNews, type LiveCall } from './live.ts'

const call = (number: number, change: Partial<LiveCall> = {}): LiveCall => ({
  instanceId: `call-${number}`,
  agentId: 'agent',
  channelId: 'channel',
  type: 'VoiceChat',
  createdMs: number,
  ...change,
})

test('news are laid over what is known; all of it is forgotten when the server tells all of it', () => {
  const first = withNews(NO_CALLS, {
    total: 2,
    isWhole: true,
    calls: [call(1), call(2)],
    ended: [],
  })
  assert.deepEqual(
    first.calls.map(({ instanceId }) => instanceId),
    ['call-2', 'call-1'],
  )
  const speaking = call(1, { phase: 'speaking' })
  const next = withNews(first, { total: 1, isWhole: false, calls: [speaking], ended: ['call-2'] })
  assert.deepEqual(next, { total: 1, calls: [speaking] })
  const anew = withNews(next, { total: 1, isWhole: true, calls: [call(9)], ended: [] })
  assert.deepEqual(anew.calls, [call(9)])
})

test('who speaks is told in one word', () => {
  const state = { phase: 'listening', users: 1, isUserSpeaking: false } as const
  assert.deepEqual(
    [
      activityOf(call(1)),
      activityOf(call(1, { ...state, users: 0 })),
      activityOf(call(1, { ...state, isUserSpeaking: true })),
      activityOf(call(1, { ...state, phase: 'speaking', isUserSpeaking: true })),
      activityOf(call(1, { ...state, human: 'Ann' })),
    ],
    ['connecting', 'waiting', 'user', 'speaking', 'human'],
  )
})

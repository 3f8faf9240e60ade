import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FIRST_VIEW, durationText, preferredAgentId, reduce } from './view.ts'

const agents = [
  { agentId: 'a', name: 'First' },
  { agentId: 'b', name: 'Second' },
]

test('the agent of last time is offered again, as long as it is there', () => {
  assert.equal(preferredAgentId(agents, 'b'), 'b')
  assert.equal(preferredAgentId(agents, 'deleted'), 'a')
  assert.equal(preferredAgentId(agents, null), 'a')
  assert.equal(preferredAgentId([], 'b'), '')
})

test('durations read like a clock', () => {
  assert.deepEqual([0, 9_900, 65_000, 600_000, 3_605_000].map(durationText), [
    '0:00',
    '0:09',
    '1:05',
    '10:00',
    '1:00:05',
  ])
})

test('what was said stays in view after the call and is gone with the next one', () => {
  const line = {
    speaker: 'user',
    sentenceId: 1,
    text: 'Hi',
    isEnd: true,
    isInterrupted: false,
  } as const
  const during = reduce(FIRST_VIEW, { type: 'lines-change', lines: [line] })
  const after = reduce(during, { type: 'call-end', durationMs: 5000, problem: undefined })
  assert.deepEqual([after.screen, after.lines.length, after.durationMs], ['ready', 1, 5000])
  assert.deepEqual(reduce(after, { type: 'call-start' }).lines, [])
})

test('a new call starts unmuted and without push-to-talk', () => {
  const muted = reduce(FIRST_VIEW, { type: 'mute-change', isMuted: true })
  const pushing = reduce(muted, { type: 'push-to-talk-change', isOn: true })
  const { isMuted, isPushToTalk } = reduce(pushing, { type: 'call-start' })
  assert.deepEqual([isMuted, isPushToTalk], [false, false])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../base/simulated-clock.ts'
import type { CallRecord } from '../ports/call-record.ts'
import { LIVE_EVERY_MS, type LiveState } from '../ports/live-calls.ts'
import { LiveRound } from './live-round.ts'
import type { Scene } from './live-view.ts'

const answer = (totalMs: number): CallRecord => ({
  type: 'decision',
  decision: { kind: 'answer', atMs: 0, turnId: 1, words: '', figures: { totalMs } },
})

test('while somebody looks on, what has changed in a call is told, and nothing else', () => {
  const clock = new SimulatedClock({ wallMs: 1_000_000 })
  const told: LiveState[] = []
  const round = new LiveRound(clock, (states) => told.push(...states))
  let scene: Scene = { phase: 'listening', isUserSpeaking: false, users: 1 }
  round.add('one', () => scene)
  round.add('two', () => ({ phase: 'listening', isUserSpeaking: false, users: 0 }))
  round.note('one', [answer(500)])
  clock.advance(1000)
  assert.deepEqual([told.length, clock.pending], [0, 0])

  round.setOn(true)
  assert.deepEqual(
    told.splice(0).map(({ instanceId, answerMs }) => [instanceId, answerMs]),
    [
      ['one', 500],
      ['two', undefined],
    ],
  )
  scene = { phase: 'thinking', isUserSpeaking: false, users: 1, waitingSinceMs: 900 }
  round.note('one', [answer(700), answer(900)])
  clock.advance(LIVE_EVERY_MS - 1)
  assert.equal(told.length, 0)
  clock.advance(1)
  const [state] = told.splice(0)
  assert.equal(state?.waitingSinceMs, 1_000_900)
  assert.deepEqual([state.answerMs, state.answerP50Ms, state.answerP95Ms], [900, 700, 900])

  clock.advance(10 * LIVE_EVERY_MS)
  assert.equal(told.length, 0)
  round.remove('one')
  // A second reader, after a worker was told again: all of it anew.
  round.setOn(true)
  assert.deepEqual(
    told.map(({ instanceId }) => instanceId),
    ['two'],
  )
  round.setOn(false)
  assert.equal(clock.pending, 0)
})

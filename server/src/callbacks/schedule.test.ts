import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextAttemptMs } from './schedule.ts'

const HOUR_MS = 3_600_000

test('waits grow to an hour and end after a day, with a last attempt at the end', () => {
  const deadlineMs = 24 * HOUR_MS
  const attemptsS: number[] = []
  let nowMs: number | undefined = 0
  for (let attempts = 1; nowMs !== undefined; attempts += 1) {
    attemptsS.push(nowMs / 1000)
    nowMs = nextAttemptMs({ attempts, deadlineMs, nowMs })
  }
  assert.deepEqual(attemptsS.slice(0, 9), [0, 1, 6, 36, 156, 756, 2556, 6156, 9756])
  assert.equal(attemptsS.at(-1), 24 * 3600)
  assert.equal(attemptsS.length, 31)
})

test('an event whose time is over is not tried again', () => {
  assert.equal(nextAttemptMs({ attempts: 1, deadlineMs: 100, nowMs: 100 }), undefined)
  assert.equal(nextAttemptMs({ attempts: 1, deadlineMs: 100, nowMs: 99 }), 100)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../base/clock.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { AudioLoop } from './audio-loop.ts'

test('50 ticks a second, for ever, however late each timer fires', () => {
  const inner = new SimulatedClock()
  let index = 0
  // Every timer is late by 0 … 6 ms.
  const late: Clock = {
    nowMs: () => inner.nowMs(),
    wallMs: () => inner.wallMs(),
    after: (delayMs, fire) => inner.after(delayMs + (index++ % 7), fire),
  }
  const ticks: number[] = []
  const loop = new AudioLoop(late, (nowMs) => ticks.push(nowMs))
  inner.advance(60_010)
  loop.close()
  assert.equal(ticks.length, 3000)
  for (const [tick, atMs] of ticks.entries()) {
    assert.ok(Math.abs(atMs - (tick + 1) * 20) <= 6, `tick ${tick} at ${atMs}`)
  }
  assert.equal(inner.pending, 0)
})

test('after a short stall the missed ticks follow at once; after a long one they are given up', () => {
  const clock = new SimulatedClock()
  let stalledMs = 0
  const stalling: Clock = {
    nowMs: () => clock.nowMs() + stalledMs,
    wallMs: () => clock.wallMs(),
    after: (delayMs, fire) => clock.after(delayMs, fire),
  }
  let ticks = 0
  const loop = new AudioLoop(stalling, () => (ticks += 1))
  clock.advance(100)
  assert.equal(ticks, 5)
  stalledMs = 80
  clock.advance(20)
  assert.equal(ticks, 10)
  stalledMs = 5000
  clock.advance(100)
  assert.ok(ticks <= 16, String(ticks))
  loop.close()
})

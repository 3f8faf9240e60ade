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
  const heard: number[] = []
  const spoken: number[] = []
  const loop = new AudioLoop(late, {
    onHear: (nowMs) => heard.push(nowMs),
    onSpeak: (nowMs) => spoken.push(nowMs),
  })
  loop.start()
  loop.start()
  inner.advance(60_019)
  loop.stop()
  assert.equal(heard.length, 3000)
  assert.equal(spoken.length, 3000)
  for (const [tick, atMs] of heard.entries()) {
    assert.ok(Math.abs(atMs - (tick + 1) * 20) <= 6, `heard ${tick} at ${atMs}`)
  }
  for (const [tick, atMs] of spoken.entries()) {
    // Never with the hearing: what comes of that still counts.
    assert.ok(atMs - (heard[tick] ?? 0) >= 2, `spoken ${tick} at ${atMs}, heard at ${heard[tick]}`)
    assert.ok(atMs - (tick + 1) * 20 <= 14, `spoken ${tick} at ${atMs}`)
  }
  assert.equal(inner.pending, 0)
})

test('after a stall all is heard that came meanwhile; what was to be said is given up after a long one', () => {
  const clock = new SimulatedClock()
  let stalledMs = 0
  const stalling: Clock = {
    nowMs: () => clock.nowMs() + stalledMs,
    wallMs: () => clock.wallMs(),
    after: (delayMs, fire) => clock.after(delayMs, fire),
  }
  let story = ''
  const loop = new AudioLoop(stalling, {
    onHear: () => (story += 'h'),
    onSpeak: () => (story += 's'),
  })
  loop.start()
  clock.advance(110)
  assert.equal(story, 'hs'.repeat(5))
  stalledMs = 80
  clock.advance(20)
  assert.equal(story, 'hs'.repeat(10))
  stalledMs = 5000
  clock.advance(100)
  assert.match(story.slice(20), /^h{50}(hs){1,6}$/)
  loop.stop()
})

test('what stops the loop while it runs is its last act; it can be started again', () => {
  const clock = new SimulatedClock()
  let heard = 0
  const loop = new AudioLoop(clock, {
    onHear: () => {
      heard += 1
      loop.stop()
    },
    onSpeak: () => assert.fail('it was stopped'),
  })
  loop.start()
  clock.advance(1000)
  assert.equal(heard, 1)
  assert.equal(clock.pending, 0)
  loop.start()
  clock.advance(1000)
  assert.equal(heard, 2)
})

test('sound that arrived in a stall is let in before it is heard', () => {
  const clock = new SimulatedClock()
  let stalledMs = 0
  let waiting = 0
  let queued = 0
  let gaps = 0
  const stalling: Clock = {
    nowMs: () => clock.nowMs() + stalledMs,
    wallMs: () => clock.wallMs(),
    after: (delayMs, fire) =>
      clock.after(delayMs, () => {
        // The event loop reads its sockets before what was asked for at once, not before timers.
        if (delayMs === 0) {
          queued += waiting
          waiting = 0
        }
        fire()
      }),
  }
  const loop = new AudioLoop(stalling, {
    onHear: () => {
      if (queued > 0) queued -= 1
      else gaps += 1
    },
    onSpeak() {},
  })
  queued = 5
  loop.start()
  clock.advance(101)
  assert.equal(gaps, 0)
  for (const ms of [60, 140, 600]) {
    stalledMs += ms
    waiting = ms / 20
    queued = 1
    clock.advance(20)
    assert.equal(gaps, 0, `after ${ms} ms`)
    assert.ok(queued <= 1, `after ${ms} ms ${queued} frames wait for nothing`)
  }
  loop.stop()
})

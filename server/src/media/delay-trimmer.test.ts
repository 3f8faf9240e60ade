import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DelayTrimmer } from './delay-trimmer.ts'

/** A queue that a stall left too full, played for `ticks`; gives its depth at the end. */
function depthAfter(options: {
  readonly ticks: number
  readonly depth: number
  readonly reserve?: number
  readonly levelAt: (tick: number) => number
}): number {
  const trimmer = new DelayTrimmer()
  let depth = options.depth
  for (let tick = 0; tick < options.ticks; tick += 1) {
    const frame = new Int16Array(320).fill(options.levelAt(tick))
    const queue = {
      depthFrames: depth,
      reserveFrames: options.reserve ?? 1,
      nowMs: tick * 20,
    }
    if (trimmer.shouldDrop(frame, queue)) depth -= 1
  }
  return depth
}

test('delay that nothing needs is taken out between words', () => {
  const speech = (tick: number): number => (tick % 50 < 40 ? 4000 : 60)
  assert.equal(depthAfter({ ticks: 200, depth: 4, levelAt: speech }), 1)
})

test('a word is not cut for little delay', () => {
  assert.equal(depthAfter({ ticks: 200, depth: 5, levelAt: () => 4000 }), 5)
})

test('with much delay even steady sound gives way, one frame in half a second', () => {
  const depth = depthAfter({ ticks: 200, depth: 20, levelAt: () => 4000 })
  assert.ok(depth < 20 && depth >= 13, String(depth))
})

test('what is held in reserve stays', () => {
  assert.equal(depthAfter({ ticks: 300, depth: 6, reserve: 3, levelAt: () => 0 }), 3)
})

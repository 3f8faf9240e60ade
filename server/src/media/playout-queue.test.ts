import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OUTPUT_FRAME_SAMPLES } from './pcm.ts'
import { PlayoutQueue } from './playout-queue.ts'

const frames = (count: number, value: number): Int16Array =>
  new Int16Array(OUTPUT_FRAME_SAMPLES * count).fill(value)

function queue(): { queue: PlayoutQueue; events: string[] } {
  const events: string[] = []
  return {
    events,
    queue: new PlayoutQueue({
      onSegmentStart: (segmentId) => events.push(`start ${segmentId}`),
      onSegmentEnd: (segmentId) => events.push(`end ${segmentId}`),
    }),
  }
}

const last = (frame: Int16Array | undefined): number | undefined => frame?.at(-1)

test('segments play in order, each told when it begins and ends', () => {
  const { queue: playout, events } = queue()
  playout.open(1)
  playout.open(2)
  playout.push(2, frames(1, 200))
  assert.equal(playout.next(), undefined)
  playout.push(1, frames(2, 100))
  playout.complete(1)
  playout.complete(2)
  assert.deepEqual([last(playout.next()), last(playout.next())], [100, 100])
  assert.deepEqual(events, ['start 1', 'end 1'])
  assert.equal(last(playout.next()), 200)
  assert.deepEqual(events, ['start 1', 'end 1', 'start 2', 'end 2'])
  assert.equal(playout.next(), undefined)
})

test('a segment without sound ends when its turn comes; a short rest is padded with silence', () => {
  const { queue: playout, events } = queue()
  playout.open(1)
  playout.complete(1)
  playout.open(2)
  playout.push(2, new Int16Array(100).fill(50))
  playout.complete(2)
  const frame = playout.next()
  assert.equal(frame?.[99], 50)
  assert.equal(frame?.[100], 0)
  assert.deepEqual(events, ['end 1', 'start 2', 'end 2'])
})

test('held sound fades out within one frame and goes on with the very frame that faded', () => {
  const { queue: playout } = queue()
  playout.open(1)
  const ramp = Int16Array.from(
    { length: OUTPUT_FRAME_SAMPLES * 4 },
    (_, at) => Math.floor(at / OUTPUT_FRAME_SAMPLES) * 1000 + 1000,
  )
  playout.push(1, ramp)
  playout.complete(1)
  assert.equal(last(playout.next()), 1000)
  playout.setLevel('held')
  const fading = playout.next()
  assert.ok((fading?.[0] ?? 0) > 1900)
  assert.equal(last(fading), 0)
  assert.equal(playout.next(), undefined)
  playout.setLevel('full')
  const back = playout.next()
  assert.ok((back?.[0] ?? 9999) < 100)
  assert.equal(last(back), 2000)
  assert.equal(last(playout.next()), 3000)
})

test('ducked sound is a quarter as loud and does go on', () => {
  const { queue: playout } = queue()
  playout.open(1)
  playout.push(1, frames(3, 4000))
  playout.next()
  playout.setLevel('ducked')
  playout.next()
  assert.equal(last(playout.next()), 1000)
})

test('flush tells to the frame how far the sound had come', () => {
  const { queue: playout } = queue()
  assert.deepEqual(playout.flush(), { playedMs: 0, queuedMs: 0 })
  playout.open(7)
  playout.push(7, frames(10, 1))
  playout.next()
  playout.next()
  playout.next()
  assert.deepEqual(playout.flush(), { segmentId: 7, playedMs: 60, queuedMs: 200 })
  assert.equal(playout.next(), undefined)
})

test('held before its first frame, a segment has not begun', () => {
  const { queue: playout, events } = queue()
  playout.setLevel('held')
  playout.open(1)
  playout.push(1, frames(2, 500))
  assert.equal(playout.next(), undefined)
  assert.deepEqual(events, [])
  playout.setLevel('full')
  assert.ok(playout.next() !== undefined)
  assert.deepEqual(events, ['start 1'])
})

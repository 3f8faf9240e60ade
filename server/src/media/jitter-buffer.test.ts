import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JITTER_LIMIT_PACKETS, JitterBuffer } from './jitter-buffer.ts'

interface Sent {
  readonly sequence: number
  readonly atMs: number
  readonly ssrc?: number
}

/** Plays a story: packets come at their times, the player ticks every 20 ms. One letter or number a tick. */
function play(
  sent: readonly Sent[],
  untilMs: number,
): { readonly heard: string; readonly buffer: JitterBuffer } {
  const buffer = new JitterBuffer()
  const heard: string[] = []
  const waiting = [...sent].sort((a, b) => a.atMs - b.atMs)
  for (let nowMs = 10; nowMs < untilMs; nowMs += 20) {
    for (let next = waiting[0]; next !== undefined && next.atMs <= nowMs; next = waiting[0]) {
      waiting.shift()
      buffer.push(
        {
          payloadType: 111,
          hasMarker: false,
          sequenceNumber: next.sequence & 0xffff,
          timestamp: (next.sequence * 960) >>> 0,
          ssrc: next.ssrc ?? 1,
          payload: Uint8Array.of(next.sequence & 0xff),
        },
        next.atMs,
      )
    }
    const output = buffer.pop(nowMs)
    if (output === undefined) heard.push('-')
    else if (output.type === 'packet') heard.push(String(output.payload[0]))
    else if (output.type === 'late') heard.push('~')
    else heard.push(output.next === undefined ? 'x' : `fec(${output.next[0]})`)
  }
  return { heard: heard.join(' '), buffer }
}

const steady = (from: number, to: number, startMs = 0): Sent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ sequence: from + i, atMs: startMs + i * 20 }))

test('what comes in order is played at once', () => {
  assert.equal(play(steady(1, 5), 100).heard, '1 2 3 4 5')
})

test('sequence numbers wrap unnoticed', () => {
  assert.equal(play(steady(65_533, 65_538), 120).heard, '253 254 255 0 1 2')
})

test('a lost packet is waited for 60 ms, then repaired from the next; later losses cost no wait', () => {
  const sent = steady(1, 20).filter(({ sequence }) => sequence !== 3 && sequence !== 10)
  // 4 came at 60 ms, so 3 is given up at the first tick from 120 ms on.
  assert.equal(
    play(sent, 500).heard,
    '1 2 ~ ~ ~ ~ fec(4) 4 5 6 7 8 9 fec(11) 11 12 13 14 15 16 17 18 19 20 ~',
  )
})

test('swapped packets are put in order', () => {
  const sent = [
    ...steady(1, 2),
    { sequence: 4, atMs: 40 },
    { sequence: 3, atMs: 60 },
    ...steady(5, 6, 80),
  ]
  const { heard, buffer } = play(sent, 160)
  assert.equal(heard, '1 2 ~ 3 4 5 6 ~')
  assert.equal(buffer.counts.lost, 0)
})

test('duplicates are played once, and what comes after its turn not at all', () => {
  const sent = [...steady(1, 8), ...steady(1, 4, 5), { sequence: 2, atMs: 120 }]
  const { heard, buffer } = play(sent, 160)
  assert.equal(heard, '1 2 3 4 5 6 7 8')
  assert.equal(buffer.counts.late + buffer.counts.duplicate, 5)
})

test('the beginning of a stream may come out of order', () => {
  const sent = [
    { sequence: 2, atMs: 5 },
    { sequence: 1, atMs: 6 },
    { sequence: 3, atMs: 40 },
  ]
  assert.equal(play(sent, 60).heard, '1 2 3')
})

test('silence of the sender is bridged for 80 ms, then nothing is there', () => {
  const { heard } = play([...steady(1, 3), ...steady(4, 6, 300)], 380)
  assert.equal(heard, '1 2 3 ~ ~ ~ ~ - - - - - - - - 4 5 6 ~')
})

test('several lost in a row: the missing time was bridged already, only the last is repaired', () => {
  const sent = steady(1, 12).filter(({ sequence }) => sequence < 3 || sequence > 6)
  // 3…6 are lost, 7 comes at 120 ms, and 180 ms is the end of the wait.
  assert.equal(play(sent, 340).heard, '1 2 ~ ~ ~ ~ - - - fec(7) 7 8 9 10 11 12 ~')
})

test('a stall and the burst after it lose nothing up to the limit', () => {
  const burst = Array.from({ length: 20 }, (_, i) => ({ sequence: 4 + i, atMs: 460 }))
  const { heard, buffer } = play([...steady(1, 3), ...burst], 900)
  assert.ok(heard.endsWith('4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 ~ ~'), heard)
  assert.equal(buffer.counts.overflow, 0)
})

test('past the limit the oldest are dropped', () => {
  const burst = Array.from({ length: 80 }, (_, i) => ({ sequence: 1 + i, atMs: 0 }))
  const { heard, buffer } = play(burst, 60)
  assert.equal(heard, '31 32 33')
  assert.equal(buffer.counts.overflow, 80 - JITTER_LIMIT_PACKETS)
})

test('a sender that begins anew is followed at once', () => {
  const { heard } = play([...steady(1, 3), ...steady(40_000, 40_002, 60)], 120)
  assert.equal(heard, '1 2 3 64 65 66')
  const other = play(
    [...steady(1, 3), ...steady(9, 11, 60).map((one) => ({ ...one, ssrc: 2 }))],
    120,
  )
  assert.equal(other.heard, '1 2 3 9 10 11')
})

test('a sender with a slow clock costs one bridged frame now and then, a fast one adds depth', () => {
  const slow = Array.from({ length: 200 }, (_, i) => ({ sequence: i, atMs: i * 20.2 }))
  const { heard } = play(slow, 4000)
  assert.ok(heard.split(' ').filter((one) => one === '~').length <= 2, heard)
  const fast = Array.from({ length: 200 }, (_, i) => ({ sequence: i, atMs: i * 19.8 }))
  assert.equal(play(fast, 3900).buffer.depth, 2)
})

test('5 % and 15 % random loss: nearly every frame is heard or repaired', () => {
  for (const [share, most] of [
    [0.05, 10],
    [0.15, 40],
  ] as const) {
    let state = 7
    const chance = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const sent = steady(1, 700).filter(() => chance() >= share)
    const { heard } = play(sent, 14_200)
    const frames = heard.split(' ')
    const bad = frames.slice(0, 700).filter((one) => one === 'x' || one === '~' || one === '-')
    assert.ok(bad.length <= most, `${share}: ${bad.length} of 700 concealed`)
    assert.ok(frames.filter((one) => one.startsWith('fec')).length > 700 * share * 0.6)
  }
})

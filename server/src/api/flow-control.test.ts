import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { parseRateLimits } from '../schema/rate-limits.ts'
import { FlowControl } from './flow-control.ts'
import { takeToken } from './token-bucket.ts'

function controlled(text: string): { clock: SimulatedClock; flow: FlowControl } {
  const limits = parseRateLimits(text, 100)
  assert.ok(limits.ok)
  const clock = new SimulatedClock()
  return { clock, flow: new FlowControl(clock, limits.value) }
}

test('a bucket gives its burst at once, then one for each that has flowed in', () => {
  const rate = { perSecond: 4, burst: 2 }
  let fullAtMs = 0
  const waits = [0, 0, 0, 100, 249, 250, 250, 10_000, 10_000, 10_000].map((nowMs) => {
    const taking = takeToken(fullAtMs, rate, nowMs)
    fullAtMs = taking.fullAtMs
    return taking.waitMs
  })
  assert.deepEqual(waits, [0, 0, 250, 150, 1, 0, 250, 0, 0, 250])
  assert.equal(fullAtMs, 10_500)
})

test('a rate that no whole number of milliseconds makes is kept all the same', () => {
  const rate = { perSecond: 3, burst: 1 }
  let [nowMs, fullAtMs] = [0, 0]
  for (let index = 0; index < 3000; index += 1) {
    const taking = takeToken(fullAtMs, rate, nowMs)
    assert.equal(taking.waitMs, 0, `at ${nowMs}`)
    fullAtMs = taking.fullAtMs
    nowMs += 1000 / 3
  }
})

test('over any span a caller gets its burst and its rate, and not one more', () => {
  const { clock, flow } = controlled('10')
  let admitted = 0
  for (let index = 0; index < 3000; index += 1) {
    if (flow.admit('key', 'ListAIAgentInstance') === undefined) admitted += 1
    clock.advance(7)
  }
  assert.ok(admitted >= 219 && admitted <= 220, String(admitted))
})

test('keys and operations do not share their limits', () => {
  const { flow } = controlled('1, StopAIAgentInstance=2, SendAIAgentText=off')
  const codes = (key: string, action: string, times: number): (string | undefined)[] =>
    Array.from({ length: times }, () => flow.admit(key, action)?.code)
  const no = 'Throttling.User'
  assert.deepEqual(codes('a', 'ListAIAgentInstance', 2), [undefined, no])
  assert.deepEqual(codes('b', 'ListAIAgentInstance', 2), [undefined, no])
  assert.deepEqual(codes('a', 'StopAIAgentInstance', 3), [undefined, undefined, no])
  assert.deepEqual(new Set(codes('a', 'SendAIAgentText', 50)), new Set([undefined]))
})

test('who comes too often learns when to come again, and then gets in', () => {
  const { clock, flow } = controlled('0.4')
  assert.equal(flow.admit('key', 'X'), undefined)
  clock.advance(100)
  const error = flow.admit('key', 'X')
  assert.deepEqual(error?.headers, {
    'x-acs-retry-after': '2400',
    'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:2400,Reset:2400',
    'retry-after': '3',
  })
  clock.advance(2399)
  assert.equal(flow.admit('key', 'X')?.code, 'Throttling.User')
  clock.advance(1)
  assert.equal(flow.admit('key', 'X'), undefined)
})

test('what is remembered does not grow with the number of keys ever seen', () => {
  const { clock, flow } = controlled('5')
  for (let index = 0; index < 40_000; index += 1) {
    flow.admit(`key ${index}`, 'X')
    clock.advance(1)
  }
  assert.ok(flow.bucketCount <= 10_001, String(flow.bucketCount))
})

test('rates are read, and what is none is named', () => {
  const read = parseRateLimits(' off , ListAIAgentInstance = 0.5,', 100)
  assert.deepEqual(read, {
    ok: true,
    value: { perSecond: Infinity, perOperation: new Map([['ListAIAgentInstance', 0.5]]) },
  })
  for (const wrong of ['0', '-1', '1000001', 'List Me=3', 'x', '1e3', 'A=', '=4']) {
    assert.deepEqual(parseRateLimits(`7,${wrong}`, 1), { ok: false, error: wrong })
  }
})

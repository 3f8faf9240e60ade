import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallRecord, Turn } from './call-record.ts'
import {
  bucketMs,
  delayBucket,
  delayPercentile,
  HOUR_MS,
  STATISTICS_KEPT_MS,
  type PeriodFigures,
} from './statistics-store.ts'
import { AGENT_ID, instance, T0, turn, type StoreHarness } from './store-samples.contract.ts'
import type { Store } from './store.ts'

const OTHER_AGENT = 'b'.repeat(32)
const EVER = { fromMs: 0, untilMs: T0 + 1000 * HOUR_MS }

/** A turn that ended `afterMs` after T0 and was answered so much later. */
const answered = (afterMs: number, delayMs: number, turnId = 1): CallRecord => ({
  type: 'turn',
  turn: turn(turnId, {
    speechEndMs: T0 + afterMs,
    turnEndMs: T0 + afterMs + 1,
    firstAudioMs: T0 + afterMs + delayMs,
  }),
})

const finished = (afterMs: number): CallRecord => ({
  type: 'finished',
  atMs: T0 + afterMs,
  reason: 'user-left',
})

const onlyHour = (hours: readonly PeriodFigures[]): PeriodFigures => {
  assert.equal(hours.length, 1)
  const [hour] = hours
  assert.ok(hour !== undefined)
  return hour
}

async function start(store: Store, afterMs: number, agentId = AGENT_ID): Promise<string> {
  const made = instance(afterMs, 0, { agentId })
  await store.createInstance(made)
  return made.instanceId
}

export function statisticsTests(harness: StoreHarness): void {
  countTests(harness)
  turnTests(harness)
  keepingTests(harness)
  test('delays are known to 2.5 %', () => {
    for (const ms of [12, 99, 640, 1240, 15_000]) {
      assert.ok(Math.abs(bucketMs(delayBucket(ms)) - ms) <= ms * 0.025, `${ms}`)
    }
    const counts = new Map([500, 600, 700, 2000].map((ms) => [delayBucket(ms), 1]))
    const [half, most] = [0.5, 0.95].map((share) => delayPercentile(counts, share) ?? 0)
    assert.ok(Math.abs((half ?? 0) - 600) < 15 && Math.abs((most ?? 0) - 2000) < 50)
    assert.equal(delayPercentile(new Map(), 0.5), undefined)
  })
}

function countTests({ opens }: StoreHarness): void {
  test('calls, minutes and end reasons count in their hours, for their agent and for all', async () => {
    const { store } = await opens()
    const one = await start(store, 0)
    await start(store, 5, OTHER_AGENT)
    await store.recordCall(one, [
      { type: 'executing', atMs: T0 + 1000 },
      finished(HOUR_MS + 61_000),
      finished(HOUR_MS + 90_000),
    ])
    const [first, second] = await store.statistics.periods(EVER)
    assert.deepEqual([first?.startMs, first?.started, first?.mostCalls], [T0, 2, 2])
    assert.deepEqual([second?.startMs, second?.started], [T0 + HOUR_MS, 0])
    assert.deepEqual([second?.durationMs, second?.ended], [HOUR_MS + 60_000, { 'user-left': 1 }])
    const own = await store.statistics.periods({ ...EVER, agentId: AGENT_ID })
    assert.deepEqual([own[0]?.started, own[0]?.mostCalls], [1, 1])
    const range = { fromMs: T0, untilMs: T0 + HOUR_MS }
    assert.equal((await store.statistics.periods(range)).length, 1)
    const wide = { fromMs: T0 - 2 * HOUR_MS, untilMs: T0 + 3 * HOUR_MS, periodMs: 4 * HOUR_MS }
    const [whole, ...others] = await store.statistics.periods(wide)
    assert.deepEqual([whole?.startMs, whole?.started, whole?.mostCalls], [wide.fromMs, 2, 2])
    assert.deepEqual([whole?.durationMs, others.length], [HOUR_MS + 60_000, 0])
    const agents = await store.statistics.agents({ ...EVER, limit: 10 })
    assert.deepEqual(agents, [
      { agentId: AGENT_ID, started: 1, durationMs: HOUR_MS + 60_000, mostCalls: 1 },
      { agentId: OTHER_AGENT, started: 1, durationMs: 0, mostCalls: 1 },
    ])
    assert.equal((await store.statistics.agents({ ...EVER, limit: 1 })).length, 1)
  })
}

function turnTests({ opens }: StoreHarness): void {
  test('a turn that is stored again counts once, as it is then', async () => {
    const { store } = await opens()
    const id = await start(store, 0)
    const begun: Turn = turn(1, { speechEndMs: T0, turnEndMs: T0 + 1 })
    await store.recordCall(id, [{ type: 'turn', turn: begun }])
    assert.equal(onlyHour(await store.statistics.periods(EVER)).answers.size, 0)
    await store.recordCall(id, [answered(0, 700), answered(0, 800), answered(9000, 650, 2)])
    const interrupted = { ...begun, firstAudioMs: T0 + 800, interruptedMs: T0 + 2000 }
    await store.recordCall(id, [{ type: 'turn', turn: interrupted }])
    const hour = onlyHour(await store.statistics.periods(EVER))
    assert.deepEqual([hour.turns, hour.interruptions], [2, 1])
    const answers = new Map([
      [delayBucket(650), 1],
      [delayBucket(800), 1],
    ])
    assert.deepEqual(hour.answers, answers)
  })

  test('false interruptions and failures of providers are counted', async () => {
    const { store } = await opens()
    const id = await start(store, 0)
    const decision = { kind: 'no-interruption', atMs: T0 + 1, words: 'none' }
    const failure = { type: 'provider-failure', atMs: T0 + 2, part: 'llm' } as const
    await store.recordCall(id, [
      { type: 'decision', decision: { ...decision, figures: { heardMs: 90 } } },
      { type: 'decision', decision: { ...decision, figures: {} } },
      { ...failure, provider: 'openai' },
      { ...failure, provider: 'openai' },
      { ...failure, part: 'tts', provider: 'a b' },
    ])
    const hour = onlyHour(await store.statistics.periods(EVER))
    assert.equal(hour.falseInterruptions, 1)
    assert.deepEqual(
      hour.failures.toSorted((a, b) => b.count - a.count),
      [
        { kind: 'llm', provider: 'openai', count: 2 },
        { kind: 'tts', provider: 'a b', count: 1 },
      ],
    )
  })
}

function keepingTests({ opens, restarts }: StoreHarness): void {
  test('the most calls at a time are known after a restart too; deleting calls changes nothing', async () => {
    const before = await opens()
    const one = await start(before.store, 0)
    const two = await start(before.store, 1)
    await before.store.recordCall(one, [finished(10)])
    const after = await restarts(before)
    await start(after.store, HOUR_MS)
    await after.store.recordCall(two, [finished(2 * HOUR_MS)])
    const most = (await after.store.statistics.periods(EVER)).map(({ mostCalls }) => mostCalls)
    assert.deepEqual(most, [2, 2, 2])
    await after.store.retention.deleteCall(one)
    assert.equal((await after.store.statistics.periods(EVER))[0]?.started, 2)
  })

  test('figures are forgotten when they are old', async () => {
    const { store } = await opens()
    await start(store, 0)
    await start(store, STATISTICS_KEPT_MS + HOUR_MS)
    const untilMs = T0 + STATISTICS_KEPT_MS + 2 * HOUR_MS
    const hours = await store.statistics.periods({ fromMs: 0, untilMs })
    assert.deepEqual(
      hours.map(({ startMs }) => startMs),
      [T0 + STATISTICS_KEPT_MS + HOUR_MS],
    )
  })
}

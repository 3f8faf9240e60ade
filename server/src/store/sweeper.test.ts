import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import type { RetentionStore, SweptPart } from '../ports/retention-store.ts'
import { pauseAfter, SWEEP_PACE } from './sweep-schedule.ts'
import { Sweeper } from './sweeper.ts'

const WALL_MS = Date.UTC(2026, 2, 1)
const DAY_MS = 86_400_000

/** Rows that are there to be deleted, by part; a step takes so long. */
function openSweep(
  keep: { readonly calls?: number; readonly logs?: number },
  rows: Partial<Record<SweptPart, number>>,
  stepMs = 2,
) {
  const clock = new SimulatedClock({ wallMs: WALL_MS })
  const left = { calls: 0, logs: 0, ...rows }
  const steps: { readonly part: SweptPart; readonly atMs: number; readonly before: number }[] = []
  let failures = 0
  const store: Pick<RetentionStore, 'sweep'> = {
    sweep: (part, before, limit) => {
      steps.push({ part, atMs: clock.nowMs(), before })
      if (failures-- > 0) return Promise.reject(new Error('disk full'))
      const taken = Math.min(limit, left[part])
      left[part] -= taken
      return new Promise((resolve) => clock.after(stepMs, () => resolve(taken)))
    },
  }
  const sweeper = new Sweeper({ clock, log: silentLog, keep, store: store as RetentionStore })
  return {
    clock,
    left,
    steps,
    sweeper,
    failNext: (times: number) => {
      failures = times
    },
    run: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 1) {
        clock.advance(1)
        for (let turn = 0; turn < 4; turn += 1) await Promise.resolve()
      }
    },
  }
}

test('without a limit of time nothing is ever swept', async () => {
  const sweep = openSweep({}, { calls: 5, logs: 5 })
  await sweep.run(1000)
  assert.deepEqual([sweep.steps.length, sweep.clock.pending], [0, 0])
})

test('what is old is taken in small steps with long pauses, calls before logs', async () => {
  const sweep = openSweep({ calls: 90 * DAY_MS, logs: 30 * DAY_MS }, { calls: 250, logs: 150 })
  await sweep.run(2000)
  assert.deepEqual(sweep.left, { calls: 0, logs: 0 })
  const busy = sweep.steps.filter(({ atMs }) => atMs < 1000)
  assert.deepEqual(
    busy.map(({ part }) => part).join(' '),
    'calls calls calls calls logs calls logs calls logs',
  )
  const [first, , , , logs] = sweep.steps
  assert.equal(first?.before, WALL_MS + (first?.atMs ?? 0) - 90 * DAY_MS)
  assert.equal(logs?.before, WALL_MS + (logs?.atMs ?? 0) - 30 * DAY_MS)
  const count = sweep.steps.length
  sweep.clock.advance(SWEEP_PACE.idleMs)
  await sweep.run(10)
  assert.ok(sweep.steps.length <= count + 4, 'it looks again, but seldom')
  assert.ok(sweep.steps.length > count)
})

test('a slow disk makes the pauses longer: at most a twentieth of the time goes into it', () => {
  assert.equal(pauseAfter({ type: 'done', rows: 100, tookMs: 1 }), 50)
  assert.equal(pauseAfter({ type: 'done', rows: 100, tookMs: 1000 }), 19_000)
  assert.equal(pauseAfter({ type: 'done', rows: 0, tookMs: 0 }), 600_000)
})

test('a store that fails is tried again a minute later, a closed sweep never', async () => {
  const sweep = openSweep({ calls: DAY_MS }, { calls: 1 })
  sweep.failNext(1)
  await sweep.run(100)
  sweep.clock.advance(59_900)
  assert.equal(sweep.left.calls, 1)
  await sweep.run(200)
  assert.equal(sweep.left.calls, 0)
  sweep.sweeper.close()
  const count = sweep.steps.length
  await sweep.run(1000)
  assert.deepEqual([sweep.steps.length, sweep.clock.pending], [count, 0])
})

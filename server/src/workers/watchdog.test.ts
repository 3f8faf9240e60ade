import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { Watchdog } from './watchdog.ts'

function watch(isListening = true) {
  const clock = new SimulatedClock()
  const workers = [0, 1].map((index) => ({ index, isListening, silentChecks: 0 }))
  const hung: [index: number, atMs: number][] = []
  const watchdog = new Watchdog(
    clock,
    () => workers,
    ({ index }) => hung.push([index, clock.nowMs()]),
  )
  return { clock, workers, hung, watchdog }
}

test('a worker that falls silent is noticed after 9 s, one that is slow is not', () => {
  const { clock, workers, hung } = watch()
  for (let second = 1; second <= 20; second += 1) {
    clock.advance(1000)
    if (second % 7 === 0 && workers[0] !== undefined) workers[0].silentChecks = 0
  }
  assert.deepEqual(hung, [
    [1, 9000],
    [1, 18_000],
  ])
})

test('one that is starting gets a minute', () => {
  const { clock, hung } = watch(false)
  clock.advance(60_000)
  assert.deepEqual(hung, [])
  clock.advance(1000)
  assert.equal(hung.length, 2)
})

test('time in which this process stood still counts for nothing', () => {
  const clock = new SimulatedClock()
  const worker = { isListening: true, silentChecks: 0 }
  let hung = 0
  // A timer that fires late fires once, however late: so does the system's clock.
  const late = {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    after: (_delayMs: number, fire: () => void) => clock.after(3_600_000, fire),
  }
  const watchdog = new Watchdog(
    late,
    () => [worker],
    () => (hung += 1),
  )
  for (let hour = 0; hour < 5; hour += 1) clock.advance(3_600_000)
  assert.deepEqual([hung, worker.silentChecks], [0, 5])
  watchdog.close()
  assert.equal(clock.pending, 0)
})

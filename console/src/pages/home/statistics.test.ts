import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStatistics } from './statistics.ts'

test('periods without calls are there too, the last one as short as it is', () => {
  const { periods, total } = readStatistics(
    {
      StartTime: '2026-11-24T00:00:00.000+00:00',
      EndTime: '2026-11-24T14:00:00.000+00:00',
      CallsNow: 2,
      Total: { Calls: 5, AnswerDelayP50Ms: 640 },
      Periods: [{ StartTime: '2026-11-24T06:00:00.000+00:00', Calls: 5, Minutes: 7.5 }],
    },
    6,
  )
  assert.deepEqual(
    periods.map(({ startMs, endMs, calls, minutes }) => [
      new Date(startMs).getUTCHours(),
      (endMs - startMs) / 3_600_000,
      calls,
      minutes,
    ]),
    [
      [0, 6, undefined, undefined],
      [6, 6, 5, 7.5],
      [12, 2, undefined, undefined],
    ],
  )
  assert.deepEqual([total.calls, total.p50Ms, total.p95Ms], [5, 640, undefined])
})

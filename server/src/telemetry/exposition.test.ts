import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exposition, Histogram, looked, OTHER, Series, SERIES_LIMIT } from './exposition.ts'

test('counters, gauges and histograms are written as Prometheus reads them', () => {
  const calls = new Series('counter', 'a_calls_total', 'Calls.\nAll of them.')
  calls.add({ agent: 'x"y\\z' })
  calls.add({ agent: 'x"y\\z' }, 2)
  calls.add({ agent: 'plain' }, 0.5)
  const delay = new Histogram('a_delay_seconds', 'Delays.', [0.5, 1])
  for (const seconds of [0.2, 0.5, 0.7, 3]) delay.observe({ agent: 'x' }, seconds)
  const queue = looked('gauge', 'a_queue', 'Waiting.', () => [[{}, 7]])
  assert.equal(
    exposition([calls, delay, queue]),
    String.raw`# HELP a_calls_total Calls.\nAll of them.
# TYPE a_calls_total counter
a_calls_total{agent="x\"y\\z"} 3
a_calls_total{agent="plain"} 0.5
# HELP a_delay_seconds Delays.
# TYPE a_delay_seconds histogram
a_delay_seconds_bucket{agent="x",le="0.5"} 2
a_delay_seconds_bucket{agent="x",le="1"} 3
a_delay_seconds_bucket{agent="x",le="+Inf"} 4
a_delay_seconds_sum{agent="x"} 4.4
a_delay_seconds_count{agent="x"} 4
# HELP a_queue Waiting.
# TYPE a_queue gauge
a_queue 7
`,
  )
})

test('however many agents there are, the series are not', () => {
  const calls = new Series('counter', 'a_calls_total', 'Calls.')
  for (let agent = 0; agent < SERIES_LIMIT + 50; agent += 1) calls.add({ agent: String(agent) })
  calls.add({ agent: '0' })
  const samples = calls.samples()
  assert.equal(samples.length, SERIES_LIMIT + 1)
  assert.equal(samples.find(({ labels }) => labels['agent'] === OTHER)?.value, 50)
  assert.equal(samples.find(({ labels }) => labels['agent'] === '0')?.value, 2)
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { NO_VITALS } from '../base/vitals.ts'
import { createTelemetry } from './telemetry.ts'

const DOCUMENT = new URL('../../../docs/metrics.md', import.meta.url)

test('the document names every metric, with its help', () => {
  const telemetry = createTelemetry({
    version: '1.2.3',
    clock: new SimulatedClock({ wallMs: 5000 }),
    log: silentLog,
    post: () => Promise.resolve(200),
  })
  const text = telemetry.metricsText({
    callbacks: () => undefined,
    writesWaiting: () => 3,
    processes: () => [['control', { ...NO_VITALS, loopDelayP99Ms: 20, residentBytes: 7 }]],
  })
  const written = [...text.matchAll(/^# HELP (\w+) (.+)$/gm)].map(([, name, help]) => [name, help])
  const rows = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^\| `(antiphon_\w+)` \| (.+) \|$/gm)]
  assert.deepEqual(
    rows.map(([, name, help]) => [name, help]),
    written,
  )
  assert.match(text, /^antiphon_info\{version="1\.2\.3"\} 1$/m)
  assert.match(text, /^antiphon_start_time_seconds 5$/m)
  assert.match(text, /^antiphon_store_writes_waiting 3$/m)
  const loop = 'antiphon_event_loop_delay_seconds'
  assert.ok(text.includes(`${loop}{process="control",quantile="0.99"} 0.02\n`))
  assert.ok(!text.includes('antiphon_callbacks_in_flight 0'), 'nothing is known of callbacks yet')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import type { Environment } from './readers.ts'

const read = (environment: Environment): ReturnType<typeof readConfig> =>
  readConfig(environment, { cores: 4 })

function tracesOf(environment: Environment) {
  const config = read(environment)
  assert.ok(config.ok, config.ok ? '' : config.error)
  return config.value.traces
}

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/base/' }

test('metrics are for this machine, traces for nobody, unless something else is said', () => {
  const config = read({})
  assert.ok(config.ok)
  assert.equal(config.value.metrics, 'local')
  assert.equal(config.value.traces, undefined)
  const other = read({ ANTIPHON_METRICS: '10.0.0.0/8, 192.0.2.7' })
  assert.ok(other.ok && Array.isArray(other.value.metrics))
  assert.equal(other.value.metrics.length, 2)
})

test('traces go where the variables of OpenTelemetry say', () => {
  assert.equal(tracesOf(ENDPOINT)?.url, 'http://collector:4318/base/v1/traces')
  const own = { ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://other/here' }
  assert.equal(tracesOf(own)?.url, 'https://other/here')
  assert.equal(tracesOf({ OTEL_TRACES_EXPORTER: 'otlp' })?.url, 'http://localhost:4318/v1/traces')
  assert.equal(tracesOf({ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }), undefined)
  assert.equal(tracesOf({ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }), undefined)
})

test('headers and what is said of the server are read', () => {
  const traces = tracesOf({
    ...ENDPOINT,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, x-team = voice',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
    OTEL_SERVICE_NAME: 'phone',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
  })
  assert.deepEqual(traces?.headers, { authorization: 'Bearer x', 'x-team': 'voice' })
  assert.deepEqual(traces?.resource, {
    'deployment.environment': 'test',
    'service.name': 'phone',
  })
  assert.deepEqual([traces?.queueLimit, traces?.batchLimit, traces?.delayMs], [100, 100, 5000])
})

const WRONG: readonly (readonly [Environment, RegExp])[] = [
  [{ ANTIPHON_METRICS: 'everyone' }, /^ANTIPHON_METRICS .*local, off, all.*"everyone"/],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /^OTEL_TRACES_EXPORTER .*otlp or none.*"zipkin"/],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, /^OTEL_EXPORTER_OTLP_ENDPOINT .*http:/],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:b@c' }, /^OTEL_EXPORTER_OTLP_ENDPOINT .*login/],
  [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /_PROTOCOL .*http\/json.*"grpc"/],
]

for (const [environment, expected] of WRONG) {
  test(`refused in one line: ${JSON.stringify(environment)}`, () => {
    const config = read(environment)
    assert.ok(!config.ok)
    assert.match(config.error, expected)
  })
}

test('headers that are wrong are not shown: they may be secrets', () => {
  const config = read({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'my-secret' })
  assert.ok(!config.ok)
  assert.match(config.error, /^OTEL_EXPORTER_OTLP_HEADERS must be name=value/)
  assert.ok(!config.error.includes('my-secret'))
})

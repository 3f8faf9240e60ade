import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog, type Log } from '../base/log.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import type { Span } from './span.ts'
import { SpanExporter, type Post, type TraceSettings } from './span-exporter.ts'

const SETTINGS: TraceSettings = {
  url: 'http://collector/v1/traces',
  headers: { authorization: 'Bearer x' },
  resource: { 'service.name': 'antiphon' },
  timeoutMs: 10_000,
  delayMs: 5000,
  queueLimit: 10,
  batchLimit: 4,
}

const span = (index: number): Span => ({
  traceId: 'a'.repeat(32),
  spanId: String(index).padStart(16, '0'),
  name: `span ${index}`,
  kind: 'internal',
  startMs: 1_700_000_000_000.25,
  endMs: 1_700_000_000_001,
  attributes: { text: 'x', count: 2, share: 0.5, is: true },
})

interface Body {
  readonly resourceSpans: readonly {
    readonly resource: unknown
    readonly scopeSpans: readonly { readonly spans: readonly Record<string, unknown>[] }[]
  }[]
}

function exporter(answers: readonly (number | Error)[] = []) {
  const clock = new SimulatedClock()
  const warnings: string[] = []
  const log: Log = { ...silentLog, warn: (message) => void warnings.push(message), with: () => log }
  const requests: Parameters<Post>[0][] = []
  const post: Post = async (request) => {
    requests.push(request)
    const answer = answers[requests.length - 1] ?? 200
    if (answer instanceof Error) throw answer
    return answer
  }
  const own = new SpanExporter({ settings: SETTINGS, post, clock, log })
  const spansOf = (index: number): readonly Record<string, unknown>[] =>
    (JSON.parse(requests[index]?.body ?? '{}') as Body).resourceSpans[0]?.scopeSpans[0]?.spans ?? []
  const after = async (ms: number): Promise<void> => {
    clock.advance(ms)
    for (const _ of Array(10)) await Promise.resolve()
  }
  return { own, requests, spansOf, warnings, after, clock }
}

test('spans go out together, in the form of the protocol', async () => {
  const { own, requests, spansOf, after } = exporter()
  own.add(span(1))
  own.add(span(2))
  await after(4999)
  assert.equal(requests.length, 0)
  await after(1)
  assert.equal(requests.length, 1)
  assert.equal(requests[0]?.headers['authorization'], 'Bearer x')
  assert.deepEqual(spansOf(0)[0], {
    traceId: 'a'.repeat(32),
    spanId: '0000000000000001',
    name: 'span 1',
    kind: 1,
    startTimeUnixNano: '1700000000000250000',
    endTimeUnixNano: '1700000000001000000',
    attributes: [
      { key: 'text', value: { stringValue: 'x' } },
      { key: 'count', value: { intValue: '2' } },
      { key: 'share', value: { doubleValue: 0.5 } },
      { key: 'is', value: { boolValue: true } },
    ],
    events: [],
    status: {},
  })
  assert.deepEqual(own.counters, { exported: 2, dropped: 0 })
})

test('a full batch goes at once; what finds no room is dropped', async () => {
  const { own, requests, spansOf, after } = exporter()
  for (const index of Array(14).keys()) own.add(span(index))
  await after(0)
  await after(0)
  await after(0)
  assert.deepEqual([requests.length, spansOf(0).length], [2, 4])
  await after(5000)
  assert.equal(spansOf(2).length, 2)
  assert.deepEqual(own.counters, { exported: 10, dropped: 4 })
})

test('a collector that is away for a while loses nothing; one warning tells of it', async () => {
  const { own, requests, warnings, after } = exporter([new Error('gone'), 503])
  own.add(span(1))
  await after(5000)
  await after(1000)
  await after(1999)
  assert.equal(requests.length, 2)
  await after(1)
  assert.equal(requests.length, 3)
  assert.deepEqual(own.counters, { exported: 1, dropped: 0 })
  assert.deepEqual(warnings, ['traces not taken, will be sent again'])
})

test('what a collector refuses, or never takes, is dropped', async () => {
  const refused = exporter([400])
  refused.own.add(span(1))
  await refused.after(5000)
  assert.deepEqual(refused.own.counters, { exported: 0, dropped: 1 })
  const gone = exporter([503, 503, 503, 503, 503])
  gone.own.add(span(1))
  for (const ms of [5000, 1000, 2000, 4000, 8000]) await gone.after(ms)
  assert.deepEqual([gone.requests.length, gone.own.counters.dropped], [5, 1])
})

test('at the end everything is sent, within a limit', async () => {
  const { own, requests, clock } = exporter()
  for (const index of Array(6).keys()) own.add(span(index))
  await own.close(1000)
  assert.equal(requests.length, 2)
  own.add(span(7))
  assert.deepEqual(own.counters, { exported: 6, dropped: 0 })
  assert.equal(clock.pending, 0)
})

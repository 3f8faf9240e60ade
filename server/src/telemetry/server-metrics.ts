import type { Vitals } from '../base/vitals.ts'
import { Histogram, looked, Series, type Labels, type Metric } from './exposition.ts'

/** Bounds of how long operations take, s. */
const REQUEST_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Requests of the API, by operation and status. */
export class RequestMetrics {
  readonly #requests = new Series(
    'counter',
    'antiphon_http_requests_total',
    'Requests to the API, by operation and HTTP status.',
  )
  readonly #seconds = new Histogram(
    'antiphon_http_request_seconds',
    'How long the answers took, by operation.',
    REQUEST_BOUNDS_S,
  )
  readonly metrics: readonly Metric[] = [this.#requests, this.#seconds]

  answered(operation: string, status: number, tookMs: number): void {
    this.#requests.add({ operation, status: String(status) })
    this.#seconds.observe({ operation }, tookMs / 1000)
  }
}

/** What the rest of the server can tell when it is asked. */
export interface ServerFigures {
  readonly version: string
  /** Wall time, ms. */
  readonly startedMs: number
  callbacks():
    | {
        readonly delivered: number
        readonly failedAttempts: number
        readonly givenUp: number
        readonly inFlight: number
      }
    | undefined
  writesWaiting(): number
  /** `control`, and each worker by its number. */
  processes(): Iterable<readonly [name: string, vitals: Vitals]>
  /** Spans that went out, and that were dropped; none where traces are not exported. */
  spans(): { readonly exported: number; readonly dropped: number } | undefined
}

export function serverMetrics(figures: ServerFigures): readonly Metric[] {
  const { version, startedMs } = figures
  const one = (value: number | undefined): readonly (readonly [Labels, number])[] =>
    value === undefined ? [] : [[{}, value]]
  const each = (value: (vitals: Vitals) => number): readonly (readonly [Labels, number])[] =>
    Array.from(figures.processes(), ([process, vitals]) => [{ process }, value(vitals)])
  return [
    looked('gauge', 'antiphon_info', 'The version that runs.', () => [[{ version }, 1]]),
    looked('gauge', 'antiphon_start_time_seconds', 'When it started, s since 1970.', () =>
      one(startedMs / 1000),
    ),
    looked('gauge', 'antiphon_store_writes_waiting', 'Writes that wait for the disk.', () =>
      one(figures.writesWaiting()),
    ),
    looked('counter', 'antiphon_callbacks_delivered_total', 'Events delivered.', () =>
      one(figures.callbacks()?.delivered),
    ),
    looked(
      'counter',
      'antiphon_callbacks_failed_attempts_total',
      'Deliveries that failed and may be tried again.',
      () => one(figures.callbacks()?.failedAttempts),
    ),
    looked('counter', 'antiphon_callbacks_given_up_total', 'Events that were given up.', () =>
      one(figures.callbacks()?.givenUp),
    ),
    looked('gauge', 'antiphon_callbacks_in_flight', 'Deliveries under way.', () =>
      one(figures.callbacks()?.inFlight),
    ),
    looked(
      'gauge',
      'antiphon_event_loop_delay_seconds',
      'How late timers were, of the last seconds, by process.',
      () => [
        ...each(({ loopDelayP50Ms }) => loopDelayP50Ms / 1000).map(quantile('0.5')),
        ...each(({ loopDelayP99Ms }) => loopDelayP99Ms / 1000).map(quantile('0.99')),
        ...each(({ loopDelayMaxMs }) => loopDelayMaxMs / 1000).map(quantile('1')),
      ],
    ),
    looked('gauge', 'antiphon_resident_memory_bytes', 'Memory in use, by process.', () =>
      each(({ residentBytes }) => residentBytes),
    ),
    looked('gauge', 'antiphon_heap_bytes', "Memory in use by JavaScript's objects.", () =>
      each(({ heapBytes }) => heapBytes),
    ),
    looked('counter', 'antiphon_cpu_seconds_total', 'Processor time, by process.', () =>
      each(({ cpuS }) => cpuS),
    ),
    looked('counter', 'antiphon_spans_exported_total', 'Spans of traces that went out.', () =>
      one(figures.spans()?.exported),
    ),
    looked('counter', 'antiphon_spans_dropped_total', 'Spans that could not go out.', () =>
      one(figures.spans()?.dropped),
    ),
  ]
}

const quantile =
  (share: string) =>
  ([labels, value]: readonly [Labels, number]): readonly [Labels, number] => [
    { ...labels, quantile: share },
    value,
  ]

import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { CallObserver } from '../ports/call-observer.ts'
import { CallMetrics } from './call-metrics.ts'
import { CallSpans } from './call-spans.ts'
import { exposition } from './exposition.ts'
import { observers } from './observers.ts'
import { RequestMetrics, serverMetrics, type ServerFigures } from './server-metrics.ts'
import { SpanExporter, type Post, type TraceSettings } from './span-exporter.ts'

/** What the server tells about itself: metrics, and traces where they are wanted. */
export interface Telemetry {
  /** Hears of all calls. */
  readonly observer: CallObserver
  /** A request of the API was answered. */
  answered(operation: string, status: number, tookMs: number): void
  /** All metrics in Prometheus' text format. */
  metricsText(figures: Omit<ServerFigures, 'version' | 'startedMs' | 'spans'>): string
  /** Sends the traces that wait, as far as that takes no longer than so. */
  close(limitMs: number): Promise<void>
}

export function createTelemetry(options: {
  readonly version: string
  readonly clock: Clock
  readonly log: Log
  /** Absent: no traces. */
  readonly traces?: TraceSettings | undefined
  readonly post: Post
}): Telemetry {
  const { version, clock, log, traces: settings, post } = options
  const startedMs = clock.wallMs()
  const calls = new CallMetrics(clock)
  const requests = new RequestMetrics()
  const exporter = settings && new SpanExporter({ settings, post, clock, log })
  const spans = exporter && new CallSpans((span) => exporter.add(span))
  return {
    observer: spans === undefined ? calls : observers(calls, spans),
    answered: (operation, status, tookMs) => requests.answered(operation, status, tookMs),
    metricsText: (figures) =>
      exposition([
        ...calls.metrics,
        ...requests.metrics,
        ...serverMetrics({ ...figures, version, startedMs, spans: () => exporter?.counters }),
      ]),
    close: async (limitMs) => exporter?.close(limitMs),
  }
}

/** Sends by `fetch`; the answer's body is not looked at. */
export const postByFetch: Post = async ({ url, headers, body, timeoutMs }) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  })
  await response.body?.cancel()
  return response.status
}

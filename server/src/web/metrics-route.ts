import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import { containsIp, parseIpBlock, type IpBlock } from '../base/ip-block.ts'
import { header } from './headers.ts'

export const METRICS_PATH = '/metrics'

export interface MetricsRouteDeps {
  /** Absent: there is no such path. */
  readonly metrics?: Metrics | undefined
}

export interface Metrics {
  /** This machine alone, nobody, everybody, or these addresses. */
  readonly readers: 'local' | 'off' | 'all' | readonly IpBlock[]
  /** In Prometheus' text format, version 0.0.4. */
  text(): string
}

/** The metrics, for those who may read them; `undefined` for others, who are not told that there are any. */
export function answerMetrics(
  request: RawRequest,
  { metrics }: MetricsRouteDeps,
): RawResponse | undefined {
  if (metrics === undefined || !mayRead(request, metrics.readers)) return undefined
  return {
    status: 200,
    headers: {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body: metrics.text(),
  }
}

function mayRead(request: RawRequest, readers: Metrics['readers']): boolean {
  if (readers === 'off' || readers === 'all') return readers === 'all'
  if (readers !== 'local') {
    const address = parseIpBlock(request.remoteAddress)
    return address !== undefined && readers.some((block) => containsIp(block, address))
  }
  // A proxy on this machine, whose word is not taken, brings requests from anywhere.
  const isPassedOn = FORWARDING.some((name) => header(request, name) !== undefined)
  return !isPassedOn && /^(127\.|::1$|::ffff:127\.)/i.test(request.remoteAddress)
}

const FORWARDING = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

import type { Clock } from '../base/clock.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { isSame, sign } from './signing.ts'

export const LOG_URL_LIFE_S = 24 * 3600

/** Signed addresses of call logs, each good for a day. */
export interface LogUrls {
  /** `origin` as `https://calls.example.org`, without a slash at its end. */
  logUrl(instanceId: string, origin: string): string
  /** Whether that query may open that call's log. */
  check(instanceId: string, query: URLSearchParams): Result<void, 'tampered' | 'expired'>
}

export function createLogUrls(options: {
  readonly secret: Uint8Array
  readonly clock: Clock
}): LogUrls {
  const { secret, clock } = options
  const signature = (instanceId: string, expiresS: string): string =>
    sign(secret, 'call-log', `${instanceId}\n${expiresS}`)
  return {
    logUrl(instanceId, origin) {
      const expiresS = String(Math.floor(clock.wallMs() / 1000) + LOG_URL_LIFE_S)
      const query = `expires=${expiresS}&signature=${signature(instanceId, expiresS)}`
      return `${origin}/logs/${instanceId}.json?${query}`
    },
    check(instanceId, query) {
      const expiresS = query.get('expires') ?? ''
      const given = query.get('signature') ?? ''
      if (!isSame(given, signature(instanceId, expiresS))) return fail('tampered')
      return Number(expiresS) * 1000 > clock.wallMs() ? ok(undefined) : fail('expired')
    },
  }
}

import type { Clock } from '../base/clock.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { isSame, sign } from './signing.ts'

/** An address is good for that long at least. */
export const LOG_URL_LIFE_S = 24 * 3600
/** Addresses end at full hours: a list that is asked for again and again has the same ones, signed once. */
const STEP_S = 3600
/** Signatures that are remembered. */
const KEPT_LIMIT = 10_000

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
  /** Of the hour in which they end, by instance. */
  const kept = new Map<string, string>()
  let keptExpiresS = ''
  const signatureOf = (instanceId: string, expiresS: string): string => {
    if (expiresS !== keptExpiresS || kept.size >= KEPT_LIMIT) {
      kept.clear()
      keptExpiresS = expiresS
    }
    const known = kept.get(instanceId) ?? signature(instanceId, expiresS)
    kept.set(instanceId, known)
    return known
  }
  return {
    logUrl(instanceId, origin) {
      const hours = Math.ceil((clock.wallMs() / 1000 + LOG_URL_LIFE_S) / STEP_S)
      const expiresS = String(hours * STEP_S)
      const query = `expires=${expiresS}&signature=${signatureOf(instanceId, expiresS)}`
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

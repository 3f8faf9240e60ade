import type { RawRequest } from '../api/raw-http.ts'
import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import { header } from './headers.ts'
import { isSame, sign } from './signing.ts'

/** The console must send it: a page of another site cannot, without a preflight that is refused. */
export const CONSOLE_HEADER = 'x-antiphon-console'

export const SESSION_LIFE_S = 7 * 24 * 3600

/** Tokens that were issued and not used; past that the oldest is forgotten. */
const MOST_TOKENS = 16

/** Who may use the console: a one-time token becomes a signed cookie that survives restarts. */
export interface Sessions {
  /** A new sign-in token: valid once, and only in this process. */
  issueToken(): string
  /** Uses the token up. The value for `Set-Cookie`, or `undefined` when it is not valid (any more). */
  signIn(request: RawRequest, token: string): string | undefined
  /** Whether the request comes from the console in a signed-in browser. */
  isSignedIn(request: RawRequest): boolean
}

export function createSessions(options: {
  readonly secret: Uint8Array
  readonly clock: Clock
  readonly ids: Ids
  readonly publicUrl?: string | undefined
}): Sessions {
  const { secret, clock, ids, publicUrl } = options
  const tokens: string[] = []
  // Cookies do not tell ports apart: two servers on one host must not overwrite each other's.
  const name = `antiphon-${sign(secret, 'cookie-name', '').slice(0, 8)}`

  const isValid = (value: string): boolean => {
    const [expiresS = '', id = '', signature = ''] = value.split('.')
    if (!isSame(signature, sign(secret, 'session', `${expiresS}.${id}`))) return false
    return Number(expiresS) * 1000 > clock.wallMs()
  }

  return {
    issueToken() {
      const token = ids.hex32()
      tokens.push(token)
      if (tokens.length > MOST_TOKENS) tokens.shift()
      return token
    },
    signIn(request, token) {
      // Every token is compared, so that the duration tells nothing.
      const found = tokens.map((candidate) => isSame(candidate, token)).indexOf(true)
      if (found < 0) return undefined
      tokens.splice(found, 1)
      const content = `${Math.floor(clock.wallMs() / 1000) + SESSION_LIFE_S}.${ids.hex32()}`
      const value = `${content}.${sign(secret, 'session', content)}`
      const rights = 'Path=/; HttpOnly; SameSite=Strict'
      const secure = isSecure(request, publicUrl) ? '; Secure' : ''
      return `${name}=${value}; Max-Age=${SESSION_LIFE_S}; ${rights}${secure}`
    },
    isSignedIn(request) {
      if (header(request, CONSOLE_HEADER) !== '1') return false
      if (!isSameOrigin(request, publicUrl)) return false
      return cookies(request, name).some(isValid)
    },
  }
}

/** Over TLS, or over a proxy that speaks TLS under the public address. */
function isSecure(request: RawRequest, publicUrl: string | undefined): boolean {
  if (request.isSecure) return true
  if (publicUrl === undefined || !publicUrl.startsWith('https:')) return false
  return header(request, 'host') === new URL(publicUrl).host
}

/** True without an `Origin`, as browsers leave it out of a page's own GETs. */
function isSameOrigin(request: RawRequest, publicUrl: string | undefined): boolean {
  const origins = request.headers.filter(([name]) => name.toLowerCase() === 'origin')
  const host = header(request, 'host') ?? ''
  return origins.every(([, origin]) => {
    if (publicUrl !== undefined && origin === publicUrl) return true
    if (!URL.canParse(origin)) return false
    const { protocol, host: originHost } = new URL(origin)
    // Read as an address too, so that case and a spelt-out default port make no difference.
    const own = `${protocol}//${host}`
    return URL.canParse(own) && new URL(own).host === originHost
  })
}

function cookies(request: RawRequest, name: string): readonly string[] {
  const start = `${name}=`
  return request.headers
    .filter(([candidate]) => candidate.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(';'))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(start))
    .map((cookie) => cookie.slice(start.length))
}

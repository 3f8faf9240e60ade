import type { AccessKey, Principal } from '../api/caller.ts'
import type { RawRequest } from '../api/raw-http.ts'
import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { header } from './headers.ts'
import { SignInBrake } from './sign-in-brake.ts'
import { isSame, sign } from './signing.ts'

/** The console must send it: a page of another site cannot, without a preflight that is refused. */
export const CONSOLE_HEADER = 'x-antiphon-console'

export const SESSION_LIFE_S = 7 * 24 * 3600

/** Tokens that were issued and not used; past that the oldest is forgotten. */
const MOST_TOKENS = 16

/** Whom a session speaks for: without a key the account, whose operator opened the address of the start. */
export interface SignedIn {
  readonly accessKeyId?: string
  /** Of the key. */
  readonly principal?: Principal
}

/** Why nobody was signed in with a key. */
export type SignInRefusal =
  | { readonly reason: 'wrong' | 'inactive' | 'temporary' }
  /** Too many wrong keys from this address. */
  | { readonly reason: 'too-soon'; readonly waitS: number }

/** Who may use the console: a one-time token, or an access key, becomes a signed cookie that survives restarts. */
export interface Sessions {
  /** A new sign-in token: valid once, and only in this process. */
  issueToken(): string
  /** Uses the token up. The value for `Set-Cookie`, or `undefined` when it is not valid (any more). */
  signIn(request: RawRequest, token: string): string | undefined
  /** The value for `Set-Cookie` of a session that speaks for the key as long as the key is active. */
  signInWithKey(
    request: RawRequest,
    key: { readonly id: string; readonly secret: string },
  ): Result<string, SignInRefusal>
  /** Ends the request's session for good. The value for `Set-Cookie` that removes it from the browser. */
  signOut(request: RawRequest): string
  /** Whom the request speaks for, if it comes from the console in a signed-in browser. */
  signedInAs(request: RawRequest): SignedIn | undefined
  /** Whether the request comes from a page of this server; who is signed in is another question. */
  isFromConsole(request: RawRequest): boolean
}

export interface SessionsOptions {
  readonly secret: Uint8Array
  readonly clock: Clock
  readonly ids: Ids
  readonly publicUrl?: string | undefined
  /** Keys that one can sign in with; none when left out. */
  readonly findKey?: (accessKeyId: string) => AccessKey | undefined
  /** Sessions that were ended before their time, by an earlier process. */
  readonly ended?: Iterable<string>
  /** Remembers that a session was ended, until it would have ended anyway. */
  readonly onEnd?: (sessionId: string, expiresMs: number) => void
}

export function createSessions(options: SessionsOptions): Sessions {
  return new CookieSessions(options)
}

/** A session as its cookie has it: `expiresS.id.who.signature`; those of the account have no `who`. */
interface Session extends SignedIn {
  readonly id: string
  readonly expiresMs: number
}

class CookieSessions implements Sessions {
  readonly #options: SessionsOptions
  readonly #tokens: string[] = []
  readonly #brake: SignInBrake
  readonly #ended: Set<string>
  /** Cookies do not tell ports apart: two servers on one host must not overwrite each other's. */
  readonly #name: string

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#brake = new SignInBrake(options.clock)
    this.#ended = new Set(options.ended)
    this.#name = `antiphon-${sign(options.secret, 'cookie-name', '').slice(0, 8)}`
  }

  issueToken(): string {
    const token = this.#options.ids.hex32()
    this.#tokens.push(token)
    if (this.#tokens.length > MOST_TOKENS) this.#tokens.shift()
    return token
  }

  signIn(request: RawRequest, token: string): string | undefined {
    // Every token is compared, so that the duration tells nothing.
    const found = this.#tokens.map((candidate) => isSame(candidate, token)).indexOf(true)
    if (found < 0) return undefined
    this.#tokens.splice(found, 1)
    return this.#begin(request)
  }

  signInWithKey(
    request: RawRequest,
    { id, secret }: { readonly id: string; readonly secret: string },
  ): Result<string, SignInRefusal> {
    const waitMs = this.#brake.waitMs(request.remoteAddress)
    if (waitMs > 0) return fail({ reason: 'too-soon', waitS: Math.ceil(waitMs / 1000) })
    const key = this.#options.findKey?.(id)
    // A key that is not there is compared too, so that the duration tells nothing.
    const isRight = isSame(key?.secret ?? '', secret)
    if (key === undefined || !isRight) {
      this.#brake.failed(request.remoteAddress)
      return fail({ reason: 'wrong' })
    }
    if (key.securityToken !== undefined) return fail({ reason: 'temporary' })
    if (key.status !== 'Active') return fail({ reason: 'inactive' })
    this.#brake.succeeded(request.remoteAddress)
    return ok(this.#begin(request, { accessKeyId: id, secret: key.secret }))
  }

  signOut(request: RawRequest): string {
    this.#endAll(request)
    return `${this.#name}=; Max-Age=0; ${this.#rights(request)}`
  }

  signedInAs(request: RawRequest): SignedIn | undefined {
    return this.isFromConsole(request) ? this.#sessions(request)[0] : undefined
  }

  isFromConsole(request: RawRequest): boolean {
    if (header(request, CONSOLE_HEADER) !== '1') return false
    // What a browser says itself of where a request comes from; others do not send it.
    const site = header(request, 'sec-fetch-site')
    if (site !== undefined && site !== 'same-origin') return false
    return isSameOrigin(request, this.#options.publicUrl)
  }

  /** A new session, never one whose id came with the request; the browser's old one ends. */
  #begin(
    request: RawRequest,
    key?: { readonly accessKeyId: string; readonly secret: string },
  ): string {
    this.#endAll(request)
    const { clock, ids } = this.#options
    const who = key === undefined ? '' : `.${Buffer.from(key.accessKeyId).toString('base64url')}`
    const content = `${Math.floor(clock.wallMs() / 1000) + SESSION_LIFE_S}.${ids.hex32()}${who}`
    const value = `${content}.${this.#sign(content, key?.secret)}`
    return `${this.#name}=${value}; Max-Age=${SESSION_LIFE_S}; ${this.#rights(request)}`
  }

  /** The key's secret takes part: a key of the same id with another secret is another key. */
  #sign(content: string, keySecret: string | undefined): string {
    const { secret } = this.#options
    if (keySecret === undefined) return sign(secret, 'session', content)
    return sign(secret, 'key session', `${content}\n${sign(secret, 'key', keySecret)}`)
  }

  #rights(request: RawRequest): string {
    const secure = isSecure(request, this.#options.publicUrl) ? '; Secure' : ''
    return `Path=/; HttpOnly; SameSite=Strict${secure}`
  }

  #endAll(request: RawRequest): void {
    for (const { id, expiresMs } of this.#sessions(request)) {
      this.#ended.add(id)
      this.#options.onEnd?.(id, expiresMs)
    }
  }

  /** The good sessions among the request's cookies. */
  #sessions(request: RawRequest): readonly Session[] {
    return cookies(request, this.#name).flatMap((value) => this.#read(value) ?? [])
  }

  #read(value: string): Session | undefined {
    const cut = value.lastIndexOf('.')
    const content = value.slice(0, cut)
    const [expiresS = '', id = '', who] = content.split('.')
    const expiresMs = Number(expiresS) * 1000
    const accessKeyId = who === undefined ? undefined : Buffer.from(who, 'base64url').toString()
    const key = accessKeyId === undefined ? undefined : this.#options.findKey?.(accessKeyId)
    if (accessKeyId !== undefined && key === undefined) return undefined
    if (!isSame(value.slice(cut + 1), this.#sign(content, key?.secret))) return undefined
    const isOver = expiresMs <= this.#options.clock.wallMs() || this.#ended.has(id)
    if (isOver || (key !== undefined && key.status !== 'Active')) return undefined
    if (accessKeyId === undefined || key === undefined) return { id, expiresMs }
    return { id, expiresMs, accessKeyId, principal: key.principal }
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

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { formatOf, readCall } from '../api/parameters.ts'
import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import type { Ids } from '../base/ids.ts'
import type { IpBlock } from '../base/ip-block.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { Signalling } from '../ports/signalling.ts'
import { refuse, toClient, unavailable, type Addressee } from './answers.ts'
import { BodyReader, type BodyError } from './body-reader.ts'
import { originOf } from './forwarded.ts'
import { parseTarget } from './headers.ts'
import { endWith, LINGER_MS, parserRefusal } from './raw-answer.ts'
import { bodyLimitBytes, route, type RouterDeps } from './router.ts'
import { upgradeSocket } from './rtc-socket.ts'
import { isGone, sendStream } from './stream-answer.ts'

export interface WebServerDeps extends RouterDeps {
  readonly signalling: Signalling
  readonly ids: Ids
  readonly log: Log
  /** PEM texts; absent = plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  readonly limits?: Partial<WebLimits>
  /** Proxies whose word is taken for where a request comes from; absent: none. */
  readonly trustedProxies?: readonly IpBlock[] | undefined
}

export interface WebLimits {
  /** A request's head must be complete by then, the whole of it by `requestMs`. */
  readonly headersMs: number
  readonly requestMs: number
  /** How often those two are looked at. */
  readonly checkMs: number
  /** How long `close` waits for answers under way. */
  readonly closeMs: number
}

/** HTTP and WebSocket handshakes on one port. */
export interface WebServer {
  /** Port 0 lets the system choose. The error is one line for the operator. */
  listen(host: string, port: number): Promise<Result<{ readonly port: number }, string>>
  /** From now on every request but `/healthz` gets 503, on old connections and new ones. */
  refuseRequests(): void
  /** Stops listening, lets answers under way finish, closes all connections. May be called twice. */
  close(): Promise<void>
}

export const createWebServer = (deps: WebServerDeps): WebServer => new HttpServer(deps)

const LIMITS: WebLimits = { headersMs: 15_000, requestMs: 60_000, checkMs: 2000, closeMs: 3000 }
const HEADER_LIMIT_BYTES = 256 * 1024
const KEEP_ALIVE_MS = 30_000
/** A connection on which nothing moves, not even an answer being read, is cut. */
const STALL_MS = 120_000
const BODIES_LIMIT_BYTES = 256 * 1024 * 1024

class HttpServer implements WebServer {
  readonly #deps: WebServerDeps
  readonly #limits: WebLimits
  readonly #server: Server
  readonly #bodies = new BodyReader(BODIES_LIMIT_BYTES)
  /** The newest request of each connection, until its answer is out. */
  readonly #latest = new WeakMap<Duplex, { request: IncomingMessage; response: ServerResponse }>()
  /** Answered by hand already: the parser may complain about each further piece. */
  readonly #dismissed = new WeakSet<Duplex>()
  readonly #upgrading = new Set<Duplex>()
  #underWay = 0
  #isRefusing = false
  #onIdle: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(deps: WebServerDeps) {
    this.#deps = deps
    this.#limits = { ...LIMITS, ...deps.limits }
    const options: ServerOptions = {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: this.#limits.headersMs,
      requestTimeout: this.#limits.requestMs,
      connectionsCheckingInterval: this.#limits.checkMs,
      // Looked at below: Node's own refusal has no body.
      requireHostHeader: false,
      // Other upgrades (h2c, which some clients offer with every request) are ignored.
      shouldUpgradeCallback: (request) => /^websocket$/i.test(request.headers.upgrade ?? ''),
    }
    this.#server = deps.tls ? createTlsServer({ ...options, ...deps.tls }) : createServer(options)
    this.#server.timeout = STALL_MS
    this.#server.on('request', (request, response) => void this.#onRequest(request, response))
    this.#server.on('checkExpectation', (request, response) => {
      const requestId = deps.ids.requestId()
      this.#send(request, response, refuse({ code: 'ExpectationFailed', requestId }))
    })
    this.#server.on('upgrade', (request, socket, head) => {
      void this.#onUpgrade(request, socket, head)
    })
    this.#server.on('connect', (request, socket) => {
      const message = 'This server is no proxy.'
      const requestId = deps.ids.requestId()
      const answer = refuse({ code: 'UnsupportedHTTPMethod', message, requestId })
      socket.on('error', ignore)
      endWith(socket, this.#toClient(answer, request), deps.clock)
    })
    this.#server.on('clientError', (error, socket) => this.#onClientError(error, socket))
  }

  listen(host: string, port: number): Promise<Result<{ readonly port: number }, string>> {
    return new Promise((resolve) => {
      const onError = (error: NodeJS.ErrnoException): void => {
        resolve(fail(listenError(error, host, port)))
      }
      this.#server.once('error', onError)
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', onError)
        this.#server.on('error', (error) => this.#deps.log.error('http server', { error }))
        resolve(ok({ port: (this.#server.address() as AddressInfo).port }))
      })
    })
  }

  refuseRequests(): void {
    this.#isRefusing = true
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.refuseRequests()
    // Not waited for: it would also wait for sockets that a media worker holds.
    this.#server.close()
    this.#server.closeIdleConnections()
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
        const forget = this.#deps.clock.after(this.#limits.closeMs, resolve)
        this.#onIdle = () => {
          forget()
          resolve()
        }
      })
    }
    this.#server.closeAllConnections()
    for (const socket of this.#upgrading) socket.destroy()
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1
    this.#latest.set(request.socket, { request, response })
    response.once('close', () => {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#onIdle?.()
    })
    const requestId = this.#deps.ids.requestId()
    try {
      const answer = await this.#answer(request, requestId)
      if (answer?.stream !== undefined) {
        await sendStream(response, { ...answer, stream: answer.stream })
      } else if (answer !== undefined) this.#send(request, response, answer)
    } catch (error) {
      if (isGone(error)) return
      this.#deps.log.error('request failed', { requestId, error: stackOf(error) })
      if (response.headersSent) response.destroy()
      else this.#send(request, response, internalError(requestId))
    }
  }

  #rawRequest(request: IncomingMessage, body?: Uint8Array): RawRequest {
    const raw = rawRequest(request, body)
    return { ...raw, ...originOf(raw, raw.headers, this.#deps.trustedProxies ?? []) }
  }

  /** `undefined` when nobody is left to answer. */
  async #answer(request: IncomingMessage, requestId: string): Promise<RawResponse | undefined> {
    const target = request.url ?? '/'
    if (this.#isRefusing && parseTarget(target).path !== '/healthz') return unavailable(requestId)
    if (request.httpVersion === '1.1' && request.headers.host === undefined) {
      const message = 'The header Host is missing.'
      return refuse({ code: 'MalformedRequest', message, requestId })
    }
    const limitBytes = bodyLimitBytes(target)
    const body = await this.#bodies.read(request, limitBytes)
    if (body.ok) return route(this.#rawRequest(request, body.value), requestId, this.#deps)
    return bodyRefusal(body.error, limitBytes, requestId)
  }

  /** Without a request: what the parser could not read. */
  #toClient(answer: RawResponse, request?: IncomingMessage): RawResponse {
    return toClient(answer, () => addresseeOf(request, this.#deps.ids.hex32()))
  }

  #send(request: IncomingMessage, response: ServerResponse, given: RawResponse): void {
    const answer = this.#toClient(given, request)
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
    const isLast = this.#isRefusing || !request.complete
    if (answer.release !== undefined) response.once('close', answer.release)
    response.writeHead(answer.status, {
      ...answer.headers,
      'content-length': String(body.length),
      ...(isLast && { connection: 'close' }),
    })
    if (request.complete) {
      response.end(body)
      return
    }
    // The client is still sending what is refused: it gets its answer at once, and some time to read it.
    if (body.length > 0) response.write(body)
    const forget = this.#deps.clock.after(LINGER_MS, () => response.end())
    const finish = (): void => {
      forget()
      response.end()
    }
    request.once('end', finish).once('close', finish).resume()
  }

  async #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const requestId = this.#deps.ids.requestId()
    socket.on('error', ignore)
    // From here on it is for its new owner to say when it has been silent for too long.
    ;(socket as Partial<Socket>).setTimeout?.(0)
    this.#upgrading.add(socket)
    let answer: RawResponse | undefined
    try {
      answer = this.#isRefusing
        ? unavailable(requestId)
        : await upgradeSocket(this.#rawRequest(request), { socket, head }, requestId, this.#deps)
    } catch (error) {
      this.#deps.log.error('upgrade failed', { requestId, error: stackOf(error) })
      answer = internalError(requestId)
    }
    this.#upgrading.delete(socket)
    if (answer !== undefined) endWith(socket, this.#toClient(answer, request), this.#deps.clock)
  }

  /** What the parser does not take, or what comes too slowly, is answered in JSON all the same. */
  #onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (this.#dismissed.has(socket)) return
    this.#dismissed.add(socket)
    const latest = this.#latest.get(socket)
    if (latest !== undefined && !latest.response.closed) {
      if (latest.request.complete) {
        // Nonsense behind a good request: that one still gets its answer.
        latest.response.once('close', () => socket.destroy())
        return
      }
      if (latest.response.headersSent) {
        socket.destroy()
        return
      }
    }
    const answer = parserRefusal(error.code ?? '', this.#deps.ids.requestId())
    endWith(socket, this.#toClient(answer), this.#deps.clock)
  }
}

/** Errors on a socket are followed by its close, which is all that matters. */
const ignore = (): void => {}

/** Only the API speaks XML. */
function addresseeOf(request: IncomingMessage | undefined, traceId: string): Addressee {
  if (request === undefined) return { hostId: '', traceId, format: 'json' }
  const call = readCall(rawRequest(request))
  const format = formatOf(call)
  return {
    hostId: call.host,
    traceId,
    format: call.path === '/' && format.ok ? format.value : 'json',
  }
}

function rawRequest(request: IncomingMessage, body: Uint8Array = new Uint8Array()): RawRequest {
  const headers: [string, string][] = []
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    headers.push([request.rawHeaders[index] ?? '', request.rawHeaders[index + 1] ?? ''])
  }
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers,
    body,
    isSecure: 'encrypted' in request.socket,
    remoteAddress: request.socket.remoteAddress ?? '',
  }
}

function bodyRefusal(
  error: BodyError,
  limitBytes: number,
  requestId: string,
): RawResponse | undefined {
  if (error === 'gone') return undefined
  if (error === 'no-room') return unavailable(requestId)
  const message = `The body must not exceed ${limitBytes} bytes.`
  return refuse({ code: 'RequestEntityTooLarge', message, requestId })
}

const internalError = (requestId: string): RawResponse =>
  refuse({ code: 'InternalError', requestId })

const stackOf = (error: unknown): unknown => (error instanceof Error ? error.stack : error)

function listenError(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `ANTIPHON_PORT must be a free port; ${port} of ${host} is taken by another program.`
    case 'EACCES':
      return `ANTIPHON_PORT must be a port this user may listen on; ${port} needs more rights.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `ANTIPHON_HOST must be an address of this machine; ${host} is not.`
    default:
      return `Listening on ${host}, port ${port}, failed: ${error.message}.`
  }
}

import { lookup as systemLookup } from 'node:dns'
import { request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { mayConnect, type OutboundRules } from './outbound-address.ts'
import type { Outbound, OutboundAnswer, OutboundFailure, OutboundRequest } from './outbound.ts'
import { fail, ok, type Result } from './result.ts'

const MOST_REDIRECTS = 5
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Not taken along to another origin. */
const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'x-api-key'])

type Failed = Result<never, OutboundFailure>
type Answer = Result<OutboundAnswer, OutboundFailure>

/** An address that the rules do not allow; thrown where Node resolves names, caught in `once`. */
class Refusal extends Error {}

/**
 * The name is resolved once for each connection, every address it has is checked, and the connection goes to one of
 * those: a name that changes its address between check and connection (DNS rebinding) gains nothing.
 */
export function systemOutbound(
  rules: OutboundRules,
  resolve: typeof systemLookup = systemLookup,
): Outbound {
  const lookup = checkedLookup(rules, resolve)
  return {
    async request(request) {
      const signal = deadlineOf(request)
      const redirects = Math.min(request.redirects ?? 0, MOST_REDIRECTS)
      let { url, headers } = request
      for (let hop = 0; ; hop += 1) {
        const target = checkedUrl(rules, url)
        if (!target.ok) return target
        const answer = await once(target.value, { ...request, url, headers }, { lookup, signal })
        const next = answer.ok && hop < redirects ? nextUrl(request, url, answer.value) : undefined
        if (next === undefined) return answer
        if (new URL(next).origin !== target.value.origin) headers = withoutSecrets(headers)
        url = next
      }
    },
  }
}

function deadlineOf({ timeoutMs, signal }: OutboundRequest): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs)
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal])
}

/** Names are checked when they are resolved; an address in the place of a name is not resolved at all. */
function checkedUrl(rules: OutboundRules, text: string): Result<URL, OutboundFailure> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    return refused('the address must start with http:// or https:// and name a host')
  }
  const host = hostOf(url)
  if (isIP(host) !== 0 && !mayConnect(rules, host, host)) return refused(notAllowed(host))
  return ok(url)
}

function checkedLookup(rules: OutboundRules, resolve: typeof systemLookup): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0)
      const [first] = addresses
      // One address too many may mean that somebody tries: none of them is used.
      if (
        first === undefined ||
        !addresses.every(({ address }) => mayConnect(rules, host, address))
      ) {
        return done(new Refusal(notAllowed(host)), '', 0)
      }
      if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}

function once(
  url: URL,
  request: OutboundRequest,
  options: { readonly lookup: LookupFunction; readonly signal: AbortSignal },
): Promise<Answer> {
  const start = url.protocol === 'https:' ? secureRequest : plainRequest
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const whyNot = (error: Error): Failed => {
    sending.destroy()
    return failureOf(error, url, { abort: request.signal, deadline: options.signal })
  }
  let sending: ClientRequest
  try {
    sending = start(url, {
      ...options,
      method: request.method,
      headers: {
        ...request.headers,
        ...(request.body !== undefined && { 'content-length': Buffer.byteLength(request.body) }),
      },
      // A connection of its own each time: its address is checked each time.
      agent: false,
    })
  } catch (error) {
    return Promise.resolve(refused(error instanceof Error ? error.message : String(error)))
  }
  sending.on('error', (error) => resolve(whyNot(error)))
  sending.on('response', (response) => {
    resolve(readAnswer(response, request.limitBytes).catch((error: Error) => whyNot(error)))
  })
  sending.end(request.body)
  return promise
}

async function readAnswer(response: IncomingMessage, limitBytes: number): Promise<Answer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > limitBytes) {
      // Leaving the loop closes the connection.
      return fail({ code: 'too-large', message: `the answer is longer than ${limitBytes} bytes` })
    }
    pieces.push(piece)
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  return ok({
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(pieces),
  })
}

function nextUrl(
  request: OutboundRequest,
  from: string,
  answer: OutboundAnswer,
): string | undefined {
  const to = answer.headers['location']
  if (request.method !== 'GET' || !REDIRECTS.has(answer.status) || to === undefined)
    return undefined
  return URL.canParse(to, from) ? new URL(to, from).href : undefined
}

function failureOf(
  error: Error,
  url: URL,
  { abort, deadline }: { readonly abort: AbortSignal | undefined; readonly deadline: AbortSignal },
): Failed {
  const host = hostOf(url)
  if (error instanceof Refusal) return refused(error.message)
  if (abort?.aborted === true) return fail({ code: 'aborted', message: `${host}: given up` })
  if (deadline.aborted) {
    return fail({ code: 'timeout', message: `${host} did not answer in time` })
  }
  const code = 'code' in error ? String(error.code) : error.name
  return fail({ code: 'network', message: `${host} cannot be reached: ${code}` })
}

function withoutSecrets(headers: OutboundRequest['headers']): OutboundRequest['headers'] {
  const kept = Object.entries(headers ?? {})
  return Object.fromEntries(kept.filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase())))
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')
const refused = (message: string): Failed => fail({ code: 'refused', message })
const notAllowed = (host: string): string =>
  `${host} is a private, loopback or special address, which ANTIPHON_OUTBOUND_PRIVATE does not allow`

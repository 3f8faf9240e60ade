import type { TestProblem, TestReport } from '../../ports/provider-desk.ts'

const DNS = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']
const TIMEOUT = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT']
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/

const failed = (problem: TestProblem, message: string): TestReport => ({
  problem,
  message,
  warnings: [],
})

/** What an error code of the network means; `host` is who was to be reached. */
export function networkProblem(code: string, host: string): TestReport {
  if (DNS.includes(code)) {
    return failed('dns', `There is no host ${host} (${code}). Check the address for a slip.`)
  }
  if (code === 'ECONNREFUSED') {
    return failed(
      'refused',
      `Nothing listens at ${host} (${code}). Is the service running, and is the port right? From inside a ` +
        'container, localhost is the container itself.',
    )
  }
  if (TLS.test(code)) {
    return failed(
      'tls',
      `There is no secure connection to ${host} (${code}). Is it http, not https? A certificate of your own ` +
        'needs NODE_EXTRA_CA_CERTS on this server.',
    )
  }
  if (TIMEOUT.includes(code)) {
    return failed('timeout', `${host} does not take the connection (${code}). Is there a firewall?`)
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') {
    return failed(
      'answer',
      `${host} broke the connection off (${code}) before its answer was whole.`,
    )
  }
  if (code.startsWith('HPE_')) {
    return failed('answer', `What listens at ${host} does not speak HTTP (${code}).`)
  }
  return failed('unreachable', `${host} cannot be reached${code === '' ? '' : ` (${code})`}.`)
}

/** What a status of refusal means. `code` is the other side's own word for it, '' if it has none. */
export function statusProblem(
  status: number,
  code: string,
  asked: { readonly host: string; readonly hasKey: boolean },
): TestReport {
  const { host, hasKey } = asked
  const told = `${host} answers with HTTP ${status}${code === '' ? '' : ` (${code})`}`
  if (status === 401 || status === 403 || status === 407) {
    const advice = hasKey
      ? 'The key is wrong, has run out or may not do this.'
      : 'It wants a key: put it into an environment variable of this server and give the name of that.'
    return failed('key', `${told}. ${advice}`)
  }
  if (/model/i.test(code)) return failed('model', `${told}: it does not know this model.`)
  if (status === 402 || status === 429 || /quota|balance|billing/i.test(code)) {
    return failed('quota', `${told}: too many requests, or nothing left to pay with.`)
  }
  if (status === 404 || status === 405) {
    return failed('address', `${told}: there is no such path. The address mostly ends in /v1.`)
  }
  if (status >= 500) return failed('server', `${told}: it failed itself. Look into its log.`)
  return failed('answer', `${told}: it does not take the request.`)
}

/** What an adapter's own message means. */
export function adapterProblem(
  message: string,
  asked: { readonly host: string; readonly hasKey: boolean },
): TestReport {
  const status = /HTTP (\d{3})(?: \(([\w.-]+)\))?/.exec(message)
  if (status !== null) return statusProblem(Number(status[1]), status[2] ?? '', asked)
  const network = /cannot be reached(?: \(([\w.-]+)\))?/.exec(message)
  if (network !== null) return networkProblem(network[1] ?? '', asked.host)
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
  if (/ for [\d.]+ s$/.test(message)) return failed('timeout', sentence)
  if (/InvalidApiKey|AccessDenied/i.test(message)) return failed('key', sentence)
  if (/Model/.test(message) && /NotFound|NotExist|Invalid/i.test(message)) {
    return failed('model', sentence)
  }
  return failed('answer', sentence)
}

/** What is wrong with a choice before anybody is asked. */
export const choiceProblem = (message: string): TestReport =>
  failed(/is not set on this server/.test(message) ? 'key-missing' : 'settings', message)

/** The code of the network in what `fetch` throws; '' when there is none. */
export function codeOfFetch(error: unknown): string {
  for (let one: unknown = error, depth = 0; depth < 4; depth += 1) {
    if (typeof one !== 'object' || one === null) return ''
    const { code, cause, errors } = one as {
      readonly code?: unknown
      readonly cause?: unknown
      readonly errors?: readonly unknown[]
    }
    if (typeof code === 'string' && /^[A-Z0-9_]{3,64}$/.test(code)) return code
    one = cause ?? errors?.[0]
  }
  return ''
}

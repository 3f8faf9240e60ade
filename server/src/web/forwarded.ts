import { containsIp, parseIpBlock, type IpBlock } from '../base/ip-block.ts'
import type { RawRequest } from '../api/raw-http.ts'

type Headers = RawRequest['headers']
/** Where a request comes from. */
type Origin = Pick<RawRequest, 'remoteAddress' | 'isSecure'>

/** More entries than any chain of proxies has; the rest is made up. */
const HOPS_LIMIT = 32

/**
 * Where a request comes from when proxies may stand between: what the connection says, and what the proxies
 * that are trusted say of it. `X-Forwarded-For` is read from its end, each entry being the word of the proxy behind
 * it, up to the first address that is not a trusted proxy's; of `X-Forwarded-Proto` the last word counts, which is
 * that of the proxy which connects to us. From anybody else these headers are ignored: everybody can send them.
 */
export function originOf(
  connection: Origin,
  headers: Headers,
  trustedProxies: readonly IpBlock[],
): Origin {
  if (trustedProxies.length === 0) return connection
  const isTrusted = (address: string): boolean => {
    const inner = parseIpBlock(address)
    return inner !== undefined && trustedProxies.some((outer) => containsIp(outer, inner))
  }
  if (!isTrusted(connection.remoteAddress)) return connection
  const scheme = listOf(headers, 'x-forwarded-proto').at(-1)?.toLowerCase()
  return {
    remoteAddress: clientOf(connection.remoteAddress, headers, isTrusted),
    isSecure: scheme === undefined ? connection.isSecure : /^(https|wss)$/.test(scheme),
  }
}

function clientOf(
  proxy: string,
  headers: Headers,
  isTrusted: (address: string) => boolean,
): string {
  let client = proxy
  for (const entry of listOf(headers, 'x-forwarded-for').toReversed().slice(0, HOPS_LIMIT)) {
    const address = addressOf(entry)
    // A proxy that writes something else tells nothing: what is known is the proxy itself.
    if (address === undefined) return client
    client = address
    if (!isTrusted(client)) return client
  }
  return client
}

/** Several headers of a name are one list. */
const listOf = (headers: Headers, name: string): string[] =>
  headers
    .filter(([candidate]) => candidate.toLowerCase() === name)
    .flatMap(([, value]) => value.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/** Some proxies add a port: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
function addressOf(entry: string): string | undefined {
  const address =
    /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry
  return address.includes('/') || parseIpBlock(address) === undefined ? undefined : address
}

import { createHash, createHmac } from 'node:crypto'
import { canonicalPairs, type Pair } from './percent-encoding.ts'

export const V3_ALGORITHM = 'ACS3-HMAC-SHA256'

/** The parts of an `Authorization` header of the V3 family. */
export interface Authorization {
  readonly algorithm: string
  readonly accessKeyId: string
  /** Lower case, in the order of the header. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** Nothing when the header is not well formed. */
export function parseAuthorization(header: string): Authorization | undefined {
  const [, algorithm = '', rest = ''] = /^(ACS\d-[A-Z0-9-]+)\s+(.+)$/.exec(header.trim()) ?? []
  const parts = new Map<string, string>()
  for (const part of rest.split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  const credential = parts.get('Credential')
  const signedHeaders = parts.get('SignedHeaders')
  const signature = parts.get('Signature')
  if (credential === undefined || signedHeaders === undefined || !signature) return undefined
  return {
    algorithm,
    // Later algorithms put a scope behind the key id.
    accessKeyId: algorithm.startsWith('ACS3-') ? credential : (credential.split('/')[0] ?? ''),
    signedHeaders: signedHeaders.split(';').map((name) => name.trim().toLowerCase()),
    signature,
  }
}

export interface V3Request {
  readonly method: string
  readonly query: readonly Pair[]
  /** All values of a header, by its lower-case name. */
  readonly headerValues: (name: string) => readonly string[]
  readonly signedHeaders: readonly string[]
  /** SHA-256 of the body, lower-case hex. */
  readonly bodyHash: string
}

export function canonicalRequestV3(request: V3Request): string {
  const headers = request.signedHeaders.map((name) => {
    const values = request.headerValues(name).map((value) => value.trim())
    return `${name}:${values.toSorted().join(',')}\n`
  })
  return [
    request.method,
    '/',
    canonicalPairs(request.query),
    headers.join(''),
    request.signedHeaders.join(';'),
    request.bodyHash,
  ].join('\n')
}

export const stringToSignV3 = (canonicalRequest: string): string =>
  `${V3_ALGORITHM}\n${sha256Hex(canonicalRequest)}`

export const signV3 = (secret: string, stringToSign: string): string =>
  createHmac('sha256', secret).update(stringToSign).digest('hex')

export const sha256Hex = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

import { createHmac } from 'node:crypto'
import { canonicalPairs, percentEncode, type Pair } from './percent-encoding.ts'

/** The old RPC signature (HMAC-SHA1): it covers the method and all parameters but itself. */
export function stringToSignV1(method: string, parameters: readonly Pair[]): string {
  const covered = parameters.filter(([name]) => name !== 'Signature')
  return `${method}&%2F&${percentEncode(canonicalPairs(covered))}`
}

export const signV1 = (secret: string, stringToSign: string): string =>
  createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64')

import { timingSafeEqual } from 'node:crypto'
import { missing, type ApiError, type ErrorCode } from '../schema/errors.ts'
import { isVersion } from '../schema/operation-names.ts'
import { readTime } from '../schema/wire.ts'
import type { AccessKey } from './caller.ts'
import type { Nonces } from './nonces.ts'
import { formatOf, type ApiCall } from './parameters.ts'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import {
  canonicalRequestV3,
  sha256Hex,
  signV3,
  stringToSignV3,
  V3_ALGORITHM,
} from './signature-v3.ts'

/** How far a request's time may be from the server's, either way, edges included. */
export const TIME_WINDOW_MS = 15 * 60_000

/** What the checks look at. */
export interface CheckContext {
  readonly call: ApiCall
  readonly wallMs: number
  /** The request's own time, if it is well formed. */
  readonly timeMs: number | undefined
  readonly requireTls: boolean
  readonly isOperation: boolean
  readonly key: AccessKey | undefined
  /** The key that the request's security token belongs to. */
  readonly tokenOwner: string | undefined
  readonly nonces: Nonces
}

export interface Check {
  readonly name: string
  run(context: CheckContext): ApiError | undefined
}

const refuseIf = (isWrong: boolean, code: ErrorCode): ApiError | undefined =>
  isWrong ? { code } : undefined

const REQUIRED_SIGNED_HEADERS = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
] as const

/** Whether there is such an operation: asked before anybody's key is looked at. In this order. */
export const ROUTING_CHECKS: readonly Check[] = [
  { name: 'path', run: ({ call }) => refuseIf(call.path !== '/', 'InvalidAction.NotFound') },
  { name: 'escapes', run: ({ call }) => malformedParameters(call) },
  { name: 'version given', run: ({ call }) => refuseIf(call.version === '', 'MissingVersion') },
  { name: 'action given', run: ({ call }) => refuseIf(call.action === '', 'MissingAction') },
  {
    name: 'version known',
    run: ({ call }) => refuseIf(!isVersion(call.version), 'InvalidVersion'),
  },
  {
    name: 'action known',
    run: ({ isOperation }) => refuseIf(!isOperation, 'InvalidAction.NotFound'),
  },
  {
    name: 'method',
    run: ({ call }) => refuseIf(!/^(GET|POST)$/.test(call.request.method), 'UnsupportedHTTPMethod'),
  },
  {
    name: 'tls',
    run: ({ call, requireTls }) =>
      refuseIf(requireTls && !call.request.isSecure, 'InvalidProtocol.NeedSsl'),
  },
]

/** Whether the caller is who it says. In this order. */
export const CREDENTIAL_CHECKS: readonly Check[] = [
  {
    name: 'authorization well formed',
    run: ({ call }) =>
      refuseIf(call.kind === 'v3' && call.authorization === undefined, 'IncompleteSignature'),
  },
  {
    name: 'key id given',
    run: ({ call }) => refuseIf(call.accessKeyId === '' || !isSigned(call), 'MissingAccessKeyId'),
  },
  { name: 'signature parameters given', run: ({ call }) => missingSignatureParameter(call) },
  { name: 'time given', run: ({ call }) => refuseIf(call.timestamp === '', 'MissingTimestamp') },
  { name: 'nonce given', run: ({ call }) => refuseIf(call.nonce === '', 'MissingSignatureNonce') },
  {
    name: 'body hash given',
    run: ({ call }) =>
      refuseIf(call.kind === 'v3' && givenBodyHash(call) === '', 'IncompleteSignature'),
  },
  {
    name: 'key exists',
    run: ({ key }) => refuseIf(key === undefined, 'InvalidAccessKeyId.NotFound'),
  },
  {
    name: 'key enabled',
    run: ({ key }) => refuseIf(key?.status !== 'Active', 'InvalidAccessKeyId.Inactive'),
  },
  {
    name: 'time well formed',
    run: ({ timeMs }) => refuseIf(timeMs === undefined, 'InvalidTimeStamp.Format'),
  },
  {
    name: 'time in window',
    run: ({ timeMs, wallMs }) =>
      refuseIf(
        Math.abs(Math.floor(wallMs / 1000) * 1000 - (timeMs ?? 0)) > TIME_WINDOW_MS,
        'InvalidTimeStamp.Expired',
      ),
  },
  {
    name: 'nonce unused',
    run: ({ call, nonces }) =>
      refuseIf(nonces.isUsed(call.accessKeyId, call.nonce), 'SignatureNonceUsed'),
  },
  {
    name: 'format supported',
    run: ({ call }) => refuseIf(!formatOf(call).ok, 'InvalidParameter.Format'),
  },
  {
    name: 'token given',
    run: ({ call, key }) =>
      refuseIf(
        key?.securityToken !== undefined && call.securityToken === '',
        'MissingSecurityToken',
      ),
  },
  {
    name: 'token known',
    run: ({ call, tokenOwner }) =>
      refuseIf(
        call.securityToken !== '' && tokenOwner === undefined,
        'InvalidSecurityToken.Malformed',
      ),
  },
  {
    name: 'token belongs to the key',
    run: ({ call, tokenOwner }) =>
      refuseIf(
        call.securityToken !== '' && tokenOwner !== call.accessKeyId,
        'InvalidSecurityToken.MismatchWithAccessKey',
      ),
  },
  {
    name: 'token not expired',
    run: ({ key, wallMs }) => refuseIf(hasExpired(key, wallMs), 'InvalidSecurityToken.Expired'),
  },
  { name: 'signature method', run: ({ call }) => wrongSignatureMethod(call) },
  { name: 'signed headers', run: ({ call }) => incompleteSignedHeaders(call) },
  { name: 'signature', run: ({ call, key }) => wrongSignature(call, key?.secret ?? '') },
  { name: 'nonce burnt', run: burnNonce },
]

/** The first failure is the answer. */
export function firstFailure(
  checks: readonly Check[],
  context: CheckContext,
): ApiError | undefined {
  for (const check of checks) {
    const error = check.run(context)
    if (error !== undefined) return error
  }
  return undefined
}

const isSigned = (call: ApiCall): boolean => call.kind === 'v3' || call.kind === 'v1'

function malformedParameters(call: ApiCall): ApiError | undefined {
  if (call.malformed === undefined) return undefined
  const message = `The specified parameters are not valid: ${call.malformed}.`
  return { code: 'InvalidParameter', message }
}

function missingSignatureParameter(call: ApiCall): ApiError | undefined {
  if (call.kind !== 'v1') return undefined
  const names = ['Signature', 'SignatureMethod', 'SignatureVersion']
  const absent = names.find((name) => (call.parameters.get(name) ?? '') === '')
  return absent === undefined ? undefined : missing(absent)
}

const givenBodyHash = (call: ApiCall): string =>
  (call.headerValues('x-acs-content-sha256')[0] ?? '').trim()

/** When a request says that it was made, ms since 1970; nothing when that is not well formed. */
export const timeOf = (call: ApiCall): number | undefined =>
  /^\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\dZ$/.test(call.timestamp)
    ? readTime(call.timestamp)
    : undefined

const hasExpired = (key: AccessKey | undefined, wallMs: number): boolean =>
  key?.expiration !== undefined && (readTime(key.expiration) ?? 0) <= wallMs

function wrongSignatureMethod(call: ApiCall): ApiError | undefined {
  if (call.kind === 'v3') {
    return refuseIf(call.authorization?.algorithm !== V3_ALGORITHM, 'InvalidSignatureMethod')
  }
  if (call.parameters.get('SignatureMethod') !== 'HMAC-SHA1') {
    return { code: 'InvalidSignatureMethod' }
  }
  return refuseIf(call.parameters.get('SignatureVersion') !== '1.0', 'InvalidSignatureVersion')
}

function incompleteSignedHeaders(call: ApiCall): ApiError | undefined {
  if (call.authorization === undefined) return undefined
  const signed = call.authorization.signedHeaders
  const hasToken = call.headerValues('x-acs-security-token').length > 0
  const required = hasToken
    ? [...REQUIRED_SIGNED_HEADERS, 'x-acs-security-token']
    : REQUIRED_SIGNED_HEADERS
  return refuseIf(!required.every((name) => signed.includes(name)), 'IncompleteSignature')
}

function wrongSignature(call: ApiCall, secret: string): ApiError | undefined {
  return call.authorization === undefined ? wrongV1(call, secret) : wrongV3(call, secret)
}

function wrongV1(call: ApiCall, secret: string): ApiError | undefined {
  const pairs = [...call.query, ...call.form]
  const stringToSign = stringToSignV1(call.request.method, pairs)
  const given = call.parameters.get('Signature') ?? ''
  if (isSame(given, signV1(secret, stringToSign))) return undefined
  // Clients cut this prefix off and compare the rest with their own string: nothing may follow it.
  const prefix =
    'Specified signature is not matched with our calculation. server string to sign is:'
  return { code: 'SignatureDoesNotMatch', message: prefix + stringToSign }
}

function wrongV3(call: ApiCall, secret: string): ApiError | undefined {
  const bodyHash = sha256Hex(call.request.body)
  const canonicalRequest = canonicalRequestV3({
    method: call.request.method,
    query: call.query,
    headerValues: (name) => call.headerValues(name),
    signedHeaders: call.authorization?.signedHeaders ?? [],
    bodyHash,
  })
  const stringToSign = stringToSignV3(canonicalRequest)
  const isRight = isSame(call.authorization?.signature ?? '', signV3(secret, stringToSign))
  if (isRight && givenBodyHash(call) === bodyHash) return undefined
  const message =
    'Specified signature does not match our calculation. ' +
    `server canonical request is:${canonicalRequest}\nserver string to sign is:${stringToSign}`
  return { code: 'SignatureDoesNotMatch', message }
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Only a valid signature burns its nonce; no other request runs between the checks. */
function burnNonce({ call, timeMs, nonces }: CheckContext): ApiError | undefined {
  // The window is measured in whole seconds of the server.
  const expiresMs = (timeMs ?? 0) + TIME_WINDOW_MS + 999
  const outcome = nonces.use(call.accessKeyId, call.nonce, expiresMs)
  if (outcome === 'used') return { code: 'SignatureNonceUsed' }
  return refuseIf(outcome === 'full', 'Throttling')
}

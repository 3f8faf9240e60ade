import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, NOW_MS } from '../../test/wire/api-under-test.ts'
import type { AccessKey } from './caller.ts'
import { decodePairs } from './percent-encoding.ts'
import type { RawRequest } from './raw-http.ts'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import { canonicalRequestV3, sha256Hex, signV3, stringToSignV3 } from './signature-v3.ts'

const SECRET = 'secret'
const principal = { type: 'Account', id: '1', accountId: '1' } as const
const KEYS: Readonly<Record<string, AccessKey>> = {
  idle: { secret: SECRET, status: 'Inactive', principal },
  good: { secret: SECRET, status: 'Active', principal },
  temporary: {
    secret: SECRET,
    status: 'Active',
    principal,
    securityToken: 'token',
    expiration: '2026-03-01T12:00:06Z',
  },
  expired: {
    secret: SECRET,
    status: 'Active',
    principal,
    securityToken: 'old token',
    expiration: '2026-03-01T12:00:05Z',
  },
}
const keyRing = {
  findKey: (id: string) => (Object.hasOwn(KEYS, id) ? KEYS[id] : undefined),
  findToken: (token: string) => ({ token: 'temporary', 'old token': 'expired' })[token],
}

type Parameters = Readonly<Record<string, string>>
interface Sent {
  readonly method?: string
  readonly path?: string
  readonly parameters?: Parameters
  readonly headers?: Parameters
}

const requestOf = ({
  method = 'GET',
  path = '/',
  parameters = {},
  headers = {},
}: Sent): RawRequest => ({
  method,
  target: `${path}?${new URLSearchParams(parameters).toString()}`,
  headers: Object.entries(headers),
  body: new Uint8Array(),
  isSecure: false,
  remoteAddress: '127.0.0.1',
})

const signedV1 = (sent: Sent): Sent => {
  const text = stringToSignV1(sent.method ?? 'GET', Object.entries(sent.parameters ?? {}))
  return { ...sent, parameters: { ...sent.parameters, Signature: signV1(SECRET, text) } }
}

function signedV3(sent: Sent, keyId = 'good', without: readonly string[] = []): Sent {
  const headers: Parameters = { ...sent.headers, 'x-acs-content-sha256': sha256Hex('') }
  const signedHeaders = Object.keys(headers).filter((name) => !without.includes(name))
  const query = decodePairs(new URLSearchParams(sent.parameters).toString())
  const canonical = canonicalRequestV3({
    method: sent.method ?? 'GET',
    query: query.ok ? query.value : [],
    headerValues: (name) => [headers[name] ?? ''],
    signedHeaders,
    bodyHash: sha256Hex(''),
  })
  const signature = signV3(SECRET, stringToSignV3(canonical))
  const list = signedHeaders.join(';')
  const authorization = `ACS3-HMAC-SHA256 Credential=${keyId},SignedHeaders=${list},Signature=${signature}`
  return { ...sent, headers: { ...headers, authorization } }
}

const codeOf = async (api: ReturnType<typeof apiUnderTest>['api'], sent: Sent): Promise<string> => {
  const answer = await api.handle(requestOf(sent))
  const body = JSON.parse(Buffer.from(answer.body).toString()) as { Code?: string }
  return `${answer.status} ${body.Code ?? 'accepted'}`
}

test('an old-signature request that is wrong in everything is told one thing after the other', async () => {
  const { api } = apiUnderTest({ ...keyRing, requireTls: false })
  let sent: Sent = {
    method: 'PUT',
    path: '/nowhere',
    parameters: { Format: 'JSON', SignatureMethod: '' },
  }
  const next = async (code: string, change: Parameters, more: Omit<Sent, 'parameters'> = {}) => {
    assert.equal(await codeOf(api, sent), code)
    sent = { ...sent, ...more, parameters: { ...sent.parameters, ...change } }
  }
  await next('404 InvalidAction.NotFound', {}, { path: '/' })
  await next('400 MissingVersion', { Version: '1999-01-01' })
  await next('400 MissingAction', { Action: 'listAIAgentInstance' })
  await next('400 InvalidVersion', { Version: '2020-11-09' })
  await next('404 InvalidAction.NotFound', { Action: 'ListAIAgentInstance' })
  await next('405 UnsupportedHTTPMethod', {}, { method: 'GET' })
  await next('400 MissingAccessKeyId', { AccessKeyId: 'nobody' })
  await next('400 MissingSignature', { Signature: 'wrong' })
  await next('400 MissingSignatureMethod', { SignatureMethod: 'HMAC-MD5' })
  await next('400 MissingSignatureVersion', { SignatureVersion: '2.0' })
  await next('400 MissingTimestamp', { Timestamp: 'now' })
  await next('400 MissingSignatureNonce', { SignatureNonce: 'n' })
  await next('404 InvalidAccessKeyId.NotFound', { AccessKeyId: 'idle' })
  await next('400 InvalidAccessKeyId.Inactive', { AccessKeyId: 'temporary' })
  await next('400 InvalidTimeStamp.Format', { Timestamp: '2026-03-01T11:45:04Z' })
  await next('400 InvalidTimeStamp.Expired', { Timestamp: '2026-03-01T11:45:05Z', Format: 'YAML' })
  await next('400 InvalidParameter.Format', { Format: 'JSON' })
  await next('400 MissingSecurityToken', { SecurityToken: 'unknown' })
  await next('400 InvalidSecurityToken.Malformed', { SecurityToken: 'old token' })
  await next('400 InvalidSecurityToken.MismatchWithAccessKey', { AccessKeyId: 'expired' })
  await next('400 InvalidSecurityToken.Expired', {
    AccessKeyId: 'temporary',
    SecurityToken: 'token',
  })
  await next('400 InvalidSignatureMethod', { SignatureMethod: 'HMAC-SHA1' })
  await next('400 InvalidSignatureVersion', { SignatureVersion: '1.0' })
  assert.equal(await codeOf(api, sent), '400 SignatureDoesNotMatch')
  const { Signature: _, ...unsigned } = sent.parameters ?? {}
  const signed = signedV1({ ...sent, parameters: unsigned })
  assert.equal(await codeOf(api, signed), '400 MissingAIAgentId')
  assert.equal(await codeOf(api, signed), '400 SignatureNonceUsed')
})

const V3: Sent = {
  headers: {
    host: '127.0.0.1',
    'x-acs-action': 'ListAIAgentInstance',
    'x-acs-version': '2020-11-09',
    'x-acs-date': '2026-03-01T12:15:05Z',
    'x-acs-signature-nonce': 'n',
  },
}

test('every header that matters must be signed', async () => {
  const { api } = apiUnderTest(keyRing)
  const token = { ...V3, headers: { ...V3.headers, 'x-acs-security-token': 'token' } }
  for (const name of [...Object.keys(token.headers), 'x-acs-content-sha256']) {
    const sent = signedV3(token, 'temporary', [name])
    assert.equal(await codeOf(api, sent), '400 IncompleteSignature', name)
  }
  assert.equal(await codeOf(api, signedV3(token, 'temporary')), '400 MissingAIAgentId')
})

test('a body hash that is not given or not right is refused', async () => {
  const { api } = apiUnderTest(keyRing)
  const { headers = {} } = signedV3(V3)
  const { 'x-acs-content-sha256': _, ...without } = headers
  assert.equal(await codeOf(api, { ...V3, headers: without }), '400 IncompleteSignature')
  const wrong = { ...headers, 'x-acs-content-sha256': '0'.repeat(64) }
  assert.equal(await codeOf(api, { ...V3, headers: wrong }), '400 SignatureDoesNotMatch')
})

test('where TLS is demanded, a request without it learns so before its key is looked at', async () => {
  const { api } = apiUnderTest({ ...keyRing, requireTls: true })
  assert.equal(await codeOf(api, V3), '400 InvalidProtocol.NeedSsl')
  const answer = await api.handle({ ...requestOf(V3), isSecure: true })
  assert.match(String(answer.body), /MissingAccessKeyId/)
})

test('a nonce is remembered after a restart', async () => {
  const { api, clock, store } = apiUnderTest(keyRing)
  assert.equal(await codeOf(api, signedV3(V3)), '400 MissingAIAgentId')
  await api.close()
  const next = apiUnderTest({ ...keyRing, clock, store })
  assert.equal(await codeOf(next.api, signedV3(V3)), '400 SignatureNonceUsed')
  assert.equal(clock.wallMs(), NOW_MS)
})

test('a page of the console needs its session and its header', async () => {
  const { api } = apiUnderTest(keyRing)
  const headers: Parameters = {
    'x-acs-action': 'ListAIAgentInstance',
    'x-acs-version': '2020-11-09',
    'x-antiphon-console': '1',
    cookie: 'session',
  }
  assert.equal(await codeOf(api, { headers }), '400 MissingAIAgentId')
  const { cookie: _, ...signedOut } = headers
  assert.equal(await codeOf(api, { headers: signedOut }), '400 MissingAccessKeyId')
  const { 'x-antiphon-console': __, ...foreign } = headers
  assert.equal(await codeOf(api, { headers: foreign }), '400 MissingAccessKeyId')
  const bearer = { ...headers, authorization: 'Bearer x' }
  assert.equal(await codeOf(api, { headers: bearer }), '400 MissingAccessKeyId')
  const wrongKey = { headers, parameters: { AccessKeyId: 'nobody', Format: 'JSON' } }
  assert.equal(await codeOf(api, wrongKey), '400 MissingSignature')
})

test('a caller who may not is refused after its signature, before its parameters', async () => {
  const message = 'You are not authorized to do this operation.'
  const { api } = apiUnderTest({ ...keyRing, permit: () => ({ code: 'NoPermission', message }) })
  assert.equal(await codeOf(api, signedV3(V3)), '403 NoPermission')
  const bad = signedV3({ ...V3, headers: { ...V3.headers, 'x-acs-signature-nonce': 'm' } })
  const headers = { ...bad.headers, 'x-acs-signature-nonce': 'changed' }
  assert.equal(await codeOf(api, { headers }), '400 SignatureDoesNotMatch')
})

test('who comes too often is told after its signature was checked, before its rights', async () => {
  const rateLimits = { perSecond: 1, perOperation: new Map([['StopAIAgentInstance', 2]]) }
  const { api, clock } = apiUnderTest({
    ...keyRing,
    rateLimits,
    permit: () => ({ code: 'NoPermission' }),
  })
  let nonce = 0
  const asks = (action: string, sign = signedV3): Promise<string> => {
    const own = { 'x-acs-action': action, 'x-acs-signature-nonce': `n${nonce++}` }
    return codeOf(api, sign({ ...V3, headers: { ...V3.headers, ...own } }))
  }
  const wrong = (sent: Sent): Sent => {
    const authorization = (signedV3(sent).headers?.['authorization'] ?? '').replace(/.$/, 'x')
    return { ...sent, headers: { ...sent.headers, ...signedV3(sent).headers, authorization } }
  }
  assert.equal(await asks('ListAIAgentInstance'), '403 NoPermission')
  assert.equal(await asks('ListAIAgentInstance'), '400 Throttling.User')
  assert.equal(await asks('ListAIAgentInstance', wrong), '400 SignatureDoesNotMatch')
  assert.equal(await asks('StopAIAgentInstance'), '403 NoPermission')
  assert.equal(await asks('StopAIAgentInstance'), '403 NoPermission')
  assert.equal(await asks('StopAIAgentInstance'), '400 Throttling.User')
  clock.advance(1000)
  assert.equal(await asks('ListAIAgentInstance'), '403 NoPermission')
})

test('who is throttled finds in the headers when to come again', async () => {
  const rateLimits = { perSecond: 0.5, perOperation: new Map() }
  const { api, clock } = apiUnderTest({ ...keyRing, rateLimits })
  const headersOf = async (nonce: string): Promise<Readonly<Record<string, string>>> => {
    const headers = { ...V3.headers, 'x-acs-signature-nonce': nonce }
    return (await api.handle(requestOf(signedV3({ ...V3, headers })))).headers
  }
  assert.equal((await headersOf('a'))['x-acs-retry-after'], undefined)
  clock.advance(500)
  const { 'x-acs-retry-after': retry, 'retry-after': seconds } = await headersOf('b')
  assert.deepEqual([retry, seconds], ['1500', '2'])
})

test('operations that are known but not there yet say so, after the signature', async () => {
  const { api } = apiUnderTest(keyRing)
  const later = { ...V3, headers: { ...V3.headers, 'x-acs-action': 'ForwardAIAgentCall' } }
  assert.equal(await codeOf(api, later), '400 MissingAccessKeyId')
  const answer = await api.handle(requestOf(signedV3(later)))
  const body = JSON.parse(String(answer.body)) as Record<string, string>
  assert.equal(answer.status, 400)
  assert.equal(body['Code'], 'InvalidAction.NotSupported')
  assert.equal(body['Message'], 'Action ForwardAIAgentCall is not supported by this server yet.')
})

test('operations are known in their own version only', async () => {
  const { api } = apiUnderTest(keyRing)
  const inVersion = (action: string, version: string): Sent => ({
    headers: { ...V3.headers, 'x-acs-action': action, 'x-acs-version': version },
  })
  const wrong = '404 InvalidAction.NotFound'
  assert.equal(await codeOf(api, inVersion('CreateAIAgent', '2020-11-09')), wrong)
  assert.equal(await codeOf(api, inVersion('ListAIAgentInstance', '2026-11-01')), wrong)
  assert.equal(await codeOf(api, inVersion('ForwardAIAgentCall', '2026-11-01')), wrong)
  assert.equal(await codeOf(api, inVersion('toString', '2020-11-09')), wrong)
  assert.equal(
    await codeOf(api, inVersion('CreateAIAgent', '2026-11-01')),
    '400 MissingAccessKeyId',
  )
})

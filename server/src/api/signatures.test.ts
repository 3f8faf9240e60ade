import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FILE, findKey, type Vector } from '../../test/wire/vectors.ts'
import { readCall } from './parameters.ts'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import {
  canonicalRequestV3,
  parseAuthorization,
  sha256Hex,
  signV3,
  stringToSignV3,
} from './signature-v3.ts'

const callOf = ({ request }: Vector) =>
  readCall({
    ...request,
    body: Buffer.from(request.body),
    isSecure: false,
    remoteAddress: '127.0.0.1',
  })

const accepted = FILE.vectors.filter((vector) => vector.expect.verdict === 'accept')

test('the canonical strings and signatures of all accepted V3 requests come out', () => {
  const vectors = accepted.filter((vector) => vector.expect.style === 'V3')
  assert.ok(vectors.length >= 25)
  for (const vector of vectors) {
    const call = callOf(vector)
    const canonical = canonicalRequestV3({
      method: vector.request.method,
      query: call.query,
      headerValues: (name) => call.headerValues(name),
      signedHeaders: call.authorization?.signedHeaders ?? [],
      bodyHash: sha256Hex(call.request.body),
    })
    assert.equal(canonical, vector.expect.canonicalRequest, vector.id)
    const stringToSign = stringToSignV3(canonical)
    assert.equal(stringToSign, vector.expect.stringToSign, vector.id)
    const secret = findKey(call.accessKeyId)?.secret ?? ''
    assert.equal(signV3(secret, stringToSign), vector.expect.signature, vector.id)
  }
})

test('the strings and signatures of all accepted requests of the old kind come out', () => {
  const vectors = accepted.filter((vector) => vector.expect.style === 'V1')
  assert.ok(vectors.length >= 14)
  for (const vector of vectors) {
    const call = callOf(vector)
    const stringToSign = stringToSignV1(vector.request.method, [...call.query, ...call.form])
    assert.equal(stringToSign, vector.expect.stringToSign, vector.id)
    const secret = findKey(call.accessKeyId)?.secret ?? ''
    assert.equal(signV1(secret, stringToSign), vector.expect.signature, vector.id)
  }
})

test('the worked examples of the signature documentation come out', () => {
  assert.equal(FILE.knownAnswers.length, 3)
  for (const answer of FILE.knownAnswers) {
    if (answer.request === undefined) {
      const pairs = Object.entries(answer.params ?? {})
      const stringToSign = stringToSignV1(answer.method ?? '', pairs)
      assert.equal(stringToSign, answer.stringToSign, answer.id)
      assert.equal(signV1(answer.accessKeySecret, stringToSign), answer.signature, answer.id)
      continue
    }
    const { method, target, headers, body } = answer.request
    const canonical = canonicalRequestV3({
      method,
      query: [...new URLSearchParams(target.slice(2))],
      headerValues: (name) => headers.filter(([key]) => key === name).map(([, value]) => value),
      signedHeaders: answer.signedHeaders ?? [],
      bodyHash: sha256Hex(body),
    })
    assert.equal(sha256Hex(canonical), answer.hashedCanonicalRequest)
    assert.equal(stringToSignV3(canonical), answer.stringToSign)
    assert.equal(signV3(answer.accessKeySecret, answer.stringToSign), answer.signature)
  }
})

test('an Authorization header may have blanks after its commas, and its parts in any order', () => {
  const right = {
    algorithm: 'ACS3-HMAC-SHA256',
    accessKeyId: 'k',
    signedHeaders: ['host', 'x-acs-date'],
    signature: 'ab',
  }
  const blanks = 'ACS3-HMAC-SHA256 Credential=k, SignedHeaders=Host;x-acs-date, Signature=ab'
  const turned = 'ACS3-HMAC-SHA256 Signature=ab,SignedHeaders=host;x-acs-date,Credential=k'
  assert.deepEqual(parseAuthorization(blanks), right)
  assert.deepEqual(parseAuthorization(turned), right)
  assert.equal(parseAuthorization('acs k:signature'), undefined)
  assert.equal(parseAuthorization('ACS3-HMAC-SHA256 Credential=k,SignedHeaders=host'), undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  canonicalRequestV3,
  sha256Hex,
  signV3,
  stringToSignV3,
} from '../../../../server/src/api/signature-v3.ts'
import { signRequest } from './signing.ts'

test('the server reckons the same signature', async () => {
  const call = {
    action: 'SendAIAgentText',
    version: '2020-11-09',
    endpoint: '127.0.0.1:8090',
    parameters: { Text: "it's 50 % (你好)!", InstanceId: 'a b' },
  }
  const key = { accessKeyId: 'LTAI', accessKeySecret: 'geheim' }
  const { headers, body } = await signRequest(call, key, { nowMs: 1_800_000_000_000, nonce: 'n1' })
  const [, signedHeaders = '', signature] =
    /SignedHeaders=([^,]+),Signature=(\w+)/.exec(headers['authorization'] ?? '') ?? []
  const canonical = canonicalRequestV3({
    method: 'POST',
    query: [],
    headerValues: (name) => [name === 'host' ? call.endpoint : (headers[name] ?? '')],
    signedHeaders: signedHeaders.split(';'),
    bodyHash: sha256Hex(body),
  })
  assert.equal(signature, signV3(key.accessKeySecret, stringToSignV3(canonical)))
  assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), call.parameters)
})

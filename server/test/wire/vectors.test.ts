import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Intent, Principal } from '../../src/api/caller.ts'
import { apiUnderTest, clockAt } from './api-under-test.ts'
import { openHttpPort, sendRaw, type WireAnswer } from './http-port.ts'
import { FILE, findKey, findToken, vectorOf, type Vector } from './vectors.ts'

interface Accepted {
  readonly caller: Principal
  readonly intent: Intent
}

/** A fresh server, the vector's history at the file's time, then the vector itself at its own. */
async function play(vector: Vector): Promise<{
  readonly answer: WireAnswer
  readonly accepted: Accepted | undefined
}> {
  const clock = clockAt(Date.parse(FILE.clock))
  const accepted: Accepted[] = []
  const { api } = apiUnderTest({
    clock,
    findKey,
    findToken,
    signedInAs: () => undefined,
    permit: (caller, intent) => {
      accepted.push({ caller, intent })
      return undefined
    },
  })
  const port = await openHttpPort(api.handle)
  try {
    for (const id of vector.history ?? []) await sendRaw(port.port, vectorOf(id).request)
    clock.advance(Date.parse(vector.clock ?? FILE.clock) - Date.parse(FILE.clock))
    accepted.length = 0
    const answer = await sendRaw(port.port, vector.request)
    return { answer, accepted: accepted[0] }
  } finally {
    await port.close()
    await api.close()
  }
}

const COMMON =
  /^(Action|Version|Format|AccessKeyId|Signature|SignatureMethod|SignatureVersion|SignatureNonce|Timestamp|SecurityToken|SignatureType)$/

function checkAccepted(vector: Vector, accepted: Accepted | undefined, answer: WireAnswer): void {
  const { principal, action, version, params, style } = vector.expect
  assert.ok(accepted !== undefined, `refused: ${answer.text}`)
  assert.deepEqual(accepted.caller, principal)
  assert.equal(accepted.intent.action, action)
  assert.equal(accepted.intent.version, version)
  const given = [...accepted.intent.parameters].filter(
    ([name]) => style === 'V3' || !COMMON.test(name) || Object.hasOwn(params ?? {}, name),
  )
  assert.deepEqual(Object.fromEntries(given), params)
}

function checkRefused(vector: Vector, accepted: Accepted | undefined, answer: WireAnswer): void {
  const { code, httpStatus, message = '', server } = vector.expect
  assert.equal(accepted, undefined)
  assert.equal(answer.json['Code'], code)
  assert.equal(answer.status, httpStatus)
  const text = String(answer.json['Message'])
  if (code === 'SignatureDoesNotMatch') assert.ok(text.startsWith(message), text)
  else assert.equal(text, message)
  if (server?.canonicalRequest !== undefined) {
    assert.ok(text.includes(server.canonicalRequest), text)
  }
  if (server?.stringToSign !== undefined) assert.ok(text.endsWith(server.stringToSign), text)
  assert.equal(answer.json['RequestId'], answer.headers.get('x-acs-request-id'))
}

for (const vector of FILE.vectors) {
  test(`${vector.id}: ${vector.description}`, async () => {
    const { answer, accepted } = await play(vector)
    if (vector.expect.verdict === 'accept') checkAccepted(vector, accepted, answer)
    else if (vector.expect.verdict === 'reject') checkRefused(vector, accepted, answer)
    else {
      const reference = vector.expect.referenceAnswer ?? ''
      const expected = reference === 'accept' ? 'MissingAccessKeyId' : reference
      assert.equal(answer.json['Code'] ?? /<Code>(.*?)</.exec(answer.text)?.[1], expected)
    }
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { containsIp, parseIpBlock } from '../base/ip-block.ts'
import { parsePolicy, policyDocument } from './policy.ts'
import { matchesWildcard } from './wildcard.ts'

const statement = { Effect: 'Allow', Action: 'ice:*', Resource: '*' }
const errorOf = (document: unknown): string => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const read = parsePolicy(text)
  return read.ok ? 'accepted' : read.error
}
const of = (change: object) => ({ Version: '1', Statement: [{ ...statement, ...change }] })

test('policies that the service would not take are refused, with the place and the reason', () => {
  const cases: readonly [document: unknown, reason: RegExp][] = [
    ['{', /not JSON/],
    ['[]', /is a JSON object/],
    [`"${'x'.repeat(6200)}"`, /at most 6144 characters/],
    [{ Statement: [statement] }, /Version must be the text "1"/],
    [{ Version: 1, Statement: [statement] }, /Version must be the text "1"/],
    [{ Version: '2012-10-17', Statement: [statement] }, /Version must be the text "1"/],
    [{ Version: '1', Statement: [] }, /at least one statement/],
    [{ Version: '1', Statement: statement }, /at least one statement/],
    [{ Version: '1', Id: 'x', Statement: [statement] }, /^Id is not an element/],
    [of({ Effect: 'allow' }), /^Statement\[0\]\.Effect must be Allow or Deny/],
    [of({ Action: undefined }), /either Action or NotAction/],
    [of({ NotAction: 'ram:*' }), /either Action or NotAction/],
    [of({ Action: [] }), /Statement\[0\]\.Action is missing/],
    [of({ Action: 'ListAIAgentInstance' }), /\* or service:operation/],
    [of({ Action: [5] }), /one text or a list of texts/],
    [of({ Resource: undefined }), /Statement\[0\]\.Resource is missing/],
    [of({ Resource: 'agent/1' }), /acs:service:region/],
    [of({ Principal: { RAM: '*' } }), /Principal is not allowed here/],
    [of({ Condition: [] }), /Condition must be a JSON object/],
    [of({ Condition: { Null: { 'acs:MFAPresent': 'true' } } }), /unknown operator Null; allowed: /],
    [of({ Condition: { StringEqualsIfExists: { a: 'b' } } }), /unknown operator StringEqualsIfEx/],
    [of({ Condition: { Bool: {} } }), /at least one key/],
    [of({ Condition: { Bool: { 'acs:SecureTransport': 'maybe' } } }), /must be true or false/],
    [of({ Condition: { IpAddress: { 'acs:SourceIp': '1.2.3.4/33' } } }), /CIDR block/],
    [of({ Condition: { IpAddress: { 'acs:SourceIp': [] } } }), /CIDR block/],
    [of({ Condition: { DateLessThan: { 'acs:CurrentTime': '2026-03-01' } } }), /ISO 8601/],
    [of({ Condition: { NumericEquals: { a: 'x' } } }), /a number/],
    [of({ Condition: { StringEquals: { a: { b: 'c' } } } }), /must be text/],
  ]
  for (const [document, reason] of cases) {
    assert.match(errorOf(document), reason, JSON.stringify(document).slice(0, 200))
  }
})

test('what is accepted fits the description of a policy', () => {
  const document = of({
    Action: ['ice:List*', 'sts:AssumeRole'],
    Resource: ['*', 'acs:ram:*:*:role/x'],
    Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '::1'] } },
  })
  assert.equal(errorOf(document), 'accepted')
  assert.ok(Value.Check(policyDocument, document))
})

test('addresses and blocks are read, and nothing that only looks like one', () => {
  for (const text of [
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4/',
    '::1::',
    ':::',
    '1:2:3',
    'g::',
  ]) {
    assert.equal(parseIpBlock(text), undefined, text)
  }
  for (const text of ['1.2.3.4', '::', '1::', '::1.2.3.4', '1:2:3:4:5:6:7:8', 'fe80::1%eth0']) {
    assert.ok(parseIpBlock(text), text)
  }
  const [outer, inner] = [parseIpBlock('10.0.0.0/9'), parseIpBlock('10.0.0.0/8')]
  assert.ok(outer && inner)
  assert.deepEqual([containsIp(outer, inner), containsIp(inner, outer)], [false, true])
})

test('a wild card of many stars is decided without long work', () => {
  assert.equal(matchesWildcard('*a'.repeat(200), 'a'.repeat(5000) + 'b'), false)
  assert.equal(matchesWildcard('*', ''), true)
  assert.equal(matchesWildcard('?', ''), false)
  assert.equal(matchesWildcard('a*b?', 'aXXbbb'), true)
})

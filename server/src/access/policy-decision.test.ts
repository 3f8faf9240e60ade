import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readPolicy, type Policy } from '../schema/policy.ts'
import { decide, isTrusted, type PolicyRequest } from './policy-decision.ts'
import type { PrincipalType } from './principal.ts'

interface PolicyCase {
  readonly id: string
  readonly note: string
  readonly principalType: PrincipalType
  readonly policies: readonly unknown[]
  readonly sessionPolicy?: unknown
  readonly request: PolicyRequest
  readonly expect: string
}

const vectors = new URL('../../test/data/wire-vectors.json', import.meta.url)
const { policyCases } = JSON.parse(readFileSync(vectors, 'utf8')) as { policyCases: PolicyCase[] }

function policy(document: unknown, kind?: 'trust'): Policy {
  const read = readPolicy(document, kind)
  assert.ok(read.ok, read.ok ? '' : read.error)
  return read.value
}

for (const one of policyCases) {
  test(`policy case ${one.id}: ${one.note}`, () => {
    const { principalType, policies, sessionPolicy, request } = one
    const decision = decide(
      {
        principalType,
        identityPolicies: policies.map((document) => policy(document)),
        sessionPolicy: sessionPolicy === undefined ? undefined : policy(sessionPolicy),
      },
      request,
    )
    assert.equal(decision.effect, one.expect)
  })
}

const NOW = '2026-03-01T12:00:00Z'
const LIST = 'ice:ListAIAgentInstance'
const statement = (change: object = {}) => ({
  Effect: 'Allow',
  Action: 'ice:*',
  Resource: '*',
  ...change,
})
const allow = (...statements: object[]) => policy({ Version: '1', Statement: statements })

/** What a condition decides, given what the request carries. */
function effect(Condition: object, context: Readonly<Record<string, string>>): string {
  const identityPolicies = [allow(statement({ Condition }))]
  return decide(
    { principalType: 'SubUser', identityPolicies },
    { action: LIST, resource: '*', context },
  ).effect
}

test('every operator decides as it says', () => {
  const cases: readonly [operator: string, values: unknown, given: string, isMet: boolean][] = [
    ['StringEquals', 'a', 'a', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringEqualsIgnoreCase', 'Prod', 'pROD', true],
    ['StringNotEqualsIgnoreCase', 'Prod', 'pROD', false],
    ['StringLike', 'a?c*', 'abcdef', true],
    ['StringLike', 'a?c*', 'acdef', false],
    ['StringNotLike', 'a*', 'abc', false],
    ['NumericEquals', '1.0', '1', true],
    ['NumericNotEquals', [1, 2], '3', true],
    ['NumericLessThan', 10, '9', true],
    ['NumericLessThan', 10, '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '10', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['DateEquals', '2026-03-01T20:00:00+08:00', NOW, true],
    ['DateNotEquals', '2026-03-01T20:00:00+08:00', NOW, false],
    ['DateLessThan', '2026-03-01T12:00:01Z', NOW, true],
    ['DateLessThanEquals', NOW, NOW, true],
    ['DateGreaterThan', NOW, NOW, false],
    ['DateGreaterThanEquals', NOW, NOW, true],
    ['Bool', true, 'true', true],
    ['Bool', 'false', 'true', false],
    ['IpAddress', '10.0.0.0/8', '10.255.0.1', true],
    ['IpAddress', '10.0.0.0/8', '11.0.0.1', false],
    ['IpAddress', '10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
    ['IpAddress', '::/0', '2001:db8::1', true],
    ['IpAddress', '2001:db8::/33', '2001:db8:8000::1', false],
    ['NotIpAddress', ['10.0.0.0/8', '2001:db8::/32'], '2001:db8::1', false],
    ['NotIpAddress', ['10.0.0.0/8', '2001:db8::/32'], '2001:db9::1', true],
  ]
  for (const [operator, values, given, isMet] of cases) {
    const found = effect({ [operator]: { 'acs:Key': values } }, { 'acs:Key': given })
    const what = `${operator} ${JSON.stringify(values)} for ${given}`
    assert.equal(found, isMet ? 'Allow' : 'ImplicitDeny', what)
  }
})

test('a key that the request does not carry, or carries illegibly, meets no condition', () => {
  for (const operator of ['StringEquals', 'StringNotEquals', 'StringNotLike']) {
    assert.equal(effect({ [operator]: { 'acs:Key': 'a' } }, {}), 'ImplicitDeny', operator)
  }
  assert.equal(effect({ NotIpAddress: { 'acs:SourceIp': '10.0.0.1' } }, {}), 'ImplicitDeny')
  const unreadable = { 'acs:SourceIp': 'unix socket' }
  assert.equal(effect({ NotIpAddress: { 'acs:SourceIp': '10.0.0.1' } }, unreadable), 'ImplicitDeny')
  assert.equal(effect({ StringEquals: { toString: 'a' } }, {}), 'ImplicitDeny')
})

test('several operators must all hold', () => {
  const Condition = {
    IpAddress: { 'acs:SourceIp': '10.0.0.0/8' },
    Bool: { 'acs:SecureTransport': 'true' },
  }
  const secure = { 'acs:SourceIp': '10.0.0.1', 'acs:SecureTransport': 'true' }
  assert.equal(effect(Condition, secure), 'Allow')
  assert.equal(effect(Condition, { ...secure, 'acs:SecureTransport': 'false' }), 'ImplicitDeny')
})

test('the first kind of policy that does not allow is named', () => {
  const all = allow(statement({ Action: '*' }))
  const none = allow(statement({ Action: 'oss:*' }))
  const deny = allow(statement(), statement({ Effect: 'Deny' }))
  const of = (control: Policy, sessionPolicy: Policy, identity: Policy) =>
    decide(
      {
        principalType: 'AssumedRoleUser',
        controlPolicies: [control],
        sessionPolicy,
        identityPolicies: [identity],
      },
      { action: LIST, resource: '*', context: {} },
    )
  assert.deepEqual(of(all, all, all), { effect: 'Allow' })
  assert.deepEqual(of(none, deny, deny), { effect: 'ImplicitDeny', policyType: 'ControlPolicy' })
  assert.deepEqual(of(all, deny, none), { effect: 'ExplicitDeny', policyType: 'SessionPolicy' })
  assert.deepEqual(of(all, all, none), {
    effect: 'ImplicitDeny',
    policyType: 'AccountLevelIdentityBasedPolicy',
  })
})

test('a trust policy names who may assume a role, and under which conditions', () => {
  const trust = policy(
    {
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: 'acs:ram::1:user/ann' },
          Condition: { StringEquals: { 'sts:ExternalId': 'x1' } },
        },
      ],
    },
    'trust',
  )
  const request = { action: 'sts:AssumeRole', context: { 'sts:ExternalId': 'x1' } }
  assert.equal(isTrusted(trust, ['acs:ram::1:root', 'acs:ram::1:user/ann'], request), true)
  assert.equal(isTrusted(trust, ['acs:ram::1:root', 'acs:ram::1:user/bob'], request), false)
  assert.equal(isTrusted(trust, ['acs:ram::1:user/ann'], { ...request, context: {} }), false)
})

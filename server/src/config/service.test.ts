import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import type { Environment } from './readers.ts'

function read(environment: Environment): ReturnType<typeof readConfig> {
  return readConfig(environment, { cores: 4 })
}

test('without settings of its own the service limits callers, trusts no proxy and keeps all', () => {
  const config = read({})
  assert.ok(config.ok)
  const { accountId, trustedProxies, rateLimits, retention, startByToken } = config.value
  assert.equal(accountId, undefined)
  assert.deepEqual(startByToken, [])
  assert.deepEqual(trustedProxies, [])
  assert.deepEqual(rateLimits, { perSecond: 200, perOperation: new Map() })
  assert.deepEqual(retention, {})
})

test('the settings of the service are read', () => {
  const config = read({
    ANTIPHON_ACCOUNT_ID: '1234567890123456',
    ANTIPHON_TRUSTED_PROXIES: '10.0.0.5, 2001:db8::/32',
    ANTIPHON_RATE_LIMIT: 'off, StartAIAgentInstance=2.5',
    ANTIPHON_KEEP_CALLS_DAYS: '90',
    ANTIPHON_KEEP_LOGS_DAYS: '30',
    ANTIPHON_KEEP_RECORDINGS_DAYS: '14',
  })
  assert.ok(config.ok)
  const { accountId, trustedProxies, rateLimits, retention } = config.value
  assert.equal(accountId, '1234567890123456')
  assert.deepEqual(
    trustedProxies.map(({ version, prefixBits }) => [version, prefixBits]),
    [
      [4, 32],
      [6, 32],
    ],
  )
  assert.equal(rateLimits.perSecond, Infinity)
  assert.equal(rateLimits.perOperation.get('StartAIAgentInstance'), 2.5)
  assert.deepEqual(retention, {
    callsMs: 90 * 86_400_000,
    logsMs: 30 * 86_400_000,
    recordingsMs: 14 * 86_400_000,
  })
})

const WRONG: readonly (readonly [Environment, RegExp])[] = [
  [{ ANTIPHON_ACCOUNT_ID: 'a:b' }, /^ANTIPHON_ACCOUNT_ID .*letters.*"a:b"/],
  [{ ANTIPHON_TRUSTED_PROXIES: '10.0.0.1,proxy' }, /^ANTIPHON_TRUSTED_PROXIES .*"proxy"/],
  [{ ANTIPHON_RATE_LIMIT: '5,List=0' }, /^ANTIPHON_RATE_LIMIT .*a second.*"List=0"/],
  [{ ANTIPHON_KEEP_CALLS_DAYS: '0' }, /^ANTIPHON_KEEP_CALLS_DAYS .*1 to 36500.*"0"/],
  [{ ANTIPHON_KEEP_LOGS_DAYS: 'forever' }, /^ANTIPHON_KEEP_LOGS_DAYS .*"forever"/],
]

for (const [environment, expected] of WRONG) {
  test(`refused in one line: ${JSON.stringify(environment)}`, () => {
    const config = read(environment)
    assert.ok(!config.ok)
    assert.match(config.error, expected)
  })
}

test('which agents clients may start is off, on, or a list', () => {
  const start = (text: string): unknown => {
    const config = read({ ANTIPHON_START_BY_TOKEN: text })
    return config.ok ? config.value.startByToken : config.error
  }
  const id = '0123456789abcdef0123456789abcdef'
  assert.equal(start('on'), 'on')
  assert.deepEqual(start('off'), [])
  assert.deepEqual(start(`${id}, ${id}`), [id, id])
  assert.match(String(start('yes')), /ANTIPHON_START_BY_TOKEN must be off, on, or ids of agents/)
})

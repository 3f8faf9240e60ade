import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { makeChannelToken, verifyChannelToken } from './channel-token.ts'

const APP = { appId: 'app', appKey: 'secret' }
const FACTS = { ...APP, channelId: 'channel', userId: 'user', expiresS: 2000 }
const EXPECTED = { ...APP, channelId: 'channel', userId: 'user', nowS: 1999 }
const TOKEN = makeChannelToken(FACTS)

const reason = (token: string, change: Partial<typeof EXPECTED> = {}): string => {
  const verified = verifyChannelToken(token, { ...EXPECTED, ...change })
  return verified.ok ? 'accepted' : verified.error
}

test('a token is the documented Base64 of JSON', () => {
  const json = JSON.parse(Buffer.from(TOKEN, 'base64').toString()) as Record<string, unknown>
  const token = createHash('sha256').update('appsecretchanneluser2000').digest('hex')
  assert.deepEqual(json, {
    appid: 'app',
    channelid: 'channel',
    userid: 'user',
    nonce: '',
    timestamp: 2000,
    token,
  })
})

test('a right token tells whose it is', () => {
  assert.deepEqual(verifyChannelToken(TOKEN, EXPECTED), {
    ok: true,
    value: { userId: 'user', channelId: 'channel', expiresS: 2000 },
  })
  const { userId: _, ...anybody } = EXPECTED
  assert.ok(verifyChannelToken(TOKEN, anybody).ok)
  assert.equal(reason(makeChannelToken({ ...FACTS, nonce: 'AK-1' })), 'accepted')
})

test('each thing that is wrong has its reason', () => {
  assert.equal(reason(TOKEN, { appId: 'other' }), 'The token is for another application.')
  assert.equal(reason(TOKEN, { channelId: 'other' }), 'The token is for another channel.')
  assert.equal(reason(TOKEN, { userId: 'other' }), 'The token is for another user.')
  assert.equal(reason(TOKEN, { appKey: 'other' }), 'The signature of the token is wrong.')
  assert.equal(reason(TOKEN, { nowS: 2000 }), 'The token has expired.')
  for (const garbage of ['', '!', 'e30', 'bnVsbA==', 'W10=', 'x'.repeat(5000)]) {
    assert.match(reason(garbage), /not Base64|lacks/)
  }
})

test('a changed expiry breaks the signature', () => {
  const json = JSON.parse(Buffer.from(TOKEN, 'base64').toString()) as Record<string, unknown>
  const longer = Buffer.from(JSON.stringify({ ...json, timestamp: 9999 })).toString('base64')
  assert.equal(reason(longer), 'The signature of the token is wrong.')
})

test('a blank in a token is the plus that a query made of it', () => {
  // Bytes 0xFB 0xEF 0xBE in a user's name give plus signs in Base64.
  const users = Array.from({ length: 40 }, (_, length) => `${'u'.repeat(length)}>~>~`)
  const tokens = users.map((userId) => [userId, makeChannelToken({ ...FACTS, userId })] as const)
  const plus = tokens.find(([, token]) => token.includes('+'))
  assert.ok(plus !== undefined)
  assert.equal(reason(plus[1].replaceAll('+', ' '), { userId: plus[0] }), 'accepted')
})

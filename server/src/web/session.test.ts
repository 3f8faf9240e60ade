import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccessKey } from '../api/caller.ts'
import type { RawRequest } from '../api/raw-http.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import { fail } from '../base/result.ts'
import { createSessions, SESSION_LIFE_S, type Sessions } from './session.ts'

const secret = new Uint8Array(32).fill(7)

function request(
  headers: Readonly<Record<string, string>> = {},
  options: { readonly isSecure?: boolean } = {},
): RawRequest {
  const all = { Host: '127.0.0.1:8090', ...headers }
  return {
    method: 'POST',
    target: '/',
    headers: Object.entries(all),
    body: new Uint8Array(),
    isSecure: options.isSecure ?? false,
    remoteAddress: '127.0.0.1',
  }
}

const sessions = (clock = new SimulatedClock(), seed = 1, publicUrl?: string): Sessions =>
  createSessions({ secret, clock, ids: simulatedIds(seed), publicUrl })

const principal = { type: 'SubUser', id: 'u1', accountId: 'local', name: 'ann' } as const

/** A server with one key, which the test may change. */
function withKey(change: { readonly ended?: readonly string[] } = {}) {
  const keys = new Map<string, AccessKey>([
    ['key.1', { secret: 'right', status: 'Active', principal }],
  ])
  const ended: string[] = [...(change.ended ?? [])]
  const clock = new SimulatedClock()
  const these = createSessions({
    secret,
    clock,
    ids: simulatedIds(change.ended === undefined ? 3 : 4),
    findKey: (id) => keys.get(id),
    ended,
    onEnd: (id) => ended.push(id),
  })
  return { these, keys, clock, ended }
}

function sessionOf(cookie: string): { Cookie: string; 'X-Antiphon-Console': string } {
  return { Cookie: cookie.split(';')[0] ?? '', 'X-Antiphon-Console': '1' }
}

/** Signs in with the key, in a browser that may have a cookie already. */
function keySession(these: Sessions, before: Readonly<Record<string, string>> = {}) {
  const signedIn = these.signInWithKey(request(before), { id: 'key.1', secret: 'right' })
  assert.ok(signedIn.ok)
  return sessionOf(signedIn.value)
}

function signedIn(of: Sessions): { Cookie: string; 'X-Antiphon-Console': string } {
  const cookie = of.signIn(request(), of.issueToken())
  assert.ok(cookie !== undefined)
  return { Cookie: `other=1; ${cookie.split(';')[0]}`, 'X-Antiphon-Console': '1' }
}

test('a token signs in once', () => {
  const these = sessions()
  const token = these.issueToken()
  assert.equal(these.signIn(request(), 'wrong'), undefined)
  assert.equal(these.signIn(request(), ''), undefined)
  const cookie = these.signIn(request(), token) ?? ''
  assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Strict$/)
  assert.match(cookie, /; Max-Age=604800;/)
  assert.equal(these.signIn(request(), token), undefined)
})

test('a token of another process is worthless, a session of it is not', () => {
  const before = sessions()
  const session = signedIn(before)
  const restarted = sessions(new SimulatedClock(), 2)
  assert.equal(restarted.signIn(request(), before.issueToken()), undefined)
  assert.ok(restarted.signedInAs(request(session)) !== undefined)
})

test('a session needs its cookie unchanged and the console header', () => {
  const these = sessions()
  const session = signedIn(these)
  assert.ok(these.signedInAs(request(session)) !== undefined)
  assert.ok(these.signedInAs(request()) === undefined)
  assert.ok(these.signedInAs(request({ Cookie: session.Cookie })) === undefined)
  assert.ok(these.signedInAs(request({ ...session, 'X-Antiphon-Console': '0' })) === undefined)
  assert.ok(these.signedInAs(request({ ...session, Cookie: 'other=1' })) === undefined)
  assert.ok(these.signedInAs(request({ ...session, Cookie: `${session.Cookie}x` })) === undefined)
  const later = session.Cookie.replace(/=(\d+)\./, '=9$1.')
  assert.ok(these.signedInAs(request({ ...session, Cookie: later })) === undefined)
  const forged = createSessions({
    secret: new Uint8Array(32),
    clock: new SimulatedClock(),
    ids: simulatedIds(),
  })
  assert.ok(forged.signedInAs(request(session)) === undefined)
})

test('a session ends after seven days', () => {
  const clock = new SimulatedClock({ wallMs: 1_700_000_000_000 })
  const these = sessions(clock)
  const session = signedIn(these)
  clock.advance(SESSION_LIFE_S * 1000 - 1)
  assert.ok(these.signedInAs(request(session)) !== undefined)
  clock.advance(1)
  assert.ok(these.signedInAs(request(session)) === undefined)
})

test('pages of other origins are not let in', () => {
  const these = sessions()
  const session = signedIn(these)
  const from = (origin: string, host = '127.0.0.1:8090'): boolean =>
    these.signedInAs(request({ ...session, Host: host, Origin: origin })) !== undefined
  assert.ok(from('http://127.0.0.1:8090'))
  assert.ok(from('http://Example.org', 'example.ORG:80'))
  assert.ok(!from('http://127.0.0.1:8091'))
  assert.ok(!from('https://evil.example'))
  assert.ok(!from('null'))
  assert.ok(!from('http://127.0.0.1:8090', ''))
})

test('behind a proxy the public address counts as our own', () => {
  const these = sessions(new SimulatedClock(), 1, 'https://calls.example.org')
  const session = signedIn(these)
  assert.ok(
    these.signedInAs(request({ ...session, Origin: 'https://calls.example.org' })) !== undefined,
  )
  assert.ok(
    these.signedInAs(request({ ...session, Origin: 'https://calls.example.com' })) === undefined,
  )
})

test('the cookie is for TLS only where the browser speaks TLS', () => {
  const these = sessions(new SimulatedClock(), 1, 'https://calls.example.org')
  const cookie = (of: RawRequest): string => these.signIn(of, these.issueToken()) ?? ''
  assert.match(cookie(request({}, { isSecure: true })), /; Secure$/)
  assert.match(cookie(request({ Host: 'calls.example.org' })), /; Secure$/)
  assert.doesNotMatch(cookie(request()), /Secure/)
})

test('a session with a key speaks for the key, as long as the key is active and the same', () => {
  const { these, keys } = withKey()
  const session = request(keySession(these))
  assert.deepEqual(these.signedInAs(session)?.principal, principal)
  assert.equal(these.signedInAs(session)?.accessKeyId, 'key.1')
  keys.set('key.1', { secret: 'right', status: 'Inactive', principal })
  assert.equal(these.signedInAs(session), undefined)
  keys.set('key.1', { secret: 'right', status: 'Active', principal })
  assert.ok(these.signedInAs(session) !== undefined)
  keys.set('key.1', { secret: 'another', status: 'Active', principal })
  assert.equal(these.signedInAs(session), undefined)
  keys.delete('key.1')
  assert.equal(these.signedInAs(session), undefined)
})

test('nobody signs in with a wrong, an inactive or a temporary key', () => {
  const { these, keys } = withKey()
  const outcome = (id: string, given: string): unknown => {
    const signedIn = these.signInWithKey(request(), { id, secret: given })
    return signedIn.ok || signedIn.error.reason
  }
  assert.equal(outcome('key.1', 'wrong'), 'wrong')
  assert.equal(outcome('nobody', ''), 'wrong')
  keys.set('key.1', { secret: 'right', status: 'Inactive', principal })
  assert.equal(outcome('key.1', 'right'), 'inactive')
  keys.set('key.1', { secret: 'right', status: 'Active', principal, securityToken: 'token' })
  assert.equal(outcome('key.1', 'right'), 'temporary')
})

test('a cookie cannot be made to speak for another key, or for the account', () => {
  const { these, keys } = withKey()
  keys.set('key.2', { secret: 'other', status: 'Active', principal })
  const session = keySession(these)
  const [name = '', value = ''] = session.Cookie.split('=')
  const [expires, id, , signature] = value.split('.')
  const other = Buffer.from('key.2').toString('base64url')
  for (const content of [`${expires}.${id}.${other}`, `${expires}.${id}`, `${expires}.${id}.`]) {
    const forged = { ...session, Cookie: `${name}=${content}.${signature}` }
    assert.equal(these.signedInAs(request(forged)), undefined, content)
  }
})

test('signing in gives a session of its own and ends the one before', () => {
  const { these } = withKey()
  const planted = signedIn(these)
  const own = keySession(these, planted)
  assert.notEqual(own.Cookie, planted.Cookie)
  assert.equal(these.signedInAs(request(planted)), undefined)
  assert.equal(these.signedInAs(request(own))?.accessKeyId, 'key.1')
})

test('who has signed out stays so, with a copy of the cookie and after a restart', () => {
  const { these, ended } = withKey()
  const session = keySession(these)
  assert.match(these.signOut(request(session)), /^antiphon-\S+=; Max-Age=0; Path=\/; HttpOnly/)
  assert.equal(these.signedInAs(request(session)), undefined)
  assert.equal(ended.length, 1)
  const restarted = withKey({ ended }).these
  assert.equal(restarted.signedInAs(request(session)), undefined)
  assert.ok(restarted.signedInAs(request(keySession(restarted))) !== undefined)
})

test('who guesses keys has to wait longer and longer; others do not', () => {
  const { these, clock } = withKey()
  const tryKey = (guess: string, from = '192.0.2.1') =>
    these.signInWithKey({ ...request(), remoteAddress: from }, { id: 'key.1', secret: guess })
  for (const _ of [1, 2, 3]) assert.deepEqual(tryKey('no'), fail({ reason: 'wrong' }))
  assert.deepEqual(tryKey('right'), fail({ reason: 'too-soon', waitS: 1 }))
  assert.ok(tryKey('right', '192.0.2.2').ok)
  clock.advance(1000)
  assert.deepEqual(tryKey('no'), fail({ reason: 'wrong' }))
  clock.advance(1500)
  assert.deepEqual(tryKey('right'), fail({ reason: 'too-soon', waitS: 1 }))
  clock.advance(500)
  assert.ok(tryKey('right').ok)
  assert.deepEqual(tryKey('no'), fail({ reason: 'wrong' }))
})

test('a network of version 6 waits as one', () => {
  const { these } = withKey()
  const tryFrom = (remoteAddress: string) =>
    these.signInWithKey({ ...request(), remoteAddress }, { id: 'key.1', secret: 'no' })
  for (const host of ['1', '2', '3']) tryFrom(`2001:db8::${host}`)
  const last = tryFrom('2001:db8:0:0:ffff::1')
  assert.ok(!last.ok && last.error.reason === 'too-soon')
  const other = tryFrom('2001:db8:0:1::1')
  assert.ok(!other.ok && other.error.reason === 'wrong')
})

test('what a browser says of another site is believed', () => {
  const these = sessions()
  const session = signedIn(these)
  const from = (site: string): boolean =>
    these.signedInAs(request({ ...session, 'Sec-Fetch-Site': site })) !== undefined
  assert.ok(from('same-origin'))
  for (const site of ['cross-site', 'same-site', 'none']) assert.ok(!from(site), site)
})

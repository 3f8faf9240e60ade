import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RawRequest } from '../api/raw-http.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
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
  assert.ok(restarted.isSignedIn(request(session)))
})

test('a session needs its cookie unchanged and the console header', () => {
  const these = sessions()
  const session = signedIn(these)
  assert.ok(these.isSignedIn(request(session)))
  assert.ok(!these.isSignedIn(request()))
  assert.ok(!these.isSignedIn(request({ Cookie: session.Cookie })))
  assert.ok(!these.isSignedIn(request({ ...session, 'X-Antiphon-Console': '0' })))
  assert.ok(!these.isSignedIn(request({ ...session, Cookie: 'other=1' })))
  assert.ok(!these.isSignedIn(request({ ...session, Cookie: `${session.Cookie}x` })))
  const later = session.Cookie.replace(/=(\d+)\./, '=9$1.')
  assert.ok(!these.isSignedIn(request({ ...session, Cookie: later })))
  const forged = createSessions({
    secret: new Uint8Array(32),
    clock: new SimulatedClock(),
    ids: simulatedIds(),
  })
  assert.ok(!forged.isSignedIn(request(session)))
})

test('a session ends after seven days', () => {
  const clock = new SimulatedClock({ wallMs: 1_700_000_000_000 })
  const these = sessions(clock)
  const session = signedIn(these)
  clock.advance(SESSION_LIFE_S * 1000 - 1)
  assert.ok(these.isSignedIn(request(session)))
  clock.advance(1)
  assert.ok(!these.isSignedIn(request(session)))
})

test('pages of other origins are not let in', () => {
  const these = sessions()
  const session = signedIn(these)
  const from = (origin: string, host = '127.0.0.1:8090'): boolean =>
    these.isSignedIn(request({ ...session, Host: host, Origin: origin }))
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
  assert.ok(these.isSignedIn(request({ ...session, Origin: 'https://calls.example.org' })))
  assert.ok(!these.isSignedIn(request({ ...session, Origin: 'https://calls.example.com' })))
})

test('the cookie is for TLS only where the browser speaks TLS', () => {
  const these = sessions(new SimulatedClock(), 1, 'https://calls.example.org')
  const cookie = (of: RawRequest): string => these.signIn(of, these.issueToken()) ?? ''
  assert.match(cookie(request({}, { isSecure: true })), /; Secure$/)
  assert.match(cookie(request({ Host: 'calls.example.org' })), /; Secure$/)
  assert.doesNotMatch(cookie(request()), /Secure/)
})

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { AccessKey } from '../api/caller.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import { ask, openLoopback, type Answer } from './loopback.ts'
import { createSessions } from './session.ts'
import { SESSION_PATH } from './session-route.ts'

const CONSOLE = { 'X-Antiphon-Console': '1' }
const principal = { type: 'SubUser', id: 'u1', accountId: 'local', name: 'ann' } as const
const KEY: AccessKey = { secret: 'right', status: 'Active', principal }
const RIGHT = JSON.stringify({ AccessKeyId: 'key1', AccessKeySecret: 'right' })

async function open(t: TestContext, key: AccessKey = KEY) {
  const sessions = createSessions({
    secret: new Uint8Array(32),
    clock: new SimulatedClock(),
    ids: simulatedIds(1),
    findKey: (id) => (id === 'key1' ? key : undefined),
  })
  const server = await openLoopback({ sessions })
  t.after(() => server.server.close())
  const request = (
    method: string,
    headers: Readonly<Record<string, string>> = CONSOLE,
    body?: string,
  ): Promise<Answer> => ask(server, method, SESSION_PATH, { headers, ...(body && { body }) })
  return { server, request }
}

const json = ({ text }: Answer): Record<string, unknown> =>
  JSON.parse(text) as Record<string, unknown>
const cookieOf = ({ headers }: Answer): string => headers['set-cookie']?.[0] ?? ''

test('a key signs in, says whose it is, and signs out', async (t) => {
  const { request } = await open(t)
  assert.equal(json(await request('GET'))['Code'], 'MissingAccessKeyId')
  const signedIn = await request('POST', CONSOLE, RIGHT)
  assert.equal(signedIn.status, 200)
  assert.ok(!signedIn.text.includes('right') && !cookieOf(signedIn).includes('right'))
  const session = { ...CONSOLE, Cookie: cookieOf(signedIn).split(';')[0] ?? '' }
  const { AccessKeyId, UserName } = json(await request('GET', session))
  assert.deepEqual([AccessKeyId, UserName], ['key1', 'ann'])
  const out = await request('DELETE', session)
  assert.equal(out.status, 200)
  assert.match(cookieOf(out), /=; Max-Age=0;/)
  assert.equal((await request('GET', session)).status, 401)
})

test('no page of another site can sign a browser in or out', async (t) => {
  const { request } = await open(t)
  const session = (await request('POST', CONSOLE, RIGHT)).headers['set-cookie']?.[0] ?? ''
  const Cookie = session.split(';')[0] ?? ''
  const foreign: readonly Readonly<Record<string, string>>[] = [
    {},
    { 'X-Antiphon-Console': '0' },
    { ...CONSOLE, Origin: 'https://evil.example' },
    { ...CONSOLE, Origin: 'null' },
    { ...CONSOLE, 'Sec-Fetch-Site': 'cross-site' },
  ]
  for (const headers of foreign) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const answer = await request(method, { ...headers, Cookie }, RIGHT)
      assert.deepEqual([answer.status, json(answer)['Code']], [403, 'CrossSiteRequest'], method)
      assert.equal(answer.headers['set-cookie'], undefined)
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    }
  }
  assert.equal((await request('GET', { ...CONSOLE, Cookie })).status, 200)
  // A preflight gets nothing that would let the request follow.
  const asked = await request('OPTIONS', { Origin: 'https://evil.example' })
  assert.equal(asked.headers['access-control-allow-headers'], undefined)
})

test('what is wrong with a key is said, but not more than that', async (t) => {
  const { request } = await open(t)
  const tryKey = async (AccessKeyId: unknown, AccessKeySecret: unknown): Promise<unknown> => {
    const answer = await request('POST', CONSOLE, JSON.stringify({ AccessKeyId, AccessKeySecret }))
    return [answer.status, json(answer)['Code']]
  }
  assert.deepEqual(await tryKey('key1', 'wrong'), [401, 'SignInFailed'])
  assert.deepEqual(await tryKey('key2', 'right'), [401, 'SignInFailed'])
  assert.deepEqual(await tryKey('key1', 7), [400, 'InvalidParameter'])
  assert.deepEqual(await tryKey('key3', 'x'), [401, 'SignInFailed'])
  const braked = await request('POST', CONSOLE, RIGHT)
  assert.deepEqual([braked.status, json(braked)['Code']], [400, 'Throttling.User'])
  assert.equal(braked.headers['retry-after'], '1')
})

test('an inactive key is told so to who knows its secret', async (t) => {
  const { request } = await open(t, { ...KEY, status: 'Inactive' })
  assert.equal(json(await request('POST', CONSOLE, RIGHT))['Code'], 'InvalidAccessKeyId.Inactive')
})

test('what is no key, or much too long for one, is refused', async (t) => {
  const { request } = await open(t)
  assert.equal((await request('POST', CONSOLE, 'AccessKeyId=key1')).status, 400)
  assert.equal((await request('POST', CONSOLE, 'x'.repeat(9000))).status, 413)
  assert.equal((await request('PUT', CONSOLE, RIGHT)).status, 405)
})

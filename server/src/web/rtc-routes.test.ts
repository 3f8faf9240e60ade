import assert from 'node:assert/strict'
import type { Duplex } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { fail, ok } from '../base/result.ts'
import type { Joining, Signalling, SignallingError } from '../ports/signalling.ts'
import {
  ask,
  askRaw,
  openLoopback,
  TOKEN_EXPIRES_S,
  tokenFor,
  type Answer,
  type Loopback,
} from './loopback.ts'
import type { WebServerDeps } from './server.ts'

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n'
const TOKEN = tokenFor('room-1')
const BEARER = `Bearer ${TOKEN}`
const HEADERS = { Authorization: BEARER, 'Content-Type': 'application/sdp' }
const PATH = '/rtc/channels/room-1'
const JOINING: Joining = { channelId: 'room-1', userId: 'alice', tokenExpiresS: TOKEN_EXPIRES_S }

async function open(t: TestContext, change: Partial<WebServerDeps> = {}): Promise<Loopback> {
  const loopback = await openLoopback(change)
  t.after(() => loopback.server.close())
  return loopback
}

const signalling = (change: Partial<Signalling>): Signalling => ({
  offer: () => Promise.reject(new Error('offer')),
  hangUp: () => Promise.reject(new Error('hangUp')),
  adoptSocket: () => Promise.reject(new Error('adoptSocket')),
  ...change,
})

/** Status and code, after seeing that the answer is one that every client can read. */
function outcome(answer: Answer): readonly [number, string] {
  const body = JSON.parse(answer.text)
  assert.ok(typeof body.Message === 'string' && body.Message !== '')
  assert.equal(body.RequestId, answer.headers['x-acs-request-id'])
  assert.equal(answer.headers['access-control-allow-origin'], '*')
  return [answer.status, body.Code]
}

test('an offer is answered with 201, SDP and where to leave', async (t) => {
  const offers: unknown[] = []
  const server = await open(t, {
    signalling: signalling({
      offer: (joining, sdp) => {
        offers.push([joining, sdp])
        return Promise.resolve(ok({ connectionId: 'c1', sdp: 'v=0\r\nanswer' }))
      },
    }),
  })
  const answer = await ask(server, 'POST', PATH, { headers: HEADERS, body: SDP })
  assert.deepEqual([answer.status, answer.text], [201, 'v=0\r\nanswer'])
  assert.equal(answer.headers['content-type'], 'application/sdp')
  assert.equal(answer.headers['location'], '/rtc/channels/room-1/connections/c1')
  assert.equal(answer.headers['access-control-allow-origin'], '*')
  assert.match(String(answer.headers['access-control-expose-headers']), /\bLocation\b/)
  assert.deepEqual(offers, [[JOINING, SDP]])
})

test('JSON asks for an agent, for the channel and in the name of the token', async (t) => {
  const server = await open(t)
  const headers = { Authorization: BEARER, 'Content-Type': 'application/json; charset=utf-8' }
  const body = '{"AIAgentId":"a"}'
  const answer = await ask(server, 'POST', PATH, { headers, body })
  assert.deepEqual(JSON.parse(answer.text), { channelId: 'room-1', userId: 'alice' })
  assert.equal(Buffer.from(server.calls[0]?.body ?? []).toString(), body)
  const others = await ask(server, 'POST', '/rtc/channels/room-2', { headers, body })
  assert.deepEqual(outcome(others), [401, 'InvalidToken'])
  assert.equal(server.calls.length, 1)
})

test('pages of other sites may ask', async (t) => {
  const server = await open(t)
  const headers = { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' }
  const join = await ask(server, 'OPTIONS', PATH, { headers })
  assert.equal(join.status, 200)
  assert.equal(join.headers['access-control-allow-origin'], '*')
  assert.equal(join.headers['access-control-allow-methods'], 'POST, OPTIONS')
  assert.equal(join.headers['access-control-allow-headers'], 'Authorization, Content-Type')
  const leave = await ask(server, 'OPTIONS', `${PATH}/connections/c1`, { headers })
  assert.equal(leave.headers['access-control-allow-methods'], 'DELETE, OPTIONS')
})

test('what is wrong with an offer is said', async (t) => {
  const server = await open(t, { signalling: signalling({}) })
  const post = (headers: Record<string, string>, body: string = SDP): Promise<Answer> =>
    ask(server, 'POST', PATH, { headers, body })
  const { Authorization } = HEADERS
  const sdpType = { 'Content-Type': 'application/sdp' }
  const anonymous = await post(sdpType)
  assert.deepEqual(outcome(anonymous), [401, 'InvalidToken'])
  assert.equal(anonymous.headers['www-authenticate'], 'Bearer')
  for (const [authorization, reason] of [
    ['Bearer bad', /not Base64/],
    [`Bearer ${tokenFor('room-2')}`, /another channel/],
    [`Bearer ${tokenFor('room-1', TOKEN_EXPIRES_S - 60)}`, /expired/],
    [`Basic ${TOKEN}`, /mandatory/],
  ] as const) {
    const refused = await post({ ...HEADERS, Authorization: authorization })
    assert.deepEqual(outcome(refused), [401, 'InvalidToken'])
    assert.match(JSON.parse(refused.text).Message, reason)
  }
  assert.deepEqual(outcome(await post({ Authorization, 'Content-Type': 'text/plain' })), [
    415,
    'UnsupportedMediaType',
  ])
  assert.deepEqual(outcome(await post({ Authorization })), [415, 'UnsupportedMediaType'])
  assert.deepEqual(outcome(await post(HEADERS, '')), [400, 'InvalidOffer'])
  assert.deepEqual(outcome(await post(HEADERS, '{"sdp":""}')), [400, 'InvalidOffer'])
  assert.deepEqual(outcome(await post(HEADERS, `v=0${' '.repeat(64 * 1024)}`)), [
    413,
    'RequestEntityTooLarge',
  ])
  assert.deepEqual(outcome(await ask(server, 'GET', PATH)), [405, 'UnsupportedHTTPMethod'])
})

test('errors of signalling keep their message', async (t) => {
  const failing = async (code: SignallingError['code']): Promise<readonly [number, string]> => {
    const server = await open(t, {
      signalling: signalling({ offer: () => Promise.resolve(fail({ code, message: 'Why.' })) }),
    })
    const answer = await ask(server, 'POST', PATH, { headers: HEADERS, body: SDP })
    assert.equal(JSON.parse(answer.text).Message, 'Why.')
    return outcome(answer)
  }
  assert.deepEqual(await failing('no-such-channel'), [404, 'ChannelNotFound'])
  assert.deepEqual(await failing('bad-offer'), [400, 'InvalidOffer'])
  assert.deepEqual(await failing('unavailable'), [503, 'ServiceUnavailable'])
})

test('a connection is left with the token that joined', async (t) => {
  const hangUps: unknown[] = []
  const server = await open(t, {
    signalling: signalling({
      hangUp: (leaving) => {
        hangUps.push(leaving)
        return Promise.resolve(hangUps.length === 1)
      },
    }),
  })
  const leave = (token: string, query = ''): Promise<Answer> =>
    ask(server, 'DELETE', `${PATH}/connections/c1${query}`, { headers: { Authorization: token } })
  assert.deepEqual(outcome(await leave('Bearer bad')), [401, 'InvalidToken'])
  const left = await leave(BEARER)
  assert.deepEqual(outcomeOfSuccess(left), 200)
  assert.deepEqual(outcome(await leave(BEARER.replace('B', 'b'), '?stop=true')), [
    404,
    'ConnectionNotFound',
  ])
  assert.deepEqual(hangUps, [
    { channelId: 'room-1', connectionId: 'c1', userId: 'alice', isStop: false },
    { channelId: 'room-1', connectionId: 'c1', userId: 'alice', isStop: true },
  ])
})

function outcomeOfSuccess(answer: Answer): number {
  assert.equal(JSON.parse(answer.text).RequestId, answer.headers['x-acs-request-id'])
  return answer.status
}

test('other paths below /rtc/ are the API’s to refuse, readable for other sites', async (t) => {
  const server = await open(t)
  for (const path of ['/rtc/', '/rtc/channels/', '/rtc/channels/a%2Fb', '/rtc/channels/a/b']) {
    const answer = await ask(server, 'POST', path)
    assert.equal(answer.headers['x-answered-by'], 'api', path)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
  }
})

const QUERY = `?token=${encodeURIComponent(TOKEN)}`
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const handshake = (query: string, change: Readonly<Record<string, string>> = {}): string => {
  const headers = {
    Host: 'x',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': KEY,
    ...change,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${PATH}/socket${query} HTTP/1.1\r\n${lines.join('')}\r\n`
}

type Upgrade = Parameters<Signalling['adoptSocket']>[1]

/** A server whose sockets go to a worker that greets and hangs up. */
async function openSockets(t: TestContext): Promise<{
  readonly server: Loopback
  readonly adopted: { joining: Joining; upgrade: Upgrade }[]
}> {
  const adopted: { joining: Joining; upgrade: Upgrade }[] = []
  const server = await open(t, {
    signalling: signalling({
      adoptSocket: (joining, upgrade) => {
        adopted.push({ joining, upgrade })
        const socket: Duplex = upgrade.socket
        socket.end('adopted')
        return Promise.resolve(ok(undefined))
      },
    }),
  })
  return { server, adopted }
}

test('a handshake is handed on with what was read past it', async (t) => {
  const { server, adopted } = await openSockets(t)
  const text = await askRaw(server, `${handshake(`${QUERY}&sampleRate=48000`)}\x81\x05early`)
  assert.equal(text, 'adopted')
  const [first] = adopted
  assert.deepEqual(first?.joining, JOINING)
  assert.deepEqual([first?.upgrade.key, first?.upgrade.sampleRateHz], [KEY, 48_000])
  assert.equal(Buffer.from(first?.upgrade.head ?? []).toString('latin1'), '\x81\x05early')
})

test('the rate is 16 kHz unless named, and a blank in the token is a plus', async (t) => {
  const { server, adopted } = await openSockets(t)
  assert.match(TOKEN, /\+/)
  for (const plus of ['+', '%20', '%2B']) {
    const token = TOKEN.replaceAll('+', plus)
    assert.equal(await askRaw(server, handshake(`?token=${token}`)), 'adopted', token)
  }
  assert.deepEqual(
    adopted.map(({ upgrade }) => upgrade.sampleRateHz),
    [16_000, 16_000, 16_000],
  )
})

test('a handshake that cannot be taken is answered in JSON and closed', async (t) => {
  const { server, adopted } = await openSockets(t)
  const cases: readonly (readonly [string, string, string])[] = [
    [handshake('?token=bad'), '401', 'InvalidToken'],
    [handshake(''), '401', 'InvalidToken'],
    [handshake(`${QUERY}&sampleRate=8000`), '400', 'InvalidParameter'],
    [handshake(QUERY, { 'Sec-WebSocket-Version': '8' }), '426', 'UpgradeRequired'],
    [handshake(QUERY, { 'Sec-WebSocket-Key': 'short' }), '426', 'UpgradeRequired'],
    [handshake(QUERY).replace('/socket', '/nothing'), '404', 'InvalidAction.NotFound'],
  ]
  for (const [bytes, status, code] of cases) {
    const [head = '', body = ''] = (await askRaw(server, bytes)).split('\r\n\r\n')
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.match(head, /\r\nconnection: close/)
    assert.match(head, new RegExp(`\\r\\ncontent-length: ${Buffer.byteLength(body)}\\b`))
    assert.equal(JSON.parse(body).Code, code)
  }
  assert.deepEqual(adopted, [])
})

test('when no worker takes the socket, the client is told', async (t) => {
  const unavailable = await open(t)
  const nobody = await askRaw(unavailable, handshake(QUERY))
  assert.match(
    nobody,
    /^HTTP\/1\.1 503 .*"Message":"Nobody\.",.*"HostId":"x","Code":"ServiceUnavailable"/s,
  )
  const broken = await open(t, { signalling: signalling({}) })
  const fault = await askRaw(broken, handshake(QUERY))
  assert.match(fault, /^HTTP\/1\.1 500 .*"Code":"InternalError"/s)
  assert.doesNotMatch(fault, /adoptSocket/)
})

test('a socket’s path without a handshake asks for one', async (t) => {
  const server = await open(t)
  const answer = await ask(server, 'GET', `${PATH}/socket${QUERY}`)
  assert.deepEqual(outcome(answer), [426, 'UpgradeRequired'])
  assert.equal(answer.headers['upgrade'], 'websocket')
})

import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import type { Log } from '../base/log.ts'
import { silentLog } from '../base/log.ts'
import { ask, askRaw, openLoopback, type Loopback } from './loopback.ts'
import { LINGER_MS } from './raw-answer.ts'
import { createWebServer, type WebServerDeps } from './server.ts'

async function open(t: TestContext, change: Partial<WebServerDeps> = {}): Promise<Loopback> {
  const loopback = await openLoopback(change)
  t.after(() => loopback.server.close())
  return loopback
}

/** Status and code of a raw answer, after seeing that it is whole and readable for every client. */
function outcome(text: string): readonly [number, string] {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const value = JSON.parse(body)
  assert.match(head, new RegExp(`x-acs-request-id: ${value.RequestId}\\b`, 'i'))
  assert.match(head, /x-acs-trace-id: [\da-f]{32}\b/i)
  assert.ok(value.Message)
  assert.ok(value.Recommend.endsWith(`q=${value.Code}&product=ICE&requestId=${value.RequestId}`))
  assert.equal(typeof value.HostId, 'string')
  return [Number(head.split(' ')[1]), value.Code]
}

/** An API that waits until it is told to answer. */
function slowApi(): { api: WebServerDeps['api']; started: Promise<void>; finish: () => void } {
  const started = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  return {
    api: async () => {
      started.resolve()
      await answered.promise
      return { status: 200, headers: {}, body: '{"done":true}' }
    },
    started: started.promise,
    finish: answered.resolve,
  }
}

test('a request reaches the API as it came', async (t) => {
  const server = await open(t)
  const target = "/?B=2&A=%e4%b8%ad+x'()*&B=3"
  await askRaw(
    server,
    `POST ${target} HTTP/1.1\r\nhost: h\r\nX-Odd:  two  \r\nx-odd: one\r\nConnection: close\r\n` +
      'Content-Length: 3\r\n\r\na=b',
  )
  const [call] = server.calls
  assert.equal(call?.method, 'POST')
  assert.equal(call?.target, target)
  assert.deepEqual(call?.headers, [
    ['host', 'h'],
    ['X-Odd', 'two'],
    ['x-odd', 'one'],
    ['Connection', 'close'],
    ['Content-Length', '3'],
  ])
  assert.equal(Buffer.from(call?.body ?? []).toString(), 'a=b')
  assert.deepEqual([call?.isSecure, call?.remoteAddress], [false, '127.0.0.1'])
})

test('chunked bodies, long targets and offers of h2c are taken', async (t) => {
  const server = await open(t)
  const long = `/?UserData=${'x'.repeat(200_000)}`
  const text = await askRaw(
    server,
    `POST ${long} HTTP/1.1\r\nHost: h\r\nConnection: close, Upgrade, HTTP2-Settings\r\n` +
      'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nTransfer-Encoding: chunked\r\n\r\n' +
      '3\r\na=b\r\n4\r\n&c=d\r\n0\r\n\r\n',
  )
  assert.match(text, /^HTTP\/1\.1 200 /)
  const [call] = server.calls
  assert.equal(call?.target, long)
  assert.equal(Buffer.from(call?.body ?? []).toString(), 'a=b&c=d')
})

test('answers are kept alive for 30 s and never compressed', async (t) => {
  const server = await open(t)
  const headers = { 'Accept-Encoding': 'gzip', Connection: 'keep-alive' }
  const answer = await ask(server, 'POST', '/', { headers })
  assert.equal(answer.headers['keep-alive'], 'timeout=30')
  assert.equal(answer.headers['content-encoding'], undefined)
  assert.equal(answer.headers['content-length'], String(answer.body.length))
})

test('a body over 10 MB is refused, announced or not', async (t) => {
  const server = await open(t)
  const head = 'POST / HTTP/1.1\r\nHost: h\r\n'
  const announced = connect(server.port, '127.0.0.1')
  announced.write(`${head}Content-Length: 10485761\r\n\r\nabc`)
  const [answer] = await once(announced, 'data')
  assert.deepEqual(outcome(String(answer)), [413, 'RequestEntityTooLarge'])
  // It is given time to read that, then cut.
  server.clock.advance(LINGER_MS)
  await once(announced, 'close')
  const chunk = `100000\r\n${'x'.repeat(1024 * 1024)}\r\n`
  const chunked = await askRaw(
    server,
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(11)}0\r\n\r\n`,
  )
  assert.deepEqual(outcome(chunked), [413, 'RequestEntityTooLarge'])
  const body = 'x'.repeat(10 * 1024 * 1024)
  assert.equal((await ask(server, 'POST', '/', { body })).status, 200)
  assert.equal(server.calls.length, 1)
})

test('what is refused before the API sees it names the host, and may be XML', async (t) => {
  const server = await open(t)
  const tooLong = (target: string) =>
    `POST ${target} HTTP/1.1\r\nHost: ice.example:81\r\nContent-Length: 10485761\r\n\r\n`
  const answerTo = async (target: string): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(tooLong(target))
    const [answer] = await once(socket, 'data')
    socket.destroy()
    return String(answer)
  }
  const json = await answerTo('/?Format=JSON&Signature=x')
  assert.equal(JSON.parse(json.split('\r\n\r\n')[1] ?? '').HostId, 'ice.example:81')
  const xml = await answerTo('/?Format=XML')
  assert.match(xml, /^HTTP\/1\.1 413 .*content-type: text\/xml;charset=utf-8\r/is)
  assert.match(xml, /<Error>.*<HostId>ice\.example:81<\/HostId><Code>RequestEntityTooLarge<\/Code>/)
  assert.match(await answerTo('/rtc/channels/c?Format=XML'), /content-type: application\/json/i)
})

const MALFORMED: readonly (readonly [string, string, number, string])[] = [
  ['nonsense', 'hello\r\n\r\n', 400, 'MalformedRequest'],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: h\r\n\r\n', 400, 'MalformedRequest'],
  ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'MalformedRequest'],
  ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 400, 'MalformedRequest'],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
    400,
    'MalformedRequest',
  ],
  [
    'length and chunks',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'MalformedRequest',
  ],
  [
    'a chunk without a size',
    'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    400,
    'MalformedRequest',
  ],
  [
    'a header of 300 KB',
    `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(300_000)}\r\n\r\n`,
    431,
    'RequestHeaderTooLarge',
  ],
  [
    'a target of 300 KB',
    `GET /?${'x'.repeat(300_000)} HTTP/1.1\r\nHost: h\r\n\r\n`,
    431,
    'RequestHeaderTooLarge',
  ],
  ['a proxy request', 'CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n', 405, 'UnsupportedHTTPMethod'],
  [
    'an odd expectation',
    'GET / HTTP/1.1\r\nHost: h\r\nExpect: cake\r\nConnection: close\r\n\r\n',
    417,
    'ExpectationFailed',
  ],
]

for (const [name, bytes, status, code] of MALFORMED) {
  test(`answered in JSON and closed: ${name}`, async (t) => {
    const server = await open(t)
    assert.deepEqual(outcome(await askRaw(server, bytes)), [status, code])
    assert.equal(server.calls.length, 0)
  })
}

test('nonsense behind a good request does not cost that one its answer', async (t) => {
  const { api, started, finish } = slowApi()
  const server = await open(t, { api })
  const text = askRaw(server, 'GET / HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n')
  await started
  finish()
  assert.match(await text, /^HTTP\/1\.1 200 .*\{"done":true\}$/s)
})

test('a request that trickles in is answered 408', async (t) => {
  const limits = { headersMs: 40, requestMs: 60, checkMs: 10 }
  const server = await open(t, { limits })
  const head = await askRaw(server, 'GET / HTTP/1.1\r\nHost: h\r\n')
  assert.deepEqual(outcome(head), [408, 'RequestTimeout'])
  const body = await askRaw(server, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\na=')
  assert.deepEqual(outcome(body), [408, 'RequestTimeout'])
})

test('a fault is a 500 without its words, which are in the log', async (t) => {
  const lines: string[] = []
  const log: Log = {
    ...silentLog,
    error: (message, fields) => lines.push(`${message} ${JSON.stringify(fields)}`),
  }
  const server = await open(t, { log, api: () => Promise.reject(new Error('the cause')) })
  const answer = await ask(server, 'POST', '/?Signature=hush&Format=JSON')
  const { RequestId, Recommend, ...body } = JSON.parse(answer.text)
  assert.equal(answer.status, 500)
  assert.deepEqual(body, {
    Message: 'The request processing has failed due to some unknown error.',
    HostId: `127.0.0.1:${server.port}`,
    Code: 'InternalError',
  })
  assert.match(Recommend, /q=InternalError/)
  assert.equal(lines.length, 1)
  assert.ok(lines[0]?.includes('the cause') && lines[0].includes(RequestId))
  assert.ok(!lines[0]?.includes('hush'))
})

test('a client that goes away in the middle of its body does no harm', async (t) => {
  const server = await open(t)
  const socket = connect(server.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\na=')
  socket.end()
  socket.resume()
  await once(socket, 'close')
  assert.equal((await ask(server, 'GET', '/healthz')).status, 200)
  assert.equal(server.calls.length, 0)
})

test('a taken port is named in one line', async (t) => {
  const server = await open(t)
  const second = createWebServer(server.deps)
  const result = await second.listen('127.0.0.1', server.port)
  assert.ok(!result.ok)
  assert.match(result.error, new RegExp(`^ANTIPHON_PORT must be a free port; ${server.port} `))
  await second.close()
  const elsewhere = await createWebServer(server.deps).listen('203.0.113.77', 0)
  assert.ok(!elsewhere.ok)
  assert.match(elsewhere.error, /^ANTIPHON_HOST must be an address of this machine/)
})

async function kept(server: Loopback): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  socket.write('GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n')
  await once(socket, 'data')
  return socket
}

test('while the server goes down, requests are refused and the process still lives', async (t) => {
  const server = await open(t)
  const socket = await kept(server)
  server.server.refuseRequests()
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket.write('POST / HTTP/1.1\r\nHost: h\r\n\r\n')
  await once(socket, 'close')
  assert.deepEqual(outcome(text), [503, 'ServiceUnavailable'])
  assert.match(text, /\r\nconnection: close/i)
  const fresh = await askRaw(server, 'GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n')
  assert.deepEqual(outcome(fresh), [503, 'ServiceUnavailable'])
  assert.equal((await ask(server, 'GET', '/healthz')).status, 200)
  assert.equal(server.calls.length, 0)
})

test('close lets an answer finish, cuts idle connections and frees the port', async (t) => {
  const { api, started, finish } = slowApi()
  const server = await open(t, { api })
  const idle = await kept(server)
  const answer = ask(server, 'POST', '/')
  await started
  const idleGone = once(idle, 'close')
  const closed = server.server.close()
  await idleGone
  finish()
  assert.equal((await answer).text, '{"done":true}')
  await closed
  await server.server.close()
  assert.equal(server.clock.pending, 0)
  await assert.rejects(ask(server, 'GET', '/healthz'), { code: 'ECONNREFUSED' })
})

test('close does not wait for ever', async (t) => {
  const { api, started } = slowApi()
  const server = await open(t, { api, limits: { closeMs: 3000 } })
  const answer = assert.rejects(ask(server, 'POST', '/'))
  await started
  const closed = server.server.close()
  server.clock.advance(3000)
  await closed
  await answer
})

/** Whatever is sent to the port gets an HTTP answer or a closed socket, and the server lives. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { Log } from '../../src/base/log.ts'
import { systemClock } from '../../src/base/system-clock.ts'
import { ask, openLoopback } from '../../src/web/loopback.ts'
import { apiUnderTest } from './api-under-test.ts'
import { soup } from './byte-soup.ts'

const CASES = 10_000
/** Connections at a time. */
const TOGETHER = 100
/** Who has said nothing yet may still be waiting for more: then it hears that there is no more. */
const PATIENCE_MS = 40
const LIMIT_MS = 20_000
/** How requests end; each of these must come up, or the nonsense is not good enough. */
const EXPECTED = ['200', '400', '404', '405', '426', '503', 'closed']

/** Sends the bytes; gives what came back until the server closed the connection. */
function send(port: number, bytes: string, seed: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    const end = (): void => void socket.end()
    const patience = setTimeout(end, PATIENCE_MS)
    const limit = setTimeout(() => {
      socket.destroy()
      reject(new Error(`case ${seed} was neither answered nor closed: ${JSON.stringify(bytes)}`))
    }, LIMIT_MS)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      end()
    })
    // The server may close while something is still being sent.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(patience)
      clearTimeout(limit)
      resolve(received)
    })
    // In two pieces: a parser must not depend on where one ends.
    const half = Math.floor(bytes.length / 2)
    socket.write(bytes.slice(0, half), 'latin1')
    socket.write(bytes.slice(half), 'latin1')
  })
}

/** What is wrong with an answer, if anything. */
function faultOf(received: string): string | undefined {
  if (received === '') return undefined
  const [head = '', ...rest] = received.split('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
  if (!(status >= 100 && status < 600)) return 'no HTTP answer'
  if (status === 500) return 'a fault of the server'
  if (status < 400) return undefined
  const isJson = /^content-type: application\/json/im.test(head)
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1])
  if (!isJson) return /^content-type: text\/(xml|html)/im.test(head) ? undefined : 'no JSON'
  const body = rest.join('\r\n\r\n').slice(0, length)
  // HEAD has no body; an answer may be cut when the client has closed its end.
  if (body.length < length) return undefined
  const { Code, RequestId } = JSON.parse(Buffer.from(body, 'latin1').toString()) as Record<
    string,
    unknown
  >
  return typeof Code === 'string' && typeof RequestId === 'string' ? undefined : 'no Code'
}

test('10,000 cases of nonsense: each answered or closed, and the server lives', async (t) => {
  const errors: string[] = []
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (message, fields) => errors.push(`${message} ${JSON.stringify(fields)}`),
    with: () => log,
  } as Log
  const server = apiUnderTest({ log })
  const web = await openLoopback({ api: server.api.handle, clock: systemClock, log })
  t.after(() => web.server.close())
  let next = 0
  const statuses = new Map<string, number>()
  const sendAll = async (): Promise<void> => {
    while (next < CASES) {
      const seed = next++
      const bytes = soup(seed)
      const received = await send(web.port, bytes, seed)
      const fault = faultOf(received)
      const shown = `${JSON.stringify(bytes).slice(0, 600)}\n${received.slice(0, 600)}`
      assert.equal(fault, undefined, `case ${seed}: ${fault}\n${shown}`)
      const status = received === '' ? 'closed' : received.slice(9, 12)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, sendAll))
  assert.deepEqual(errors, [])
  // The cases reach deep enough: there is every kind of end.
  const seen = JSON.stringify([...statuses].sort())
  for (const status of EXPECTED) assert.ok((statuses.get(status) ?? 0) > 10, `${status} of ${seen}`)
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  const alive = await ask(web, 'GET', '/healthz')
  assert.equal(alive.status, 200)
  const { status } = await server.call('ListAIAgents', {}, '2026-11-01')
  assert.equal(status, 200)
})

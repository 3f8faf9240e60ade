import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { WebServerDeps } from './server.ts'
import { openLoopback, type Loopback } from './loopback.ts'

/** A server whose API answers with these pieces. */
async function serving(t: TestContext, pieces: () => AsyncIterable<Uint8Array>): Promise<Loopback> {
  const api: WebServerDeps['api'] = () =>
    Promise.resolve({ status: 200, headers: { 'x-kind': 'lines' }, body: '', stream: pieces() })
  const loopback = await openLoopback({ api })
  t.after(() => loopback.server.close())
  return loopback
}

test('a streamed answer arrives whole, its end marked', async (t) => {
  const { port } = await serving(t, async function* () {
    yield Buffer.from('one\n')
    yield Buffer.from('two\n')
  })
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })
  assert.equal(response.headers.get('x-kind'), 'lines')
  assert.equal(response.headers.get('content-length'), null)
  assert.equal(await response.text(), 'one\ntwo\n')
})

test('a stream that fails is cut off, so that no client takes a part for the whole', async (t) => {
  const { port } = await serving(t, async function* () {
    yield Buffer.from('one\n')
    throw new Error('The disk is gone.')
  })
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })
  assert.equal(response.status, 200)
  await assert.rejects(response.text())
})

test('a client that does not read holds the stream up, and one that leaves ends it', async (t) => {
  const piece = Buffer.alloc(256 * 1024, 'x')
  let asked = 0
  const ended = Promise.withResolvers<void>()
  const { port } = await serving(t, async function* () {
    try {
      for (;;) {
        asked += 1
        yield piece
      }
    } finally {
      ended.resolve()
    }
  })
  const socket = connect(port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n')
  await once(socket, 'data')
  socket.pause()
  // The system's buffers fill up; then nobody asks for more.
  let before = -1
  for (let looks = 0; looks < 100 && before !== asked; looks += 1) {
    before = asked
    for (let turns = 0; turns < 200; turns += 1) await new Promise(setImmediate)
  }
  assert.ok(asked < 100, `${asked} pieces of 256 KiB asked for`)
  socket.destroy()
  await ended.promise
})

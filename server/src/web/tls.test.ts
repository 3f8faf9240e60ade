import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { openLoopback } from './loopback.ts'
import { selfSigned } from './self-signed.ts'

test('with a certificate the server speaks https, and says so to the API', async (t) => {
  const tls = selfSigned()
  const { server, port } = await openLoopback({ tls })
  t.after(() => server.close())
  const socket = connect({ host: '127.0.0.1', port, ca: tls.cert, servername: 'localhost' })
  socket.write('POST /?Action=x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  await once(socket, 'close')
  assert.match(text, /^HTTP\/1\.1 200 .*"isSecure":true/s)
})

import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * A socket whose handle can be given to another process, carrying what `stream` carries. A plain socket is
 * that itself; the inside of a TLS connection goes over a loopback pair, as its keys stay in this process.
 */
export async function handleable(stream: Duplex): Promise<Socket> {
  if (isPlainSocket(stream)) return stream
  const [near, far] = await socketPair()
  stream.pipe(near)
  near.pipe(stream)
  for (const [one, other] of [
    [stream, near],
    [near, stream],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
  return far
}

const isPlainSocket = (stream: Duplex): stream is Socket =>
  'remoteAddress' in stream && !('encrypted' in stream)

function socketPair(): Promise<readonly [Socket, Socket]> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true })
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const near = connect(port, '127.0.0.1')
      near.on('error', (error) => {
        server.close()
        reject(error)
      })
      server.on('connection', (far) => {
        // Anybody on this machine can connect to the port while it is open.
        if (far.remotePort !== near.localPort) {
          far.destroy()
          return
        }
        server.close()
        resolve([near, far])
      })
    })
  })
}

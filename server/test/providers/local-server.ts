import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { machinePump, type Pump } from '../../src/ports/pump.contract.ts'
import type { Fault } from '../../src/ports/provider-faults.contract.ts'

const servers: Server[] = []
const sockets = new Set<WebSocket>()
after(() => {
  for (const socket of sockets) socket.terminate()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server of these tests; `address` is `http://127.0.0.1:<port>`. */
export async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

/** An HTTP server that reads the body first. */
export function httpServer(answer: Answer): Server {
  return createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => answer(request, response, Buffer.concat(pieces)))
  })
}

/** Answers with a fault that needs no knowledge of the protocol; false if the fault is another. */
export function failPlainly(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (fault === '429' || fault === '500') {
    response.writeHead(Number(fault), { 'content-type': 'application/json' })
    response.end('{"error":{"message":"sk-secret: Confidential words","code":"some_code"}}')
    return true
  }
  if (fault === 'closed socket') {
    request.socket.destroy()
    return true
  }
  if (fault === 'slow first byte') {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).flushHeaders()
    return true
  }
  return false
}

/** A WebSocket server; refusals of the handshake are what a proxy before the service would say. */
export async function socketServer(
  fault: () => Fault | undefined,
  onSocket: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<string> {
  const server = createServer()
  const handshakes = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const now = fault()
    if (now === '429' || now === '500') {
      socket.end(`HTTP/1.1 ${now} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
      return
    }
    handshakes.handleUpgrade(request, socket, head, (opened) => {
      sockets.add(opened)
      opened.on('error', () => {})
      onSocket(opened, request)
    })
  })
  return (await listen(server)).replace('http:', 'ws:')
}

/** The machine's time for sockets, and a little virtual time for timers. */
export function mixedPump(clock: SimulatedClock): Pump {
  return async () => {
    clock.advance(5)
    await machinePump()
  }
}

/** Sound as long as speech of the text, louder than silence. */
export function toneFor(text: string, options: { readonly rate: number; readonly hz: number }) {
  const samples = Math.round((text.length * 0.06 * options.hz) / options.rate)
  const pcm = Int16Array.from({ length: samples }, (_, index) =>
    Math.round(6000 * Math.sin((2 * Math.PI * 440 * index) / options.hz)),
  )
  return Buffer.from(pcm.buffer)
}

export { SimulatedClock }

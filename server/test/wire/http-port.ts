import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { RawRequest, RawResponse } from '../../src/api/raw-http.ts'

/** A real HTTP port on the loopback address for a handler under test. */
export interface HttpPort {
  readonly port: number
  close(): Promise<void>
}

export async function openHttpPort(
  handle: (request: RawRequest) => Promise<RawResponse>,
): Promise<HttpPort> {
  const server = createServer({ maxHeaderSize: 256 * 1024 }, (incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const names = incoming.rawHeaders
      const headers = names.flatMap((name, index) =>
        index % 2 === 0 ? [[name, names[index + 1] ?? ''] as const] : [],
      )
      const request: RawRequest = {
        method: incoming.method ?? '',
        target: incoming.url ?? '',
        headers,
        body: Buffer.concat(chunks),
        isSecure: false,
        remoteAddress: incoming.socket.remoteAddress ?? '',
      }
      void answer(request, response)
    })
  })
  const answer = async (request: RawRequest, response: ServerResponse): Promise<void> => {
    const { status, headers, body, stream = [] } = await handle(request)
    response.writeHead(status, { ...headers })
    for await (const piece of stream) response.write(piece)
    response.end(body)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface WireRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

export interface WireAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  readonly json: Record<string, unknown>
}

/** Writes a request to the port letter by letter, as a plain TCP client, and reads the answer. */
export function sendRaw(port: number, request: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const received: Buffer[] = []
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      received.push(chunk)
      const answer = readAnswer(Buffer.concat(received))
      if (answer === undefined) return
      socket.destroy()
      resolve(answer)
    })
    socket.on('end', () => reject(new Error('the server closed the connection')))
    socket.write(bytesOf(request))
  })
}

function bytesOf(request: WireRequest): Buffer {
  const lines = request.headers.map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${request.method} ${request.target} HTTP/1.1\r\n${lines.join('')}\r\n`
  const body = Buffer.from(request.body)
  const isChunked = request.headers.some(
    ([name, value]) => name.toLowerCase() === 'transfer-encoding' && value === 'chunked',
  )
  if (!isChunked) return Buffer.concat([Buffer.from(head), body])
  const chunks = body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}\r\n`), body]
  const end = Buffer.from(`${chunks.length > 0 ? '\r\n' : ''}0\r\n\r\n`)
  return Buffer.concat([Buffer.from(head), ...chunks, end])
}

function readAnswer(bytes: Buffer): WireAnswer | undefined {
  const split = bytes.indexOf('\r\n\r\n')
  if (split < 0) return undefined
  const [statusLine = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n')
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = bytes.subarray(split + 4)
  if (body.length < Number(headers.get('content-length'))) return undefined
  const text = body.toString('utf8')
  const isJson = headers.get('content-type')?.startsWith('application/json') ?? false
  const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: Number(statusLine.split(' ')[1]), headers, text, json }
}

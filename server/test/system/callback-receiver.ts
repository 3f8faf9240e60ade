import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Arrival {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
  readonly eventId: string
  /** Answered with 200. */
  isTaken: boolean
}

/** What the receiver does with a delivery. */
export type Reaction = 'take' | 'take slowly' | 'fail' | 'close' | 'redirect' | 'hang'
const SLOW_MS = 1300

/** Somebody's program that events of calls are posted to, with its bad days. */
export class CallbackReceiver {
  readonly arrivals: Arrival[] = []
  /** For the next deliveries, one each; then all are taken. */
  reactions: Reaction[] = []
  #server: Server | undefined
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`
  }

  /** Starts it, or starts it again on the same port. */
  async open(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { url: path = '', headers } = request
        const eventId = String(headers['x-ice-notify-id'])
        const body = JSON.parse(text) as Record<string, unknown>
        const arrival = { path, headers, text, body, eventId, isTaken: false }
        this.arrivals.push(arrival)
        this.#react(arrival, response)
      })
      request.on('error', () => {})
    })
    this.#server = server
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
  }

  close(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }

  /** Names of the events of a call that were taken, in the order in which they were. */
  taken(instanceId: string): readonly string[] {
    return this.#of(instanceId)
      .filter(({ isTaken }) => isTaken)
      .map(({ body }) => String(body['event']))
  }

  #of = (instanceId: string): readonly Arrival[] =>
    this.arrivals.filter(({ body }) => body['instanceId'] === instanceId)

  #react(arrival: Arrival, response: ServerResponse): void {
    const take = (): void => {
      arrival.isTaken = true
      response.end('{"thanks":true}')
    }
    switch (this.reactions.shift() ?? 'take') {
      case 'take':
        return take()
      case 'take slowly':
        return void setTimeout(take, SLOW_MS)
      case 'fail':
        return void response.writeHead(503).end()
      case 'close':
        return void response.destroy()
      case 'redirect':
        return void response.writeHead(302, { location: '/elsewhere' }).end()
      case 'hang':
        return
    }
  }
}

/** The check that docs/callbacks.md shows to receivers. */
export function isSigned({ headers, text }: Arrival, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  const isFresh = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 300
  return isFresh && headers['webhook-signature'] === expected
}

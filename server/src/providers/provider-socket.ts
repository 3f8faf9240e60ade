import { WebSocket } from 'ws'
import type { Clock } from '../base/clock.ts'
import type { ProviderError } from '../ports/provider-error.ts'
import { errorCode, isRetryableStatus } from './provider-http.ts'

export interface SocketOptions {
  readonly clock: Clock
  /** Who answers, for messages: "the speech recogniser". */
  readonly who: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
}

/** `onOpen`, any number of messages, then one `onClose`; nothing after `close()`, nor while the socket is made. */
export interface SocketEvents {
  onOpen(): void
  onText(text: string): void
  onBytes(bytes: Uint8Array): void
  onClose(error: ProviderError): void
}

const CONNECT_MS = 5000
/** The largest message that is taken; a longer one ends the connection. */
const MESSAGE_LIMIT_BYTES = 1024 * 1024
/** Sound that the provider does not take waits so long (16 kHz: about a minute); past it the connection ends. */
const SEND_LIMIT_BYTES = 2 * 1024 * 1024

/** A WebSocket connection to a provider. Its errors never tell the address's query, which may hold a token. */
export class ProviderSocket {
  readonly #options: SocketOptions
  readonly #events: SocketEvents
  readonly #socket: WebSocket
  #cancelTimer: () => void
  #isOver = false

  constructor(options: SocketOptions, events: SocketEvents) {
    this.#options = options
    this.#events = events
    this.#socket = new WebSocket(options.url, {
      headers: { ...options.headers },
      maxPayload: MESSAGE_LIMIT_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    })
    this.#cancelTimer = options.clock.after(CONNECT_MS, () =>
      this.#end(`did not take the connection for ${CONNECT_MS / 1000} s`, true),
    )
    this.#listen()
  }

  /** False when there is no use any more; the reason is told to `onClose`. */
  send(data: string | Uint8Array): boolean {
    if (this.#isOver || this.#socket.readyState !== WebSocket.OPEN) return false
    if (this.#socket.bufferedAmount > SEND_LIMIT_BYTES) {
      this.#options.clock.after(0, () => this.#end('does not take what is sent', true))
      return false
    }
    this.#socket.send(data)
    return true
  }

  /** May be called twice. */
  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelTimer()
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(1000)
    // Also where the provider does not answer the close frame.
    else this.#socket.terminate()
  }

  #listen(): void {
    const socket = this.#socket
    const { host } = this.#options.url
    socket.on('open', () => {
      this.#cancelTimer()
      if (!this.#isOver) this.#events.onOpen()
    })
    socket.on('message', (data, isBinary) => {
      if (this.#isOver) return
      if (isBinary) this.#events.onBytes(data as Buffer)
      else this.#events.onText((data as Buffer).toString('utf8'))
    })
    socket.on('unexpected-response', (_, response) => {
      const status = response.statusCode ?? 0
      this.#end(`answered with HTTP ${status}`, isRetryableStatus(status))
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const isTooLong = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
      if (isTooLong) this.#end('sent too long a message', false)
      else if (error.code?.startsWith('WS_ERR')) this.#end('broke the protocol', true)
      else this.#end(`at ${host} cannot be reached${errorCode(error)}`, true)
    })
    socket.on('close', (code) => this.#end(`closed the connection (${code})`, true))
  }

  #end(message: string, isRetryable: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelTimer()
    this.#socket.terminate()
    this.#events.onClose({ message: `${this.#options.who} ${message}`, isRetryable })
  }
}

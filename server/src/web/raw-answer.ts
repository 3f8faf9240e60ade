import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RawResponse } from '../api/raw-http.ts'
import type { Clock } from '../base/clock.ts'
import { refuse } from './answers.ts'

/** How long a client that is being sent away may still send, so that it reads the answer. */
export const LINGER_MS = 2000

/** The answer to what the HTTP parser did not take, by the parser's error code. */
export function parserRefusal(errorCode: string, requestId: string): RawResponse {
  const code = PARSER_ERRORS.get(errorCode) ?? 'MalformedRequest'
  return refuse({ code, requestId })
}

const PARSER_ERRORS: ReadonlyMap<
  string,
  'RequestHeaderTooLarge' | 'RequestEntityTooLarge' | 'RequestTimeout'
> = new Map([
  ['HPE_HEADER_OVERFLOW', 'RequestHeaderTooLarge'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'RequestEntityTooLarge'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'RequestTimeout'],
])

/** Writes an answer on a bare socket and closes it, giving the client time to read. */
export function endWith(socket: Duplex, answer: RawResponse, clock: Clock): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = Buffer.from(answer.body)
  const headers = { ...answer.headers, 'content-length': String(body.length), connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const status = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`
  const head = Buffer.from(`${status}${lines.join('')}\r\n`, 'latin1')
  // Unread bytes would make the system reset the connection and take the answer with it.
  socket.resume()
  socket.end(Buffer.concat([head, body]))
  const forget = clock.after(LINGER_MS, () => socket.destroy())
  socket.once('close', forget)
  socket.once('end', () => socket.destroy())
}

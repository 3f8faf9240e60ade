import type { IncomingMessage } from 'node:http'
import { fail, ok, type Result } from '../base/result.ts'

export type BodyError =
  | 'too-large'
  /** Too many bodies are coming in at once. */
  | 'no-room'
  /** The client went away in the middle. */
  | 'gone'

const NOTHING = new Uint8Array()

/** Without one of these headers a request has no body: there is nothing to wait for. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0

/** Reads bodies whole; all those under way together may hold no more than `roomBytes`. */
export class BodyReader {
  readonly #roomBytes: number
  #heldBytes = 0

  constructor(roomBytes: number) {
    this.#roomBytes = roomBytes
  }

  /** Stops reading at the first byte past `limitBytes`; what follows is the caller's to discard. */
  read(request: IncomingMessage, limitBytes: number): Promise<Result<Uint8Array, BodyError>> {
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
      return Promise.resolve(fail('too-large'))
    }
    if (!hasBody(request)) return Promise.resolve(ok(NOTHING))
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      let bytes = 0
      const settle = (result: Result<Uint8Array, BodyError>): void => {
        request.off('data', onData).off('end', onEnd).off('close', onClose)
        this.#heldBytes -= bytes
        bytes = 0
        resolve(result)
      }
      const onData = (chunk: Buffer): void => {
        bytes += chunk.length
        this.#heldBytes += chunk.length
        if (bytes > limitBytes) settle(fail('too-large'))
        else if (this.#heldBytes > this.#roomBytes) settle(fail('no-room'))
        else chunks.push(chunk)
      }
      const onEnd = (): void => settle(ok(Buffer.concat(chunks)))
      const onClose = (): void => settle(fail('gone'))
      request.on('data', onData).on('end', onEnd).on('close', onClose)
    })
  }
}

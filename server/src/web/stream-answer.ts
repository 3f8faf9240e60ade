import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RawResponse } from '../api/raw-http.ts'

/**
 * Sends an answer of unknown length, a piece at a time: the next one is asked for when the client has taken the last.
 * Fails when the stream does, or when the client goes away; the connection is cut then, and the stream told to end.
 */
export async function sendStream(
  response: ServerResponse,
  answer: RawResponse & { readonly stream: AsyncIterable<Uint8Array> },
): Promise<void> {
  response.writeHead(answer.status, answer.headers)
  await pipeline(Readable.from(answer.stream, { objectMode: true, highWaterMark: 1 }), response)
}

/** The client has gone; nobody has to be told. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'

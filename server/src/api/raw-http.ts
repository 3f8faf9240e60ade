import type { ApiError } from '../schema/errors.ts'

/** A request as it came: signatures cover the raw form. */
export interface RawRequest {
  readonly method: string
  /** The request target: path and query, not decoded. */
  readonly target: string
  /** Names and values in wire order and spelling. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** After transfer decoding. */
  readonly body: Uint8Array
  /** It came over TLS, by the connection or by a trusted proxy's word. */
  readonly isSecure: boolean
  /** The client's address: the connection's; from a header only on a trusted proxy's word. */
  readonly remoteAddress: string
}

export interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Empty when there is a stream. */
  readonly body: string | Uint8Array
  /** A body of unknown length: each piece is asked for when the client has taken the last one. If it fails, the
   * connection is cut before the end of the body, so that no client takes a part for the whole. */
  readonly stream?: AsyncIterable<Uint8Array>
  /** Why there is no other answer, when it was given by somebody who does not know whom it goes to. */
  readonly refusal?: ApiError
  /** To be called when the body has been sent or will never be: its memory is used again then. */
  readonly release?: () => void
}

export type ApiHandler = (request: RawRequest) => Promise<RawResponse>

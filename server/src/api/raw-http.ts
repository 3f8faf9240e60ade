/** A request as it came: signatures cover the raw form. */
export interface RawRequest {
  readonly method: string
  /** The request target: path and query, not decoded. */
  readonly target: string
  /** Names and values in wire order and spelling. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** After transfer decoding. */
  readonly body: Uint8Array
  /** It came over TLS. */
  readonly isSecure: boolean
  /** The peer's address; never taken from a header. */
  readonly remoteAddress: string
}

export interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export type ApiHandler = (request: RawRequest) => Promise<RawResponse>

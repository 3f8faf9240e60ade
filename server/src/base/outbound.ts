import type { Result } from './result.ts'

/** A request that somebody outside has asked for; its address is not to be trusted. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Must start with `http://` or `https://`. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** From now until the last byte of the answer. */
  readonly timeoutMs: number
  /** A longer answer fails with `too-large`. */
  readonly limitBytes: number
  /** How many redirects a GET may follow, each to an address that is allowed; 0 unless given. Other methods
   * get the redirect as their answer. */
  readonly redirects?: number
  readonly signal?: AbortSignal
}

export interface OutboundAnswer {
  readonly status: number
  /** Names in lower case; of several of a name, the values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface OutboundFailure {
  /** `refused`: the address is not allowed, or is no http address. */
  readonly code: 'refused' | 'timeout' | 'too-large' | 'network' | 'aborted'
  /** For the operator or the request's author; names the host, never the path or what was sent. */
  readonly message: string
}

/**
 * HTTP to addresses that users hand in, never to where the operator does not want it
 * (`base/outbound-address.ts`). The system form is in `system-outbound.ts`; tests hand in functions.
 */
export interface Outbound {
  /** Any status is an answer. Never rejects. */
  request(request: OutboundRequest): Promise<Result<OutboundAnswer, OutboundFailure>>
}

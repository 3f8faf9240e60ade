import type { RawResponse } from '../api/raw-http.ts'
import { ERRORS } from '../schema/errors.ts'

/** Open to pages of every site: what needs a right asks for a key or token, never for a cookie. */
export const OPEN_TO_ALL: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*, Location',
}

const NO_STORE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** A JSON answer of our own paths. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): RawResponse {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...NO_STORE, ...headers },
    body: JSON.stringify(value),
  }
}

/** Codes of our own paths, beside those of the API in `schema/errors.ts`. */
const WEB_ERRORS = {
  InvalidToken: { status: 401, message: 'The channel token is not valid.' },
  InvalidCallLogUrl: { status: 403, message: 'This address of a call log is not valid.' },
  CallLogNotFound: { status: 404, message: 'There is no such call log.' },
  ChannelNotFound: { status: 404, message: 'There is no such channel.' },
  ConnectionNotFound: {
    status: 404,
    message: 'There is no such connection of this user (any more).',
  },
  InvalidOffer: { status: 400, message: 'The SDP offer is not valid.' },
  UnsupportedMediaType: {
    status: 415,
    message: 'The body must be an SDP offer with Content-Type application/sdp.',
  },
  UpgradeRequired: {
    status: 426,
    message: 'This address takes WebSocket handshakes (version 13) only.',
  },
  ExpectationFailed: { status: 417, message: 'The only expectation met is 100-continue.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly message: string }>>

const ALL_ERRORS = { ...ERRORS, ...WEB_ERRORS }

export interface Refusal {
  readonly code: keyof typeof ALL_ERRORS
  /** Instead of the code's standard text. */
  readonly message?: string
  readonly requestId: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An error in the form that every client of the API can read. */
export function refuse(refusal: Refusal): RawResponse {
  const { code, requestId } = refusal
  const { status, message } = ALL_ERRORS[code]
  return jsonAnswer(
    status,
    { RequestId: requestId, Message: refusal.message ?? message, Code: code },
    { ...OPEN_TO_ALL, 'x-acs-request-id': requestId, ...refusal.headers },
  )
}

export const methodNotAllowed = (requestId: string, allow: string): RawResponse =>
  refuse({
    code: 'UnsupportedHTTPMethod',
    message: `This http method is not supported; there are ${allow}.`,
    requestId,
    headers: { allow },
  })

export const unavailable = (requestId: string): RawResponse =>
  refuse({ code: 'ServiceUnavailable', requestId })

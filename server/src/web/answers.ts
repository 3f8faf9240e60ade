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

export interface Refusal {
  readonly code: keyof typeof ERRORS
  /** Instead of the code's standard text. */
  readonly message?: string
  readonly requestId: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An error in the form that every client of the API can read. */
export function refuse(refusal: Refusal): RawResponse {
  const { code, requestId } = refusal
  const { status, message } = ERRORS[code]
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

import type { AnswerFormat } from '../api/parameters.ts'
import type { RawResponse } from '../api/raw-http.ts'
import { renderError } from '../api/render.ts'
import type { ERRORS, ApiError } from '../schema/errors.ts'

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

/** An error in the form that every client of the API can read; {@link toClient} completes it. */
export function refuse(refusal: Refusal): RawResponse {
  const { code, message, requestId } = refusal
  const error: ApiError = { code, ...(message === undefined ? {} : { message }) }
  const { status, headers, body } = renderError(error, { requestId, traceId: '' })
  const { 'content-length': _, 'x-acs-trace-id': __, ...rest } = headers
  return {
    status,
    headers: { ...rest, ...NO_STORE, ...OPEN_TO_ALL, ...refusal.headers },
    body,
    refusal: error,
  }
}

/** Whom an answer goes to, and how. */
export interface Addressee {
  /** The host that the client called. */
  readonly hostId: string
  /** 32 hex digits. */
  readonly traceId: string
  readonly format: AnswerFormat
}

/** A refusal as all errors of the API are: with host and trace, and in the form that was asked for. */
export function toClient(answer: RawResponse, addressee: () => Addressee): RawResponse {
  if (answer.refusal === undefined) return answer
  const requestId = answer.headers['x-acs-request-id'] ?? ''
  const { headers, body } = renderError(answer.refusal, { requestId, ...addressee() })
  const { 'content-length': _, 'content-type': contentType = '', ...rest } = headers
  return { ...answer, headers: { ...rest, ...answer.headers, 'content-type': contentType }, body }
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

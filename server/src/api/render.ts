import type { Lines } from '../operations/operation.ts'
import { messageOf, statusOf, type ApiError } from '../schema/errors.ts'
import { BodyBuffers, writePieces, type Pieces } from './body-buffers.ts'
import type { AnswerFormat } from './parameters.ts'
import type { RawResponse } from './raw-http.ts'
import { toXml } from './xml.ts'

/** What surrounds every answer. */
export interface Envelope {
  readonly requestId: string
  /** 32 hex digits. */
  readonly traceId: string
  /** The host that the client called. */
  readonly hostId: string
  readonly format: AnswerFormat
  /** Names the root of an XML answer. */
  readonly action: string
}

/** What an operation answers: an object, or the members of one (at least one) as JSON
 * text in pieces, ready to be sent. */
export type Answer =
  | Readonly<Record<string, unknown>>
  | { readonly preparedMembers: Pieces }
  | Lines

const buffers = new BodyBuffers()

export function renderAnswer(answer: Answer, envelope: Envelope): RawResponse {
  const { requestId } = envelope
  if (isLines(answer)) return respondWithLines(answer, envelope)
  const prepared = answer['preparedMembers']
  if (!Array.isArray(prepared)) {
    const body = { RequestId: requestId, ...answer }
    if (envelope.format === 'json') return respond(200, JSON.stringify(body), envelope)
    return respond(200, toXml(`${envelope.action}Response`, body), envelope)
  }
  const pieces = [`{"RequestId":"${requestId}",`, ...(prepared as Pieces), '}']
  const { bytes, giveBack } = writePieces(pieces, buffers)
  if (envelope.format === 'json') return { ...respond(200, bytes, envelope), release: giveBack }
  const body = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>
  giveBack()
  return respond(200, toXml(`${envelope.action}Response`, body), envelope)
}

const isLines = (answer: Answer): answer is Lines =>
  'lines' in answer && Object(answer.lines)[Symbol.asyncIterator] !== undefined

function respondWithLines({ lines }: Lines, envelope: Envelope): RawResponse {
  const { 'content-length': _, ...headers } = respond(200, '', envelope).headers
  const contentType = 'application/x-ndjson;charset=utf-8'
  return {
    status: 200,
    headers: { ...headers, 'content-type': contentType },
    body: '',
    stream: lines,
  }
}

/** Also for errors of the HTTP parser, which no operation ever saw; these are always JSON. */
export function renderError(
  error: ApiError,
  envelope: Pick<Envelope, 'requestId' | 'traceId'> & Partial<Envelope>,
): RawResponse {
  const whole: Envelope = { hostId: '', format: 'json', action: '', ...envelope }
  const body = {
    RequestId: whole.requestId,
    Message: messageOf(error),
    Recommend:
      'https://api.aliyun.com/troubleshoot?' +
      `q=${encodeURIComponent(error.code)}&product=ICE&requestId=${whole.requestId}`,
    HostId: whole.hostId,
    Code: error.code,
    ...(error.accessDeniedDetail && { AccessDeniedDetail: error.accessDeniedDetail }),
  }
  const text = whole.format === 'xml' ? toXml('Error', body) : JSON.stringify(body)
  const answer = respond(statusOf(error), text, whole)
  if (error.headers === undefined) return answer
  return { ...answer, headers: { ...answer.headers, ...error.headers } }
}

function respond(status: number, body: string | Uint8Array, envelope: Envelope): RawResponse {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  return {
    status,
    headers: {
      // Clients compare this text letter for letter: no blank.
      'content-type':
        envelope.format === 'xml' ? 'text/xml;charset=utf-8' : 'application/json;charset=utf-8',
      'content-length': String(length),
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
      'x-acs-request-id': envelope.requestId,
      'x-acs-trace-id': envelope.traceId,
    },
    body,
  }
}

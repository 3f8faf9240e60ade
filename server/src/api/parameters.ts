import { fail, ok, type Result } from '../base/result.ts'
import { decodePairs, type Pair } from './percent-encoding.ts'
import type { RawRequest } from './raw-http.ts'
import { parseAuthorization, type Authorization } from './signature-v3.ts'

/** How a request says who sent it. */
export type CredentialKind = 'v3' | 'v1' | 'bearer' | 'anonymous'

/** A request, decoded. Absent and empty values are the same: ''. */
export interface ApiCall {
  readonly request: RawRequest
  readonly path: string
  readonly query: readonly Pair[]
  readonly form: readonly Pair[]
  /** What is wrong with query or form, if anything. */
  readonly malformed: string | undefined
  /** Query and form as one set; of equal names the first. */
  readonly parameters: ReadonlyMap<string, string>
  readonly kind: CredentialKind
  readonly hasAuthorization: boolean
  /** V3 family only; absent when the header is not well formed. */
  readonly authorization: Authorization | undefined
  readonly action: string
  readonly version: string
  readonly accessKeyId: string
  readonly timestamp: string
  readonly nonce: string
  readonly securityToken: string
  /** `Host` as the client wrote it. */
  readonly host: string
  headerValues(name: string): readonly string[]
}

export function readCall(request: RawRequest): ApiCall {
  const { path, text } = splitTarget(request.target)
  const headers = headersOf(request)
  const header = (name: string): string => (headers.get(name)?.[0] ?? '').trim()
  const query = decodePairs(text)
  const form = isForm(header('content-type'))
    ? decodePairs(Buffer.from(request.body).toString('utf8'))
    : ok([])
  const pairs = [...(query.ok ? query.value : []), ...(form.ok ? form.value : [])]
  const parameters = new Map<string, string>()
  for (const [name, value] of pairs) if (!parameters.has(name)) parameters.set(name, value)
  const parameter = (name: string): string => parameters.get(name) ?? ''
  const credentials = header('authorization')
  const kind = kindOf(credentials, parameters, header('x-acs-bearer-token'))
  const authorization = kind === 'v3' ? parseAuthorization(credentials) : undefined
  const either = (inHeader: string, name: string): string =>
    kind === 'v1' ? parameter(name) || header(inHeader) : header(inHeader) || parameter(name)
  return {
    request,
    path,
    query: query.ok ? query.value : [],
    form: form.ok ? form.value : [],
    malformed: query.ok ? (form.ok ? undefined : form.error) : query.error,
    parameters,
    kind,
    hasAuthorization: credentials !== '',
    authorization,
    action: either('x-acs-action', 'Action'),
    version: either('x-acs-version', 'Version'),
    accessKeyId: kind === 'v3' ? (authorization?.accessKeyId ?? '') : parameter('AccessKeyId'),
    timestamp: kind === 'v3' ? header('x-acs-date') : parameter('Timestamp'),
    nonce: kind === 'v3' ? header('x-acs-signature-nonce') : parameter('SignatureNonce'),
    securityToken: kind === 'v3' ? header('x-acs-security-token') : parameter('SecurityToken'),
    host: header('host'),
    headerValues: (name) => headers.get(name) ?? [],
  }
}

function splitTarget(target: string): { readonly path: string; readonly text: string } {
  // Bytes above ASCII arrive one by one where a client did not escape its UTF-8.
  const isBytes = /[\x80-\xff]/.test(target) && !/[\u0100-\uffff]/.test(target)
  const text = isBytes ? Buffer.from(target, 'latin1').toString('utf8') : target
  const absolute = /^https?:\/\/[^/?#]*/i.exec(text)?.[0] ?? ''
  const [whole = ''] = text.slice(absolute.length).split('#', 1)
  const mark = whole.indexOf('?')
  if (mark < 0) return { path: whole || '/', text: '' }
  return { path: whole.slice(0, mark) || '/', text: whole.slice(mark + 1) }
}

function headersOf(request: RawRequest): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>()
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase()
    const values = headers.get(key)
    if (values === undefined) headers.set(key, [value])
    else values.push(value)
  }
  return headers
}

const isForm = (contentType: string): boolean =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)

function kindOf(
  authorization: string,
  parameters: ReadonlyMap<string, string>,
  bearerToken: string,
): CredentialKind {
  if (/^acs/i.test(authorization)) return 'v3'
  if (['Signature', 'AccessKeyId', 'SignatureMethod'].some((name) => parameters.has(name))) {
    return 'v1'
  }
  return bearerToken !== '' || parameters.has('BearerToken') ? 'bearer' : 'anonymous'
}

export type AnswerFormat = 'json' | 'xml'

/** The form of the answer that was asked for; fails when it is one that there is not. */
export function formatOf(call: ApiCall): Result<AnswerFormat, 'unknown'> {
  const format = (call.parameters.get('Format') ?? unreadFormat(call)).trim().toLowerCase()
  if (format === 'json' || format === 'xml') return ok(format)
  if (format !== '') return fail('unknown')
  if (call.kind === 'v1') return ok('xml')
  const accept = call.headerValues('accept').join(',').toLowerCase()
  return ok(quality(accept, 'xml') > quality(accept, 'json') ? 'xml' : 'json')
}

/** The `Format` of a request whose parameters cannot be read as a whole. */
const unreadFormat = (call: ApiCall): string =>
  call.malformed === undefined
    ? ''
    : (/[?&]Format=(json|xml)(?![^&#])/i.exec(call.request.target)?.[1] ?? '')

/** How much an `Accept` header wants a form, 0 to 1; wild cards speak for neither. */
function quality(accept: string, form: AnswerFormat): number {
  let best = 0
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    if (type !== `application/${form}` && type !== `text/${form}`) continue
    const weight = parameters.find((part) => part.startsWith('q='))?.slice(2)
    best = Math.max(best, weight === undefined ? 1 : Number(weight) || 0)
  }
  return best
}

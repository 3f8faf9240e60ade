import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import { OPEN_TO_ALL } from './answers.ts'
import { header, isHost, parseTarget } from './headers.ts'
import type { PageFile, PageFiles } from './page-files.ts'
import type { Sessions } from './session.ts'

/** The pages of the console; which is shown is found by the script itself (`console/src/shell/pages.ts`). */
const PAGE_PATH = /^\/(?:(?:talk|agents|calls|explorer|plug-in)(?:\/[\w%.~-]+)?\/?)?$/

/** At `/`, where the API is too: the token of the start, and the range that the figures are of. */
const isOfHome = (name: string): boolean => name === 'token' || name === 'range'

/**
 * Whether a request is a browser's that wants a page, not one to the API: a page's path, GET, at `/` no query
 * but the page's own, nothing that signs, and `text/html` among what it accepts.
 */
export function wantsPage(request: RawRequest): boolean {
  const { path, query } = parseTarget(request.target)
  if (!PAGE_PATH.test(path)) return false
  if (path === '/' && ![...new URLSearchParams(query).keys()].every(isOfHome)) return false
  return isOfBrowser(request)
}

/** GET, nothing that signs, and `text/html` among what is accepted. */
function isOfBrowser(request: RawRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const signs = ([name]: readonly [string, string]): boolean =>
    /^(authorization$|x-acs-)/i.test(name)
  if (request.headers.some(signs)) return false
  return request.headers.some(
    ([name, value]) => name.toLowerCase() === 'accept' && /text\/html/i.test(value),
  )
}

/** The page; a valid `token` in the query signs the browser in. */
export function answerPage(
  request: RawRequest,
  deps: { readonly page: PageFiles; readonly sessions: Sessions },
): RawResponse {
  const token = new URLSearchParams(parseTarget(request.target).query).get('token')
  // A link checker's HEAD must not use the token up.
  const cookie =
    token === null || request.method !== 'GET' ? undefined : deps.sessions.signIn(request, token)
  const headers = {
    ...securityHeaders(header(request, 'host') ?? ''),
    'cache-control': 'no-store',
    ...(cookie !== undefined && { 'set-cookie': cookie }),
  }
  const { index } = deps.page
  if (index !== undefined) return fileAnswer(request, index, headers)
  return {
    status: 503,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
    body: NOT_BUILT,
  }
}

/** A person who mistyped an address is told so by the console; a program gets the API's answer. */
export function answerNoSuchPage(
  request: RawRequest,
  deps: { readonly page: PageFiles; readonly sessions: Sessions },
): RawResponse | undefined {
  if (!isOfBrowser(request) || !/^\/[^/]/.test(parseTarget(request.target).path)) return undefined
  const answer = answerPage(request, deps)
  return answer.status === 200 ? { ...answer, status: 404 } : answer
}

/** The browser library, which pages of other sites load too. */
const CLIENT_PATH = '/assets/antiphon-client.js'

/** A file of `/assets/`, or `undefined` when there is none of that name. */
export function answerAsset(request: RawRequest, page: PageFiles): RawResponse | undefined {
  const path = decodePath(parseTarget(request.target).path)
  const file = page.assets.get(path)
  if (file === undefined) return undefined
  if (path === CLIENT_PATH) return answerDocument(request, file)
  return fileAnswer(request, file, {
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
}

/** A document for everybody, pages of other sites included: it holds no secrets. */
export const answerDocument = (request: RawRequest, file: PageFile): RawResponse =>
  fileAnswer(request, file, {
    ...OPEN_TO_ALL,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-cache',
  })

function fileAnswer(
  request: RawRequest,
  file: PageFile,
  headers: Readonly<Record<string, string>>,
): RawResponse {
  const isGzipped = file.gzipped !== undefined && acceptsGzip(request)
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': file.contentType,
      ...(file.gzipped && { vary: 'accept-encoding' }),
      ...(isGzipped && { 'content-encoding': 'gzip' }),
    },
    body: (isGzipped && file.gzipped) || file.body,
  }
}

function acceptsGzip(request: RawRequest): boolean {
  const codings = (header(request, 'accept-encoding') ?? '').toLowerCase().split(',')
  return codings.some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(coding))
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
function securityHeaders(host: string): Record<string, string> {
  // Older browsers do not count WebSockets of the same host as 'self'.
  const sockets = isHost(host) ? ` ws://${host} wss://${host}` : ''
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${sockets}`,
    "media-src 'self' blob:",
    "img-src 'self' data:",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>antiphon</title>
<h1>The call page has not been built</h1>
<p>Its files are missing from <code>console/dist</code>. The API works all the same. To build the page,
run <code>npm run build --workspace console</code> and start the server again.</p>
</html>
`

import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import { ERRORS } from '../schema/errors.ts'
import { jsonAnswer } from './answers.ts'
import type { SignedIn, SignInRefusal, Sessions } from './session.ts'

export const SESSION_PATH = '/console/session'
/** An access key and its secret are much shorter. */
export const SESSION_LIMIT_BYTES = 8192

/**
 * `/console/session` of the console's pages: GET tells who is signed in, POST signs in with an access key
 * (`{"AccessKeyId", "AccessKeySecret"}`), DELETE signs out. Only pages of this server may ask.
 */
export function answerSession(
  request: RawRequest,
  requestId: string,
  { sessions }: { readonly sessions: Sessions },
): RawResponse {
  if (!sessions.isFromConsole(request)) return refuse('CrossSiteRequest', requestId)
  switch (request.method) {
    case 'GET': {
      const signedIn = sessions.signedInAs(request)
      if (signedIn !== undefined) return answer(requestId, signedIn)
      // As the API tells it to a page whose session has ended.
      const Message = 'This browser is not signed in.'
      return jsonAnswer(401, { RequestId: requestId, Message, Code: 'MissingAccessKeyId' })
    }
    case 'POST':
      return signIn(request, requestId, sessions)
    case 'DELETE':
      return answer(requestId, {}, { 'set-cookie': sessions.signOut(request) })
    default:
      return refuse('UnsupportedHTTPMethod', requestId, { headers: { allow: 'GET, POST, DELETE' } })
  }
}

function signIn(request: RawRequest, requestId: string, sessions: Sessions): RawResponse {
  const key = readKey(request.body)
  if (key === undefined) {
    const message =
      'The body must be a JSON object with AccessKeyId and AccessKeySecret, both text.'
    return refuse('InvalidParameter', requestId, { message })
  }
  const signedIn = sessions.signInWithKey(request, key)
  if (!signedIn.ok) return refusedKey(signedIn.error, requestId)
  return answer(requestId, { accessKeyId: key.id }, { 'set-cookie': signedIn.value })
}

function refusedKey(refusal: SignInRefusal, requestId: string): RawResponse {
  switch (refusal.reason) {
    case 'wrong':
      return refuse('SignInFailed', requestId)
    case 'inactive':
      return refuse('InvalidAccessKeyId.Inactive', requestId)
    case 'temporary': {
      const message = 'A temporary key of a role cannot sign in; take the key of a user.'
      return refuse('SignInFailed', requestId, { message })
    }
    case 'too-soon': {
      const message = `There were too many wrong keys: try again in ${refusal.waitS} s.`
      const headers = { 'retry-after': String(refusal.waitS) }
      return refuse('Throttling.User', requestId, { message, headers })
    }
  }
}

function readKey(body: Uint8Array): { readonly id: string; readonly secret: string } | undefined {
  try {
    const { AccessKeyId: id, AccessKeySecret: secret } = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(body),
    ) as Readonly<Record<string, unknown>>
    if (typeof id !== 'string' || typeof secret !== 'string') return undefined
    return { id: id.trim(), secret: secret.trim() }
  } catch {
    return undefined
  }
}

function answer(
  requestId: string,
  { accessKeyId, principal }: SignedIn,
  headers: Readonly<Record<string, string>> = {},
): RawResponse {
  const members = {
    RequestId: requestId,
    ...(accessKeyId !== undefined && { AccessKeyId: accessKeyId }),
    ...(principal?.name !== undefined && { UserName: principal.name }),
  }
  return jsonAnswer(200, members, { 'x-acs-request-id': requestId, ...headers })
}

/** Not for pages of other sites to read. */
function refuse(
  code: keyof typeof ERRORS,
  requestId: string,
  more: { readonly message?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): RawResponse {
  const { status, message } = ERRORS[code]
  const body = { RequestId: requestId, Message: more.message ?? message, Code: code }
  return jsonAnswer(status, body, { 'x-acs-request-id': requestId, ...more.headers })
}

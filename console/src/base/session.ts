import { CONSOLE_HEADERS, type Body } from './api.ts'
import { shared } from './value.ts'

/** Whether this browser is signed in; `unknown` until the server has said. */
export const session = shared<'unknown' | 'signed-in' | 'signed-out' | 'server-gone'>('unknown')

/** Whom the session speaks for: a user's key, or (without one) the account. */
export interface Signer {
  readonly accessKeyId?: string
  readonly userName?: string
}

export const signer = shared<Signer>({})

const PATH = '/console/session'
const ANSWER_LIMIT_MS = 10_000

/** An operation said so: the session has ended. */
export function signedOut(): void {
  session.set('signed-out')
}

async function askSession(method: string, body?: object): Promise<Response> {
  return fetch(PATH, {
    method,
    headers: { ...CONSOLE_HEADERS, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  })
}

/** Asks the server whether this browser's session is good. */
export async function checkSession(): Promise<void> {
  try {
    const response = await askSession('GET')
    if (response.ok) {
      const { AccessKeyId: id, UserName: name } = (await response.json()) as Body
      signer.set({
        ...(typeof id === 'string' && { accessKeyId: id }),
        ...(typeof name === 'string' && { userName: name }),
      })
      session.set('signed-in')
    } else session.set(response.status === 401 ? 'signed-out' : 'server-gone')
  } catch {
    session.set('server-gone')
  }
}

export type SignInOutcome =
  | { readonly type: 'signed-in' }
  | { readonly type: 'wrong' | 'inactive' | 'temporary' | 'server-gone' }
  /** Too many wrong keys: not before so many seconds have passed. */
  | { readonly type: 'wait'; readonly seconds: number }

/** Signs in with an access key; the server forgets the secret, and so should the caller. */
export async function signIn(key: {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}): Promise<SignInOutcome> {
  try {
    const { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret } = key
    const response = await askSession('POST', { AccessKeyId, AccessKeySecret })
    if (response.ok) {
      await checkSession()
      return { type: 'signed-in' }
    }
    const { Code: code, Message: message } = (await response.json()) as Body
    if (code === 'Throttling.User') {
      return { type: 'wait', seconds: Number(response.headers.get('retry-after') ?? 1) }
    }
    if (code === 'InvalidAccessKeyId.Inactive') return { type: 'inactive' }
    if (/temporary/.test(String(message))) return { type: 'temporary' }
    return { type: response.status < 500 ? 'wrong' : 'server-gone' }
  } catch {
    return { type: 'server-gone' }
  }
}

/** Ends the session, here and at the server. True when the server has said so. */
export async function signOut(): Promise<boolean> {
  try {
    const response = await askSession('DELETE')
    if (response.ok) signedOut()
    return response.ok
  } catch {
    return false
  }
}

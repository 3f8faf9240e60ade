/** How the pages ask the server: the same operations as everybody, with the session instead of a key. */

export const CALL_API_VERSION = '2020-11-09'
/** Of the operations that are ours. */
export const OWN_API_VERSION = '2026-11-01'

export type ApiFailure =
  | { readonly type: 'signed-out' }
  | { readonly type: 'server-gone' }
  /** The server is there but takes no call now. */
  | { readonly type: 'unavailable' }
  | { readonly type: 'refused'; readonly code: string; readonly message: string }

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: ApiFailure }

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
export type Body = Readonly<Record<string, unknown>>

export interface Operation {
  readonly action: string
  /** `OWN_API_VERSION` when left out. */
  readonly version?: string
  /** Objects are sent as JSON text; what is undefined is left out. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

const ANSWER_LIMIT_MS = 15_000

/** Names this page as the asker, which another site's page cannot; the session travels in its cookie. */
export const CONSOLE_HEADERS = { 'x-antiphon-console': '1', accept: 'application/json' } as const

export async function ask(
  { action, version = OWN_API_VERSION, parameters = {} }: Operation,
  fetch: Fetch = globalThis.fetch.bind(globalThis),
): Promise<Answer<Body>> {
  const query = new URLSearchParams({ Action: action, Version: version, Format: 'JSON' })
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  try {
    const response = await fetch(`/?${query}`, {
      method: 'POST',
      headers: CONSOLE_HEADERS,
      body: form,
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
    const body = (await response.json().catch(() => ({}))) as Body
    if (response.ok) return { ok: true, value: body }
    return { ok: false, failure: failureOf(response.status, body) }
  } catch {
    return { ok: false, failure: { type: 'server-gone' } }
  }
}

function failureOf(status: number, body: Body): ApiFailure {
  const code = String(body['Code'] ?? '')
  if (code === 'MissingAccessKeyId') return { type: 'signed-out' }
  if (status === 503 || status === 429) return { type: 'unavailable' }
  if (status === 502 || status === 504) return { type: 'server-gone' }
  return { type: 'refused', code, message: String(body['Message'] ?? `HTTP ${status}`) }
}

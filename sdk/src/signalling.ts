import { CallError, signallingError } from './call-error.ts'

export interface ChannelAddress {
  /** The server, e.g. `https://calls.example.com`; a path is kept, `''` is the page's own server. */
  readonly baseUrl: string
  readonly channelId: string
  readonly token: string
}

export interface Answer {
  readonly sdp: string
  /** Where to `DELETE` to hang up. */
  readonly location: string
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How long the server may take to answer an offer. */
const ANSWER_LIMIT_MS = 10_000

/** Joins the channel with an offer, in the manner of WHIP. Throws CallError. */
export async function exchangeOffer(
  fetch: Fetch,
  { address, sdp, signal }: { address: ChannelAddress; sdp: string; signal: AbortSignal },
): Promise<Answer> {
  const base = address.baseUrl.replace(/\/+$/, '')
  const url = `${base}/rtc/channels/${encodeURIComponent(address.channelId)}`
  const response = await reach(fetch, url, {
    method: 'POST',
    headers: { authorization: `Bearer ${address.token}`, 'content-type': 'application/sdp' },
    body: sdp,
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
  })
  const body = await response.text().catch(() => '')
  if (response.status !== 201) throw signallingError(response.status, body)
  const location = response.headers.get('location')
  // The address that answered; a test's response has none.
  const answeredBy = response.url === '' ? url : response.url
  return { sdp: body, location: location === null ? '' : resolve(location, answeredBy) }
}

/**
 * Hangs up; with `isStop` the call ends for the server too, though the agent may never have got the message that says
 * so. The request outlives the page, and a server that is gone needs no goodbye.
 */
export async function deleteConnection(
  fetch: Fetch,
  leaving: { readonly location: string; readonly token: string; readonly isStop: boolean },
): Promise<void> {
  if (leaving.location === '') return
  const url = leaving.location + (leaving.isStop ? '?stop=true' : '')
  const headers = { authorization: `Bearer ${leaving.token}` }
  await fetch(url, { method: 'DELETE', headers, keepalive: true }).catch(() => undefined)
}

async function reach(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    throw new CallError('server-gone', error instanceof Error ? error.message : '')
  }
}

function resolve(location: string, base: string): string {
  return URL.canParse(location, base) ? new URL(location, base).href : location
}

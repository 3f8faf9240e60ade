import type { Api } from '../api/handler.ts'
import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import type { Leaving, Signalling } from '../ports/signalling.ts'
import { jsonAnswer, methodNotAllowed, OPEN_TO_ALL, refuse } from './answers.ts'
import { header, parseTarget } from './headers.ts'
import { admit, notAdmitted, signallingFailed, type RtcAccess } from './rtc-access.ts'

/** An SDP offer of a browser with every codec is 5–10 KB. */
export const SDP_LIMIT_BYTES = 64 * 1024

export interface RtcRoutesDeps extends RtcAccess {
  readonly startByToken: Api['startByToken']
  readonly signalling: Pick<Signalling, 'offer' | 'hangUp'>
}

const ID = '([\\w-]{1,64})'
const CHANNEL_PATH = new RegExp(`^/rtc/channels/${ID}$`)
const CONNECTION_PATH = new RegExp(`^/rtc/channels/${ID}/connections/${ID}$`)
const SOCKET_PATH = new RegExp(`^/rtc/channels/${ID}/socket$`)

/** The channel that a socket's path names, or `undefined` when it is no socket's path. */
export const socketChannel = (path: string): string | undefined => SOCKET_PATH.exec(path)?.[1]

/** A request below `/rtc/`; `undefined` when there is nothing of that path. */
export async function answerRtc(
  request: RawRequest,
  requestId: string,
  deps: RtcRoutesDeps,
): Promise<RawResponse | undefined> {
  const { path, query } = parseTarget(request.target)
  const channel = CHANNEL_PATH.exec(path)
  if (channel !== null) {
    if (request.method === 'OPTIONS') return preflight('POST, OPTIONS')
    if (request.method !== 'POST') return methodNotAllowed(requestId, 'POST, OPTIONS')
    return join(request, channel[1] ?? '', requestId, deps)
  }
  const connection = CONNECTION_PATH.exec(path)
  if (connection !== null) {
    if (request.method === 'OPTIONS') return preflight('DELETE, OPTIONS')
    if (request.method !== 'DELETE') return methodNotAllowed(requestId, 'DELETE, OPTIONS')
    const leaving = {
      channelId: connection[1] ?? '',
      connectionId: connection[2] ?? '',
      isStop: new URLSearchParams(query).get('stop') === 'true',
    }
    return leave(request, leaving, requestId, deps)
  }
  if (socketChannel(path) !== undefined) return needsUpgrade(requestId)
  return undefined
}

export const needsUpgrade = (requestId: string): RawResponse =>
  refuse({
    code: 'UpgradeRequired',
    requestId,
    headers: { upgrade: 'websocket', 'sec-websocket-version': '13' },
  })

/** Asked by browsers before a page of another site may call. */
const preflight = (methods: string): RawResponse => ({
  status: 200,
  headers: {
    ...OPEN_TO_ALL,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': 'Authorization, Content-Type',
    'access-control-max-age': '86400',
  },
  body: '',
})

/** In the manner of WHIP, or before that, as JSON, who is to be there: an offer in, an answer out, `Location` to leave. */
async function join(
  request: RawRequest,
  channelId: string,
  requestId: string,
  deps: RtcRoutesDeps,
): Promise<RawResponse> {
  const admission = admit(deps, channelId, bearerToken(request))
  if ('reason' in admission) return notAdmitted(requestId, admission.reason)
  const contentType = header(request, 'content-type')?.split(';')[0]?.trim().toLowerCase()
  if (contentType === 'application/json') return deps.startByToken(request, admission.joining)
  if (contentType !== 'application/sdp') {
    return refuse({ code: 'UnsupportedMediaType', requestId })
  }
  const sdp = new TextDecoder().decode(request.body)
  if (!sdp.startsWith('v=0')) {
    const message = 'The body is not an SDP offer: it must start with v=0.'
    return signallingFailed(requestId, { code: 'bad-offer', message })
  }
  const answer = await deps.signalling.offer(admission.joining, sdp)
  if (!answer.ok) return signallingFailed(requestId, answer.error)
  return {
    status: 201,
    headers: {
      ...OPEN_TO_ALL,
      'content-type': 'application/sdp',
      'cache-control': 'no-store',
      location: `/rtc/channels/${channelId}/connections/${answer.value.connectionId}`,
      'x-acs-request-id': requestId,
    },
    body: answer.value.sdp,
  }
}

async function leave(
  request: RawRequest,
  leaving: Omit<Leaving, 'userId'>,
  requestId: string,
  deps: RtcRoutesDeps,
): Promise<RawResponse> {
  const admission = admit(deps, leaving.channelId, bearerToken(request))
  if ('reason' in admission) return notAdmitted(requestId, admission.reason)
  const { userId } = admission.joining
  if (await deps.signalling.hangUp({ ...leaving, userId })) {
    const headers = { ...OPEN_TO_ALL, 'x-acs-request-id': requestId }
    return jsonAnswer(200, { RequestId: requestId }, headers)
  }
  return refuse({ code: 'ConnectionNotFound', requestId })
}

const bearerToken = (request: RawRequest): string | undefined =>
  /^bearer\s+(.+)$/i.exec(header(request, 'authorization')?.trim() ?? '')?.[1]

import type { Duplex } from 'node:stream'
import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import type { Signalling } from '../ports/signalling.ts'
import { refuse } from './answers.ts'
import { header, parseTarget } from './headers.ts'
import { admit, notAdmitted, signallingFailed, type RtcAccess } from './rtc-access.ts'
import { needsUpgrade, socketChannel } from './rtc-routes.ts'

export interface RtcSocketDeps extends RtcAccess {
  readonly signalling: Pick<Signalling, 'adoptSocket'>
}

/**
 * A WebSocket handshake: `GET /rtc/channels/{ChannelId}/socket?token=…&sampleRate=…`. Either the socket is
 * handed on, before anything is waited for, and the answer is `undefined`; or it is still ours and the answer
 * is to be written on it.
 */
export async function upgradeSocket(
  request: RawRequest,
  connection: { readonly socket: Duplex; readonly head: Uint8Array },
  requestId: string,
  deps: RtcSocketDeps,
): Promise<RawResponse | undefined> {
  const { path, query } = parseTarget(request.target)
  const channelId = socketChannel(path)
  if (channelId === undefined) {
    return refuse({ code: 'InvalidAction.NotFound', requestId })
  }
  const key = header(request, 'sec-websocket-key')?.trim() ?? ''
  const isHandshake =
    request.method === 'GET' &&
    header(request, 'sec-websocket-version')?.trim() === '13' &&
    /^[A-Za-z\d+/]{22}==$/.test(key)
  if (!isHandshake) return needsUpgrade(requestId)

  const parameters = new URLSearchParams(query)
  // Base64 has no blank: one comes of a `+` that the client did not encode.
  const token = parameters.get('token')?.replaceAll(' ', '+')
  const admission = admit(deps, channelId, token)
  if ('reason' in admission) return notAdmitted(requestId, admission.reason)
  const sampleRateHz = readSampleRate(parameters.get('sampleRate'))
  if (sampleRateHz === undefined) {
    const message = 'The specified parameter sampleRate must be 16000, 24000 or 48000.'
    return refuse({ code: 'InvalidParameter', message, requestId })
  }
  const { socket, head } = connection
  const upgrade = { socket, head, key, sampleRateHz }
  const adopted = await deps.signalling.adoptSocket(admission.joining, upgrade)
  return adopted.ok ? undefined : signallingFailed(requestId, adopted.error)
}

const readSampleRate = (text: string | null): 16_000 | 24_000 | 48_000 | undefined =>
  ([16_000, 24_000, 48_000] as const).find((rateHz) => String(rateHz) === (text || '16000'))

import type { RawResponse } from '../api/raw-http.ts'
import type { Clock } from '../base/clock.ts'
import type { Joining, SignallingError } from '../ports/signalling.ts'
import { verifyChannelToken, type RtcApp } from '../schema/channel-token.ts'
import { refuse } from './answers.ts'

export interface RtcAccess {
  readonly rtcApp: RtcApp
  readonly clock: Clock
}

/** Who joins which channel, as far as the token allows it; the error is the reason. */
export function admit(
  access: RtcAccess,
  channelId: string,
  token: string | undefined,
): { readonly joining: Joining } | { readonly reason: string } {
  if (token === undefined || token === '') return { reason: 'A channel token is mandatory here.' }
  const { appId, appKey } = access.rtcApp
  const nowS = Math.floor(access.clock.wallMs() / 1000)
  const verified = verifyChannelToken(token, { appId, appKey, channelId, nowS })
  if (!verified.ok) return { reason: verified.error }
  const { userId, expiresS } = verified.value
  return { joining: { channelId, userId, tokenExpiresS: expiresS } }
}

export const notAdmitted = (requestId: string, reason: string): RawResponse =>
  refuse({
    code: 'InvalidToken',
    message: reason,
    requestId,
    headers: { 'www-authenticate': 'Bearer' },
  })

const SIGNALLING_ERRORS = {
  'no-such-channel': 'ChannelNotFound',
  'bad-offer': 'InvalidOffer',
  unavailable: 'ServiceUnavailable',
} as const

export const signallingFailed = (requestId: string, error: SignallingError): RawResponse =>
  refuse({ code: SIGNALLING_ERRORS[error.code], message: error.message, requestId })

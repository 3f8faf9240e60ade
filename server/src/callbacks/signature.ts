import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/**
 * The headers that identify and sign a delivery, after Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256
 * over id, time and body, joined by dots. Without a secret there is no signature.
 */
export function signatureHeaders(delivery: {
  readonly eventId: string
  /** When it is sent, s since 1970. */
  readonly timestampS: number
  readonly body: string
  readonly signingSecret: string
}): Readonly<Record<string, string>> {
  const { eventId, timestampS, body, signingSecret } = delivery
  const headers = { 'webhook-id': eventId, 'webhook-timestamp': String(timestampS) }
  if (signingSecret === '') return headers
  const key = Buffer.from(signingSecret.replace(PREFIX, ''), 'base64')
  const signed = createHmac('sha256', key).update(`${eventId}.${timestampS}.${body}`)
  return { ...headers, 'webhook-signature': `v1,${signed.digest('base64')}` }
}

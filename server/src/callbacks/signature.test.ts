import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signatureHeaders } from './signature.ts'

test('the signature is that of the published vector of Standard Webhooks', () => {
  const headers = signatureHeaders({
    eventId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestampS: 1614265330,
    body: '{"test": 2432232314}',
    signingSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  assert.deepEqual(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('without a secret an event has an id and a time, but no signature', () => {
  const headers = signatureHeaders({ eventId: 'a-1', timestampS: 5, body: '{}', signingSecret: '' })
  assert.deepEqual(headers, { 'webhook-id': 'a-1', 'webhook-timestamp': '5' })
})

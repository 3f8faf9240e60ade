import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outbound, OutboundRequest } from '../base/outbound.ts'
import { fail, ok } from '../base/result.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import type { NotifyConfig, StoredCallback } from '../ports/callback-store.ts'
import { createDelivery } from './delivery.ts'
import { signatureHeaders } from './signature.ts'

const callback: StoredCallback = {
  callbackNo: 7,
  eventId: 'call-7',
  agentId: 'agent',
  instanceId: 'call',
  event: 'agent_start',
  body: '{"event":"agent_start"}',
  createdMs: 0,
  deadlineMs: 1,
  attempts: 0,
}
const config: NotifyConfig = {
  isEnabled: true,
  callbackUrl: 'https://hooks.example/calls',
  eventTypes: [],
  token: 'my token',
  signingSecret: 'whsec_c2VjcmV0',
  recordsAudio: false,
  audioOssPath: '',
}

async function deliver(
  configured: NotifyConfig | undefined,
  answer: Awaited<ReturnType<Outbound['request']>>,
  event = callback,
) {
  const requests: OutboundRequest[] = []
  const tries = createDelivery({
    callbacks: { notifyConfig: () => Promise.resolve(configured) },
    outbound: {
      request: (request) => {
        requests.push(request)
        return Promise.resolve(answer)
      },
    },
    clock: new SimulatedClock({ wallMs: 1_790_000_000_500 }),
    recordingUrl: ({ instanceId, fileName }) =>
      `https://x.example/${instanceId}/${fileName}?signed`,
  })
  const result = await tries(event, new AbortController().signal)
  return { result, requests }
}
const answered = (status: number) => ok({ status, headers: {}, body: new Uint8Array(3) })

test('an event is posted with the token as it was set, its id and a signature', async () => {
  const { result, requests } = await deliver(config, answered(204))
  assert.deepEqual(result, ok(undefined))
  const [request] = requests
  assert.ok(request)
  assert.deepEqual(
    [request.method, request.url, request.body, request.timeoutMs],
    ['POST', config.callbackUrl, callback.body, 5000],
  )
  assert.deepEqual(request.headers, {
    'content-type': 'application/json',
    'user-agent': 'antiphon',
    'x-ice-notify-id': 'call-7',
    authorization: 'my token',
    ...signatureHeaders({
      eventId: 'call-7',
      timestampS: 1_790_000_000,
      body: callback.body,
      signingSecret: config.signingSecret,
    }),
  })
})

test('without token and secret there are no such headers', async () => {
  const { requests } = await deliver({ ...config, token: '', signingSecret: '' }, answered(200))
  const names = Object.keys(requests[0]?.headers ?? {})
  assert.ok(!names.includes('authorization') && !names.includes('webhook-signature'))
})

test('anything but a 2xx is a failure that says what came', async () => {
  const cases = [
    [answered(500), 'answered 500'],
    [answered(404), 'answered 404'],
    [answered(302), 'answered 302; redirects are not followed'],
    [fail({ code: 'timeout' as const, message: 'h did not answer' }), 'h did not answer'],
  ] as const
  for (const [answer, error] of cases)
    assert.deepEqual((await deliver(config, answer)).result, fail(error))
})

test('nothing is sent while callbacks are switched off or have no address', async () => {
  for (const change of [undefined, { isEnabled: false }, { callbackUrl: '' }]) {
    const configured = change === undefined ? undefined : { ...config, ...change }
    const { result, requests } = await deliver(configured, answered(200))
    assert.equal(result.ok, false)
    assert.equal(requests.length, 0)
  }
})

test('the event of a recording gets an address that is valid when it is sent', async () => {
  const body = '{"event":"full_audio_record","data":{"file":"call.wav","durationMs":900}}'
  const recorded = { ...callback, event: 'full_audio_record' as const, body }
  const { requests } = await deliver(config, answered(200), recorded)
  const sent = String(requests[0]?.body)
  assert.deepEqual(JSON.parse(sent).data, {
    file: 'call.wav',
    durationMs: 900,
    url: 'https://x.example/call/call.wav?signed',
  })
  const { signingSecret } = config
  const signed = { eventId: 'call-7', timestampS: 1_790_000_000, body: sent, signingSecret }
  const { 'webhook-signature': signature } = signatureHeaders(signed)
  assert.equal(requests[0]?.headers?.['webhook-signature'], signature)
})

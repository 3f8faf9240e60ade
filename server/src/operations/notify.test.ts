import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, NOW_MS, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { parseOutboundRules } from '../base/outbound-address.ts'
import { AGENT_ID, agent, instance } from '../ports/store-samples.contract.ts'

const OWN = '2026-11-01'
const URL_SET = 'https://hooks.example/calls?x=1'
type Parameters = Readonly<Record<string, string>>

async function withAgent(setting = ''): Promise<ApiUnderTest> {
  const rules = parseOutboundRules(setting)
  assert.ok(rules.ok)
  const api = apiUnderTest({ outboundRules: rules.value })
  await api.store.putAgent(agent())
  return api
}
const set = async (api: ApiUnderTest, more: Parameters = {}) => {
  const base = { AIAgentId: AGENT_ID, EnableNotify: 'true', CallbackUrl: URL_SET }
  const { json } = await api.call('SetNotifyConfig', { ...base, ...more })
  return json
}
const described = async (api: ApiUnderTest) => {
  const { json, status } = await api.call('DescribeNotifyConfig', { AIAgentId: AGENT_ID })
  assert.equal(status, 200)
  const { RequestId, ...rest } = json
  assert.equal(typeof RequestId, 'string')
  return rest
}

test('an agent whose callbacks were never set has none', async () => {
  assert.deepEqual(await described(await withAgent()), {
    EnableNotify: false,
    CallbackUrl: '',
    EventTypes: '',
    Token: '',
    AudioOssPath: '',
    EnableAudioRecording: false,
  })
})

test('what is set is described; what is not given stays; what is given empty is unset', async () => {
  const api = await withAgent()
  const full = {
    EventTypes: 'agent_stop, error,agent_stop',
    Token: 'Bearer abc',
    EnableAudioRecording: 'true',
    AudioOssPath: 'oss://bucket/path',
  }
  assert.deepEqual(Object.keys(await set(api, full)), ['RequestId'])
  const expected = {
    EnableNotify: true,
    CallbackUrl: URL_SET,
    EventTypes: 'agent_stop,error',
    Token: 'Bearer abc',
    AudioOssPath: 'oss://bucket/path',
    EnableAudioRecording: true,
  }
  assert.deepEqual(await described(api), expected)
  const off = { AIAgentId: AGENT_ID, EnableNotify: 'false' }
  await api.call('SetNotifyConfig', off)
  assert.deepEqual(await described(api), { ...expected, EnableNotify: false })
  await api.call('SetNotifyConfig', { ...off, EventTypes: '', Token: '', AudioOssPath: '' })
  assert.deepEqual(await described(api), {
    ...expected,
    EnableNotify: false,
    EventTypes: '',
    Token: '',
    AudioOssPath: '',
  })
})

const WRONG: readonly (readonly [Parameters, string, RegExp])[] = [
  [{ AIAgentId: '' }, 'MissingAIAgentId', /AIAgentId/],
  [{ AIAgentId: 'f'.repeat(32) }, 'AgentNotFound', /./],
  [{ EnableNotify: '' }, 'MissingEnableNotify', /EnableNotify/],
  [{ EnableNotify: 'maybe' }, 'InvalidParameter', /EnableNotify.*true or false/],
  [{ CallbackUrl: '' }, 'MissingCallbackUrl', /CallbackUrl/],
  [{ CallbackUrl: 'ftp://x/' }, 'InvalidParameter', /CallbackUrl.*http:\/\/ or https:\/\//],
  [{ CallbackUrl: 'hooks.example' }, 'InvalidParameter', /CallbackUrl/],
  [{ CallbackUrl: 'https://a:b@x.example/' }, 'InvalidParameter', /user name/],
  [{ CallbackUrl: 'http://127.0.0.1:80/' }, 'InvalidParameter', /ANTIPHON_OUTBOUND_PRIVATE/],
  [{ CallbackUrl: 'http://[::1]/' }, 'InvalidParameter', /private/],
  [{ CallbackUrl: 'http://0x7f.1/' }, 'InvalidParameter', /private/],
  [{ CallbackUrl: `https://x.example/${'a'.repeat(2031)}` }, 'InvalidParameter', /2048/],
  [{ EventTypes: 'agent_start,agent_end' }, 'InvalidParameter', /EventTypes.*got: agent_end/],
  [{ Token: 'a\r\nX: y' }, 'InvalidParameter', /Token/],
  [{ Token: 'ü' }, 'InvalidParameter', /Token.*ASCII/],
]

test('what cannot be set is refused, with the parameter named, and nothing changes', async () => {
  const api = await withAgent()
  for (const [parameters, code, message] of WRONG) {
    const json = await set(api, parameters)
    assert.equal(json['Code'], code, JSON.stringify(parameters))
    assert.match(String(json['Message']), message)
  }
  assert.equal((await described(api))['CallbackUrl'], '')
  const longest = `https://x.example/${'a'.repeat(2030)}`
  assert.equal((await set(api, { CallbackUrl: longest }))['Code'], undefined)
})

test('a private address can be set where the operator allows it', async () => {
  const api = await withAgent('127.0.0.0/8')
  assert.equal((await set(api, { CallbackUrl: 'http://127.0.0.1:80/' }))['Code'], undefined)
  assert.equal((await set(api, { CallbackUrl: 'http://10.0.0.1/' }))['Code'], 'InvalidParameter')
})

test('a signing secret is shown when it is made; the rest of the configuration stays', async () => {
  const api = await withAgent()
  await set(api, { Token: 't' })
  const before = await described(api)
  const secrets: unknown[] = []
  for (const _ of [1, 2]) {
    const { json } = await api.call('CreateCallbackSecret', { AIAgentId: AGENT_ID }, OWN)
    assert.match(String(json['SigningSecret']), /^whsec_[A-Za-z0-9+/]{43}=$/)
    secrets.push(json['SigningSecret'])
  }
  assert.notEqual(secrets[0], secrets[1])
  assert.deepEqual(await described(api), before)
  const stored = await api.store.callbacks.notifyConfig(AGENT_ID)
  assert.equal(stored?.signingSecret, secrets[1])
  await set(api, { Token: 'u' })
  const later = await api.store.callbacks.notifyConfig(AGENT_ID)
  assert.equal(later?.signingSecret, secrets[1])
})

test('failed events are listed and sent again', async () => {
  const api = await withAgent()
  await set(api)
  const { instanceId } = instance()
  await api.store.createInstance(instance())
  await api.store.recordCall(instanceId, [
    { type: 'ready', atMs: NOW_MS },
    { type: 'finished', atMs: NOW_MS + 9, reason: 'idle' },
  ])
  const { callbacks } = api.store
  const [due] = await callbacks.nextCallbacks(AGENT_ID, 1)
  const outcome = { type: 'failed', atMs: NOW_MS + 60_000, error: 'answered 500' } as const
  await callbacks.settleCallback(due?.callback.callbackNo ?? 0, outcome)

  const list = async (parameters: Parameters = {}) =>
    (await api.call('ListCallbacks', parameters, OWN)).json
  const failed = await list({ AIAgentId: AGENT_ID })
  assert.equal(failed['TotalCount'], 1)
  const [one] = failed['Callbacks'] as Record<string, unknown>[]
  const { Body, EventId, ...rest } = one ?? {}
  assert.equal(JSON.parse(String(Body)).event, 'agent_start')
  assert.deepEqual(rest, {
    AIAgentId: AGENT_ID,
    InstanceId: instanceId,
    Event: 'agent_start',
    Attempts: 1,
    LastError: 'answered 500',
    GmtCreate: '2026-03-01T12:00:05.000+00:00',
    GmtFailed: '2026-03-01T12:01:05.000+00:00',
  })
  assert.equal((await list({ Status: 'Waiting', InstanceId: instanceId }))['TotalCount'], 1)
  assert.equal((await list({ InstanceId: 'other' }))['TotalCount'], 0)
  assert.equal((await list({ Status: 'Lost' }))['Code'], 'InvalidParameter')

  const resend = async (parameters: Parameters) =>
    (await api.call('ResendCallbacks', parameters, OWN)).json
  assert.equal((await resend({}))['Code'], 'MissingAIAgentId')
  assert.equal((await resend({ EventIds: '["other"]' }))['ResentCount'], 0)
  const resent = await resend({ EventIds: JSON.stringify([EventId]) })
  assert.deepEqual([resent['ResentCount'], resent['RemainingCount']], [1, 0])
  assert.equal((await list())['TotalCount'], 0)
  const [next] = await callbacks.nextCallbacks(AGENT_ID, 1)
  assert.equal(next?.callback.eventId, EventId)
})

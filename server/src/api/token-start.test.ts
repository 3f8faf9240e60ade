import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, NOW_MS, RTC_APP, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { verifyChannelToken } from '../schema/channel-token.ts'
import type { ApiDeps } from './handler.ts'

const HOLDER = { channelId: 'room-1', userId: 'alice' }

async function agentOf(api: ApiUnderTest, AgentConfig = '{"Greeting":"Hi"}'): Promise<string> {
  const made = await api.call('CreateAIAgent', { Name: 'A', AgentConfig }, '2026-11-01')
  return String(made.json['AIAgentId'])
}

async function start(
  { api }: ApiUnderTest,
  body: unknown,
): Promise<{ readonly status: number; readonly json: Record<string, string> }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const request = {
    method: 'POST',
    target: '/rtc/channels/room-1',
    headers: [['host', 'h']] as const,
    body: Buffer.from(text),
    isSecure: false,
    remoteAddress: '127.0.0.1',
  }
  const { status, body: answer } = await api.startByToken(request, HOLDER)
  return { status, json: JSON.parse(String(answer)) }
}

const open = (change: Omit<Partial<ApiDeps>, 'store'> = {}): ApiUnderTest =>
  apiUnderTest({ mayStartByToken: () => true, ...change })

test('an agent comes into the channel of the token, with the configuration that was given', async () => {
  const api = open()
  const AIAgentId = await agentOf(api)
  const { status, json } = await start(api, {
    AIAgentId,
    Expire: '600',
    AgentConfig: '{"Volume":"50"}',
    TemplateConfig: { VoiceChat: { AsrMaxSilence: 500 } },
    UserData: 'mine',
    SessionId: 's-1',
    ChatSyncConfig: {},
  })
  assert.deepEqual([status, json['code']], [200, '200'])
  const { InstanceId, AIAgentUserId, ...rest } = JSON.parse(json['data'] ?? '')
  assert.deepEqual(rest, { ChannelId: 'room-1' })
  const [spec] = api.calls.started
  assert.deepEqual([spec?.instanceId, spec?.agentUserId], [InstanceId, AIAgentUserId])
  assert.deepEqual([spec?.channelId, spec?.tokenLifeS, spec?.userData], ['room-1', 600, 'mine'])
  const described = await api.call('DescribeAIAgentInstance', { InstanceId })
  const instance = described.json['Instance'] as Record<string, Record<string, unknown>>
  assert.deepEqual(instance['AgentConfig'], {
    Greeting: 'Hi',
    AsrConfig: { AsrMaxSilence: 500 },
    Volume: 50,
  })
  assert.equal(instance['SessionId'], 's-1')
  // The agent's own token is a good one.
  const token = String(instance['RuntimeConfig']?.['AuthToken'])
  const expected = { ...RTC_APP, channelId: 'room-1', userId: AIAgentUserId, nowS: NOW_MS / 1000 }
  assert.ok(verifyChannelToken(token, expected).ok)
})

test('Expire is a day unless it is said, and the agent may be given its name', async () => {
  const api = open()
  const AIAgentId = await agentOf(api)
  await start(api, { AIAgentId, AIAgentUserId: 'robot' })
  const [spec] = api.calls.started
  assert.deepEqual([spec?.tokenLifeS, spec?.agentUserId], [86_400, 'robot'])
  assert.equal(
    (await start(api, { AIAgentId, AIAgentUserId: 'robot' })).json['code'],
    'InstanceAlreadyExists',
  )
})

test('what is wrong is told by code and message', async () => {
  const api = open()
  const AIAgentId = await agentOf(api)
  const code = async (body: unknown): Promise<unknown> => {
    const { status, json } = await start(api, body)
    assert.ok(json['message'] && json['requestId'], JSON.stringify(json))
    return [status, json['code']]
  }
  assert.deepEqual(await code('nonsense'), [400, 'InvalidParameter'])
  assert.deepEqual(await code([]), [400, 'InvalidParameter'])
  assert.deepEqual(await code({}), [400, 'MissingAIAgentId'])
  assert.deepEqual(await code('{"__proto__":{"AIAgentId":"x"}}'), [400, 'MissingAIAgentId'])
  assert.deepEqual(await code({ AIAgentId: '0'.repeat(32) }), [404, 'AgentNotFound'])
  assert.deepEqual(await code({ AIAgentId, Expire: 604_801 }), [400, 'InvalidParameter'])
  assert.deepEqual(await code({ AIAgentId, AIAgentUserId: 'a b' }), [400, 'InvalidParameter'])
  assert.deepEqual(await code({ AIAgentId, AIAgentUserId: 'alice' }), [400, 'InvalidParameter'])
  assert.deepEqual(await code({ AIAgentId, AgentConfig: { Volume: 401 } }), [
    400,
    'InvalidParameter',
  ])
  assert.equal(api.calls.started.length, 0)
})

test('only agents that the operator has opened can be started, and not without end', async () => {
  const closed = apiUnderTest()
  const refused = await start(closed, { AIAgentId: await agentOf(closed) })
  assert.deepEqual([refused.status, refused.json['code']], [403, 'NoPermission'])
  assert.match(refused.json['message'] ?? '', /ANTIPHON_START_BY_TOKEN/)

  const perOperation = new Map([['GenerateAIAgentCall', 2]])
  const limited = open({ rateLimits: { perSecond: Infinity, perOperation } })
  const AIAgentId = await agentOf(limited)
  const codes: unknown[] = []
  for (let count = 0; count < 3; count += 1)
    codes.push((await start(limited, { AIAgentId })).json['code'])
  assert.deepEqual(codes, ['200', '200', 'Throttling.User'])
})

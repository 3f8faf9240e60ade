import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { apiUnderTest, NOW_MS, RTC_APP, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { fail } from '../base/result.ts'
import type { AgentRecord } from '../ports/store.ts'
import { makeChannelToken, verifyChannelToken } from '../schema/channel-token.ts'
import { findOperation } from './table.ts'

const AGENT: AgentRecord = {
  agentId: 'a'.repeat(32),
  name: 'Zoë',
  type: 'VoiceChat',
  agentConfig: JSON.stringify({ Greeting: 'Hello', AsrConfig: { AsrMaxSilence: 500 } }),
  providers: '{}',
  createdMs: NOW_MS,
  modifiedMs: NOW_MS,
}
const ID = { AIAgentId: AGENT.agentId }

async function setUp(agent: Partial<AgentRecord> = {}): Promise<ApiUnderTest> {
  const api = apiUnderTest()
  await api.store.putAgent({ ...AGENT, ...agent })
  return api
}

const token = (change: Partial<Parameters<typeof makeChannelToken>[0]> = {}): string =>
  makeChannelToken({
    ...RTC_APP,
    channelId: 'channel',
    userId: 'agent',
    expiresS: NOW_MS / 1000 + 60,
    ...change,
  })
const JOINING = { ChannelId: 'channel', AgentUserId: 'agent', AuthToken: token() }
const RUNTIME = { RuntimeConfig: JSON.stringify(JOINING) }

const refusal = async (
  { call }: ApiUnderTest,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> => {
  const { status, json } = await call(action, parameters)
  return `${status} ${String(json['Code'])}: ${String(json['Message'])}`
}

/** The one instance that the list shows. */
async function listed({ call }: ApiUnderTest): Promise<Record<string, unknown>> {
  const { json } = await call('ListAIAgentInstance', ID)
  const output = findOperation('2020-11-09', 'ListAIAgentInstance')?.output ?? {}
  assert.ok(Value.Check(output, json), JSON.stringify(json))
  const [instance, ...others] = json['Instances'] as Record<string, unknown>[]
  assert.ok(instance !== undefined && others.length === 0)
  return instance
}

test('GenerateAIAgentCall makes a channel, its names and a token, and starts the call', async () => {
  const api = await setUp()
  const { status, json } = await api.call('GenerateAIAgentCall', { ...ID, UserData: '{"k":1}' })
  assert.equal(status, 200)
  const output = findOperation('2020-11-09', 'GenerateAIAgentCall')?.output ?? {}
  assert.ok(Value.Check(output, json))
  const answer = json as Record<string, string>
  for (const name of ['InstanceId', 'ChannelId', 'AIAgentUserId', 'UserId']) {
    assert.match(answer[name] ?? '', /^[0-9a-f]{32}$/, name)
  }
  const verified = verifyChannelToken(answer['Token'] ?? '', {
    ...RTC_APP,
    channelId: answer['ChannelId'] ?? '',
    userId: answer['UserId'] ?? '',
    nowS: NOW_MS / 1000,
  })
  assert.ok(verified.ok && verified.value.expiresS === NOW_MS / 1000 + 3600)
  assert.deepEqual(api.calls.started, [
    {
      instanceId: answer['InstanceId'],
      agentId: AGENT.agentId,
      type: 'VoiceChat',
      channelId: answer['ChannelId'],
      agentUserId: answer['AIAgentUserId'],
      agentConfig: AGENT.agentConfig,
      providers: '{}',
      userData: '{"k":1}',
      createdMs: NOW_MS,
      tokenLifeS: 3600,
    },
  ])
  const instance = await listed(api)
  assert.equal(instance['Status'], 'Created')
  assert.equal(instance['UserData'], '{"k":1}')
  assert.ok(!('CallLogUrl' in instance))
  const runtime = instance['RuntimeConfig'] as Record<string, unknown>
  assert.equal(runtime['ChannelId'], answer['ChannelId'])
  assert.equal(runtime['AgentUserId'], answer['AIAgentUserId'])
  const { VoiceChat: nested, ...flat } = runtime
  assert.deepEqual(nested, flat)
})

test('UserId and Expire of GenerateAIAgentCall have bounds', async () => {
  const api = await setUp()
  const of = (parameters: Record<string, string>) =>
    api.call('GenerateAIAgentCall', { ...ID, ...parameters })
  for (const right of [{ UserId: 'u'.repeat(64) }, { UserId: ' a_B-1 ' }]) {
    assert.equal((await of(right)).json['UserId'], right.UserId.trim())
  }
  for (const right of ['0', '604800', '']) assert.equal((await of({ Expire: right })).status, 200)
  for (const wrong of [{ UserId: 'u'.repeat(65) }, { UserId: 'a b' }, { UserId: '用户' }]) {
    const { json } = await of(wrong)
    assert.match(String(json['Message']), /parameter UserId value is not valid: allowed/)
  }
  for (const wrong of ['-1', '604801', '1.5', 'day']) {
    assert.match(
      await refusal(api, 'GenerateAIAgentCall', { ...ID, Expire: wrong }),
      /^400 InvalidParameter: .*Expire .*integers from 0 to 604800; got: "/,
    )
  }
})

test('StartAIAgentInstance joins the channel that its caller names, flat or nested, object or text', async () => {
  for (const runtime of [
    JOINING,
    { VoiceChat: JOINING },
    { VoiceChat: JSON.stringify(JOINING) },
    { AvatarChat3D: JOINING },
    { ...JOINING, ChannelId: ' channel\n' },
  ]) {
    const api = await setUp()
    const { status, json } = await api.call('StartAIAgentInstance', {
      ...ID,
      RuntimeConfig: JSON.stringify(runtime),
    })
    assert.equal(status, 200, JSON.stringify(json))
    const [spec] = api.calls.started
    assert.equal(spec?.channelId, 'channel')
    assert.equal(spec?.agentUserId, 'agent')
    const given = (await listed(api))['RuntimeConfig'] as Record<string, unknown>
    // What was passed comes back, white space and all, in both places.
    const channelId = 'ChannelId' in runtime ? runtime.ChannelId : 'channel'
    assert.equal(given['ChannelId'], channelId)
    assert.equal((given['VoiceChat'] as Record<string, unknown>)['ChannelId'], channelId)
    assert.equal(given['AuthToken'], JOINING.AuthToken)
  }
})

test('an AuthToken that is not right in every part is refused with its reason', async () => {
  const api = await setUp()
  const cases: readonly [authToken: string, reason: RegExp][] = [
    ['garbage!', /not Base64/],
    [token({ appId: 'other' }), /another application/],
    [token({ appKey: 'other' }), /signature/],
    [token({ channelId: 'other' }), /another channel/],
    [token({ userId: 'other' }), /another user/],
    [token({ expiresS: NOW_MS / 1000 }), /expired/],
  ]
  for (const [AuthToken, reason] of cases) {
    const RuntimeConfig = JSON.stringify({ ...JOINING, AuthToken })
    const text = await refusal(api, 'StartAIAgentInstance', { ...ID, RuntimeConfig })
    assert.match(text, /^400 InvalidAuthToken: RuntimeConfig\.AuthToken/)
    assert.match(text, reason)
  }
  assert.equal(api.calls.started.length, 0)
})

test('a RuntimeConfig that lacks something says what', async () => {
  const api = await setUp()
  const start = (RuntimeConfig: string) =>
    refusal(api, 'StartAIAgentInstance', { ...ID, RuntimeConfig })
  assert.match(await start(''), /^400 MissingRuntimeConfig/)
  assert.match(await start('{}'), /^400 InvalidParameter: .*RuntimeConfig\.AgentUserId/)
  assert.match(await start('[]'), /^400 InvalidParameter: .*RuntimeConfig .*a JSON object/)
  for (const ChannelId of ['', 'a b', 'c'.repeat(65)]) {
    const text = await start(JSON.stringify({ ...JOINING, ChannelId }))
    assert.match(text, /^400 InvalidParameter: .*RuntimeConfig\.ChannelId/)
  }
})

test('the same agent name cannot be in a channel twice, another one can', async () => {
  const api = await setUp()
  assert.equal((await api.call('StartAIAgentInstance', { ...ID, ...RUNTIME })).status, 200)
  assert.match(
    await refusal(api, 'StartAIAgentInstance', { ...ID, ...RUNTIME }),
    /^409 InstanceAlreadyExists/,
  )
  const other = { ...JOINING, AgentUserId: 'agent2', AuthToken: token({ userId: 'agent2' }) }
  const RuntimeConfig = JSON.stringify(other)
  assert.equal((await api.call('StartAIAgentInstance', { ...ID, RuntimeConfig })).status, 200)
})

test('of two starts at the same moment for the same name, one wins', async () => {
  const api = await setUp()
  const starts = [1, 2].map(() => api.call('StartAIAgentInstance', { ...ID, ...RUNTIME }))
  const statuses = (await Promise.all(starts)).map(({ status }) => status)
  assert.deepEqual(statuses.sort(), [200, 409])
  assert.equal(api.calls.started.length, 1)
  const { json } = await api.call('ListAIAgentInstance', ID)
  const all = (json['Instances'] as { Status: string }[]).map(({ Status }) => Status)
  assert.deepEqual(all.sort(), ['Created', 'Finished'])
})

test('the agent, the deprecated form and the current form are laid over each other', async () => {
  const api = await setUp()
  const { status } = await api.call('GenerateAIAgentCall', {
    ...ID,
    TemplateConfig: JSON.stringify({
      VoiceChat: { AsrMaxSilence: 300, VoiceId: 'from template', VadLevel: 5, CharBreak: true },
      VisionChat: { AsrMaxSilence: 9 },
    }),
    AgentConfig: JSON.stringify({ TtsConfig: { VoiceId: 'nobody knows me\n' }, Mine: { a: 1 } }),
  })
  assert.equal(status, 200)
  const instance = await listed(api)
  assert.deepEqual(instance['AgentConfig'], {
    Greeting: 'Hello',
    CharBreak: true,
    Mine: { a: 1 },
    AsrConfig: { AsrMaxSilence: 300, VadLevel: 5 },
    TtsConfig: { VoiceId: 'nobody knows me\n' },
  })
  assert.deepEqual(instance['TemplateConfig'], {
    VoiceChat: {
      Greeting: 'Hello',
      AsrMaxSilence: 300,
      VadLevel: 5,
      VoiceId: 'nobody knows me\n',
      CharBreak: true,
    },
  })
})

test('dotted parameters are understood as well', async () => {
  const api = await setUp()
  await api.call('GenerateAIAgentCall', { ...ID, 'AgentConfig.AsrConfig.AsrHotWords.1': 'kiwi' })
  const config = (await listed(api))['AgentConfig'] as Record<string, unknown>
  assert.deepEqual(config['AsrConfig'], { AsrMaxSilence: 500, AsrHotWords: ['kiwi'] })
})

test('the published sample starts a call once its language is one that there is', async () => {
  const file = new URL('../../test/data/sample-list-response.json', import.meta.url)
  const sample = JSON.parse(readFileSync(file, 'utf8')) as {
    Instances: [{ AgentConfig: Record<string, unknown>; TemplateConfig: object }]
  }
  const [{ AgentConfig, TemplateConfig }] = sample.Instances
  const start = { ...ID, TemplateConfig: JSON.stringify(TemplateConfig) }
  const refused = await setUp({ agentConfig: '{}' })
  assert.match(
    await refusal(refused, 'GenerateAIAgentCall', {
      ...start,
      AgentConfig: JSON.stringify(AgentConfig),
    }),
    /^400 InvalidParameter: .*AsrConfig\.AsrLanguageId .*"moonshine" knows en; got: "zh_mandarin".*Ways out: set .*UpdateAIAgent/,
  )
  const api = await setUp({ agentConfig: '{}', providers: '{"asr":{"provider":"scripted"}}' })
  const { status } = await api.call('GenerateAIAgentCall', {
    ...start,
    AgentConfig: JSON.stringify(AgentConfig),
  })
  assert.equal(status, 200)
  const given = (await listed(api))['AgentConfig'] as Record<string, unknown>
  // What the deprecated form alone says is added, the rest comes back as it was sent.
  assert.deepEqual(
    { ...given, CharBreak: undefined, VoiceprintConfig: undefined },
    {
      ...AgentConfig,
      CharBreak: undefined,
      VoiceprintConfig: undefined,
    },
  )
})

test('settings out of range are refused by their path, in either form', async () => {
  const api = await setUp()
  const generate = (name: string, value: object) =>
    refusal(api, 'GenerateAIAgentCall', { ...ID, [name]: JSON.stringify(value) })
  assert.equal(
    await generate('AgentConfig', { AsrConfig: { AsrMaxSilence: 199 } }),
    '400 InvalidParameter: The specified parameter AgentConfig.AsrConfig.AsrMaxSilence value is not ' +
      'valid: allowed: integers from 200 to 1200; got: 199.',
  )
  assert.match(
    await generate('TemplateConfig', { VoiceChat: { AsrMaxSilence: 1201 } }),
    /parameter TemplateConfig\.VoiceChat\.AsrMaxSilence value/,
  )
  assert.match(
    await generate('AgentConfig', { AutoSpeechConfig: { UserIdle: { WaitTime: 5000 } } }),
    /AgentConfig\.AutoSpeechConfig\.UserIdle\.MaxRepeats .*must be given/,
  )
  const notJson = await refusal(api, 'GenerateAIAgentCall', { ...ID, AgentConfig: '{"a"' })
  assert.match(notJson, /^400 InvalidParameter: .*AgentConfig .*a JSON object/)
  assert.equal(api.calls.started.length, 0)
})

test('a call that cannot start is recorded as finished, and the reason is told', async () => {
  const api = await setUp()
  api.calls.outcome = () =>
    Promise.resolve(fail({ code: 'unavailable', message: 'All workers are busy.' }))
  assert.equal(
    await refusal(api, 'GenerateAIAgentCall', ID),
    '503 ServiceUnavailable: All workers are busy.',
  )
  assert.equal((await listed(api))['Status'], 'Finished')
  const parameter = 'AgentConfig.AsrConfig.CustomParams'
  api.calls.outcome = () =>
    Promise.resolve(fail({ code: 'unsupported', parameter, message: 'there is no such mode' }))
  assert.match(
    await refusal(api, 'GenerateAIAgentCall', ID),
    /^400 InvalidParameter: .*AsrConfig\.CustomParams .*there is no such mode\.$/,
  )
  api.calls.outcome = () => Promise.reject(new Error('a bug'))
  assert.match(await refusal(api, 'GenerateAIAgentCall', ID), /^500 InternalError: The request/)
  const { json } = await api.call('ListAIAgentInstance', ID)
  const all = json['Instances'] as { Status: string }[]
  assert.deepEqual(new Set(all.map(({ Status }) => Status)), new Set(['Finished']))
})

test('agents that are unknown or deleted start no calls', async () => {
  const api = await setUp({ deletedMs: NOW_MS })
  const notFound = '404 AgentNotFound: The specified agentId is not found'
  for (const AIAgentId of [AGENT.agentId, 'b'.repeat(32)]) {
    assert.equal(await refusal(api, 'GenerateAIAgentCall', { AIAgentId }), notFound)
    assert.equal(await refusal(api, 'StartAIAgentInstance', { AIAgentId, ...RUNTIME }), notFound)
  }
  for (const action of ['GenerateAIAgentCall', 'StartAIAgentInstance', 'ListAIAgentInstance']) {
    for (const AIAgentId of ['', '  ']) {
      assert.match(await refusal(api, action, { AIAgentId }), /^400 MissingAIAgentId: AIAgentId is/)
    }
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { apiUnderTest, NOW_MS, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { findOperation } from './table.ts'

const AGENT_ID = 'a'.repeat(32)

async function setUp(): Promise<ApiUnderTest> {
  const api = apiUnderTest()
  await api.store.putAgent({
    agentId: AGENT_ID,
    name: 'Zoë',
    type: 'VoiceChat',
    agentConfig: '{"Greeting":"Hello","TtsConfig":{"VoiceId":"v"}}',
    providers: '{}',
    createdMs: NOW_MS,
    modifiedMs: NOW_MS,
  })
  return api
}

async function generate(
  { call }: ApiUnderTest,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { json } = await call('GenerateAIAgentCall', { AIAgentId: AGENT_ID, ...parameters })
  return String(json['InstanceId'])
}

async function describe(
  { call }: ApiUnderTest,
  InstanceId: string,
): Promise<Record<string, unknown>> {
  const { json } = await call('DescribeAIAgentInstance', { InstanceId })
  const output = findOperation('2020-11-09', 'DescribeAIAgentInstance')?.output ?? {}
  assert.ok(Value.Check(output, json), JSON.stringify(json))
  return json['Instance'] as Record<string, unknown>
}

const finish = ({ store, clock }: ApiUnderTest, instanceId: string): Promise<void> =>
  store.recordCall(instanceId, [{ type: 'finished', atMs: clock.wallMs(), reason: 'client-stop' }])

test('DescribeAIAgentInstance tells all there is, and nothing that nobody set', async () => {
  const api = await setUp()
  const plain = await describe(api, await generate(api))
  assert.deepEqual(Object.keys(plain).sort(), [
    'AgentConfig',
    'GmtCreate',
    'GmtModified',
    'RuntimeConfig',
    'SessionId',
    'Status',
    'TemplateConfig',
  ])
  assert.equal(plain['SessionId'], '')
  assert.equal(plain['GmtCreate'], '2026-03-01T12:00:05.000+00:00')
  const id = await generate(api, { SessionId: 's', UserData: 'kept <unchanged>\n' })
  const full = await describe(api, ` ${id}\n`)
  assert.equal(full['SessionId'], 's')
  assert.equal(full['UserData'], 'kept <unchanged>\n')
})

test('the status moves on, and the address of the log comes with the end', async () => {
  const api = await setUp()
  const id = await generate(api)
  assert.equal((await describe(api, id))['Status'], 'Created')
  await api.store.recordCall(id, [{ type: 'executing', atMs: NOW_MS }])
  const executing = await describe(api, id)
  assert.equal(executing['Status'], 'Executing')
  assert.ok(!('CallLogUrl' in executing))
  await finish(api, id)
  const url = `http://127.0.0.1:8090/logs/${id}.json?signature=x`
  assert.equal((await describe(api, id))['CallLogUrl'], url)
  const { json } = await api.call('ListAIAgentInstance', { AIAgentId: AGENT_ID })
  const [instance] = json['Instances'] as Record<string, unknown>[]
  assert.equal(instance?.['CallLogUrl'], url)
})

test('UpdateAIAgentInstance merges as a start does, stores it and tells the call', async () => {
  const api = await setUp()
  const id = await generate(api, { UserData: 'before' })
  api.clock.advance(1500)
  const { status } = await api.call('UpdateAIAgentInstance', {
    InstanceId: id,
    AgentConfig: '{"TtsConfig":{"SpeechRate":"1.5"},"Greeting":""}',
    TemplateConfig: '{"VoiceChat":{"VoiceId":"w","AsrMaxSilence":200}}',
    UserData: 'after',
  })
  assert.equal(status, 200)
  const config = {
    Greeting: 'Hello',
    TtsConfig: { VoiceId: 'w', SpeechRate: 1.5 },
    AsrConfig: { AsrMaxSilence: 200 },
  }
  const instance = await describe(api, id)
  assert.deepEqual(instance['AgentConfig'], config)
  assert.deepEqual(instance['TemplateConfig'], {
    VoiceChat: { Greeting: 'Hello', AsrMaxSilence: 200, VoiceId: 'w' },
  })
  assert.equal(instance['UserData'], 'after')
  assert.equal(instance['GmtModified'], '2026-03-01T12:00:06.500+00:00')
  const [told] = api.calls.updated
  assert.equal(told?.instanceId, id)
  assert.deepEqual(Object.keys(told?.change ?? {}).sort(), ['agentConfig', 'userData'])
  assert.deepEqual(JSON.parse(told?.change.agentConfig ?? ''), config)
})

test('an update of nothing succeeds and changes nothing', async () => {
  const api = await setUp()
  const id = await generate(api)
  api.clock.advance(1000)
  assert.equal((await api.call('UpdateAIAgentInstance', { InstanceId: id })).status, 200)
  assert.equal((await describe(api, id))['GmtModified'], '2026-03-01T12:00:05.000+00:00')
  assert.equal(api.calls.updated.length, 0)
})

test('updates at the same moment do not lose each other', async () => {
  const api = await setUp()
  const id = await generate(api)
  const update = (AgentConfig: string) =>
    api.call('UpdateAIAgentInstance', { InstanceId: id, AgentConfig })
  await Promise.all([update('{"Volume":50}'), update('{"EnablePushToTalk":true}')])
  const config = (await describe(api, id))['AgentConfig'] as Record<string, unknown>
  assert.equal(config['Volume'], 50)
  assert.equal(config['EnablePushToTalk'], true)
})

test('an update is checked as a start is, and refused whole', async () => {
  const api = await setUp()
  const id = await generate(api)
  for (const [AgentConfig, path] of [
    ['{"Volume":401}', 'AgentConfig.Volume'],
    ['{"AsrConfig":{"AsrLanguageId":"jp"}}', 'AgentConfig.AsrConfig.AsrLanguageId'],
  ] as const) {
    const { status, json } = await api.call('UpdateAIAgentInstance', {
      InstanceId: id,
      AgentConfig,
      UserData: 'x',
    })
    assert.equal(status, 400)
    assert.equal(json['Code'], 'InvalidParameter')
    assert.ok(String(json['Message']).includes(`parameter ${path} value`))
  }
  assert.ok(!('UserData' in (await describe(api, id))))
})

test('a finished instance can be stopped again but not updated; an unknown one neither', async () => {
  const api = await setUp()
  const id = await generate(api)
  assert.equal((await api.call('StopAIAgentInstance', { InstanceId: id })).status, 200)
  assert.deepEqual(api.calls.stopped, [id])
  await finish(api, id)
  assert.equal((await api.call('StopAIAgentInstance', { InstanceId: id })).status, 200)
  assert.deepEqual(api.calls.stopped, [id])
  const update = await api.call('UpdateAIAgentInstance', { InstanceId: id, UserData: 'x' })
  assert.equal(`${update.status} ${String(update.json['Code'])}`, '400 InvalidInstanceStatus')
  for (const action of ['Stop', 'Update', 'Describe']) {
    const name = `${action}AIAgentInstance`
    const unknown = await api.call(name, { InstanceId: 'f'.repeat(32) })
    assert.equal(`${unknown.status} ${String(unknown.json['Code'])}`, '404 InstanceNotFound')
    const none = await api.call(name)
    assert.equal(none.json['Code'], 'MissingInstanceId')
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { apiUnderTest, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { findOperation } from './table.ts'

const OWN = '2026-11-01'

const call = async (
  api: ApiUnderTest,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> => {
  const { status, json } = await api.call(action, parameters, OWN)
  const output = findOperation(OWN, action)?.output ?? {}
  if (status === 200) assert.ok(Value.Check(output, json), JSON.stringify(json))
  return json
}
const create = async (
  api: ApiUnderTest,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> =>
  String((await call(api, 'CreateAIAgent', { Name: 'Zoë', ...parameters }))['AIAgentId'])
const problem = (json: Record<string, unknown>): string =>
  `${String(json['Code'])}: ${String(json['Message'])}`

test('an agent is made, described, listed, changed and deleted', async () => {
  const api = apiUnderTest()
  const AIAgentId = await create(api, {
    Type: 'VoiceChat',
    AgentConfig: '{"Greeting":"Hi","Volume":"50"}',
    Providers: '{"llm":{"provider":"openai","apiKeyEnv":"MY_KEY"}}',
  })
  assert.match(AIAgentId, /^[0-9a-f]{32}$/)
  const made = {
    AIAgentId,
    Name: 'Zoë',
    Type: 'VoiceChat',
    AgentConfig: { Greeting: 'Hi', Volume: 50 },
    Providers: { llm: { provider: 'openai', apiKeyEnv: 'MY_KEY' } },
    GmtCreate: '2026-03-01T12:00:05.000+00:00',
    GmtModified: '2026-03-01T12:00:05.000+00:00',
  }
  assert.deepEqual((await call(api, 'DescribeAIAgent', { AIAgentId }))['Agent'], made)
  assert.deepEqual((await call(api, 'ListAIAgents'))['Agents'], [made])
  api.clock.advance(1000)
  await call(api, 'UpdateAIAgent', { AIAgentId, Name: ' New ', AgentConfig: '{"Volume":1}' })
  assert.deepEqual((await call(api, 'DescribeAIAgent', { AIAgentId }))['Agent'], {
    ...made,
    Name: 'New',
    AgentConfig: { Volume: 1 },
    GmtModified: '2026-03-01T12:00:06.000+00:00',
  })
  await call(api, 'DeleteAIAgent', { AIAgentId })
  assert.deepEqual((await call(api, 'ListAIAgents'))['Agents'], [])
  for (const action of ['DescribeAIAgent', 'UpdateAIAgent']) {
    assert.match(problem(await call(api, action, { AIAgentId })), /^AgentNotFound: /)
  }
  assert.equal((await call(api, 'DeleteAIAgent', { AIAgentId }))['Code'], undefined)
})

test('an agent needs a name and no more', async () => {
  const api = apiUnderTest()
  assert.match(problem(await call(api, 'CreateAIAgent')), /^MissingName: /)
  const AIAgentId = await create(api, { Name: 'n'.repeat(128) })
  const agent = (await call(api, 'DescribeAIAgent', { AIAgentId }))['Agent'] as object
  assert.deepEqual(
    { ...agent, AIAgentId: '', Name: '' },
    {
      AIAgentId: '',
      Name: '',
      Type: 'VoiceChat',
      AgentConfig: {},
      Providers: {},
      GmtCreate: '2026-03-01T12:00:05.000+00:00',
      GmtModified: '2026-03-01T12:00:05.000+00:00',
    },
  )
})

test('what is wrong with an agent is named, when it is made and when it is changed', async () => {
  const api = apiUnderTest()
  const AIAgentId = await create(api)
  const cases: readonly [parameters: Record<string, string>, message: RegExp][] = [
    [{ Name: 'n'.repeat(129) }, /parameter Name value .*at most 128 characters/],
    [{ Type: 'MessageChat' }, /parameter Type value .*VoiceChat.*; got: "MessageChat"/],
    [{ AgentConfig: '[]' }, /parameter AgentConfig value .*JSON object/],
    [{ AgentConfig: '{"Volume":401}' }, /AgentConfig\.Volume .*0 to 400; got: 401/],
    [{ AgentConfig: '{"AutoSpeechConfig":{"LlmPending":{}}}' }, /LlmPending\.WaitTime/],
    [{ Providers: 'moonshine' }, /Providers must be JSON text/],
    [
      { Providers: '{"asr":{"provider":"parrot"}}' },
      /Providers\.asr\.provider must be one of moon/,
    ],
    [{ Providers: '{"llm":{"provider":"openai","apiKey":"sk-1"}}' }, /environment variable/],
  ]
  for (const [parameters, message] of cases) {
    for (const [action, agent] of [
      ['CreateAIAgent', {}],
      ['UpdateAIAgent', { AIAgentId }],
    ] as const) {
      const told = problem(await call(api, action, { ...agent, Name: 'n', ...parameters }))
      assert.match(told, /^InvalidParameter: /)
      assert.match(told, message)
      assert.ok(!told.includes('sk-1'))
    }
  }
})

test('an unknown agent is not found', async () => {
  const api = apiUnderTest()
  for (const action of ['DescribeAIAgent', 'UpdateAIAgent', 'DeleteAIAgent']) {
    const told = problem(await call(api, action, { AIAgentId: 'f'.repeat(32) }))
    assert.match(told, /^AgentNotFound: /)
    assert.match(problem(await call(api, action)), /^MissingAIAgentId: /)
  }
})

test('agents are listed newest first, page by page', async () => {
  const api = apiUnderTest()
  for (const Name of ['a', 'b', 'c']) {
    await create(api, { Name })
    api.clock.advance(10)
  }
  const names = async (parameters: Record<string, string>) => {
    const { Agents: agents } = await call(api, 'ListAIAgents', parameters)
    return (agents as { Name: string }[]).map(({ Name }) => Name).join('')
  }
  assert.equal(await names({}), 'cba')
  assert.equal(await names({ PageSize: '2', PageNumber: '2' }), 'a')
  assert.equal(await names({ PageSize: '0' }), '')
  const wrong = await call(api, 'ListAIAgents', { PageSize: '101' })
  assert.match(problem(wrong), /PageSize/)
})

test('calls that run keep the configuration they started with', async () => {
  const api = apiUnderTest()
  const AIAgentId = await create(api, { AgentConfig: '{"Greeting":"first"}' })
  const started = await api.call('GenerateAIAgentCall', { AIAgentId })
  await call(api, 'UpdateAIAgent', { AIAgentId, AgentConfig: '{"Greeting":"second"}' })
  const { json } = await api.call('DescribeAIAgentInstance', {
    InstanceId: String(started.json['InstanceId']),
  })
  const instance = json['Instance'] as { AgentConfig: object }
  assert.deepEqual(instance.AgentConfig, { Greeting: 'first' })
})

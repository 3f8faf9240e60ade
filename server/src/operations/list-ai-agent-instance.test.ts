import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, NOW_MS, type ApiUnderTest } from '../../test/wire/api-under-test.ts'

const AGENT_ID = 'a'.repeat(32)

/** An agent with calls one second apart, from noon and five seconds on; `UserData` numbers them. */
async function withCalls(count: number): Promise<ApiUnderTest> {
  const api = apiUnderTest()
  await api.store.putAgent({
    agentId: AGENT_ID,
    name: 'Zoë',
    type: 'VoiceChat',
    agentConfig: '{}',
    providers: '{}',
    createdMs: NOW_MS,
    modifiedMs: NOW_MS,
  })
  for (let index = 0; index < count; index += 1) {
    await api.call('GenerateAIAgentCall', { AIAgentId: AGENT_ID, UserData: String(index) })
    api.clock.advance(1000)
  }
  return api
}

async function list(
  { call }: ApiUnderTest,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { json } = await call('ListAIAgentInstance', { AIAgentId: AGENT_ID, ...parameters })
  if (json['Code'] !== undefined) return `${String(json['Code'])}: ${String(json['Message'])}`
  return (json['Instances'] as { UserData: string }[]).map(({ UserData }) => UserData).join(' ')
}

test('the list is newest first, ten to a page', async () => {
  const api = await withCalls(12)
  assert.equal(await list(api), '11 10 9 8 7 6 5 4 3 2')
  assert.equal(await list(api, { PageNumber: '2' }), '1 0')
  assert.equal(await list(api, { PageNumber: '3' }), '')
  assert.equal(await list(api, { PageSize: '3', PageNumber: '2' }), '8 7 6')
  assert.equal(await list(api, { PageSize: '100' }), '11 10 9 8 7 6 5 4 3 2 1 0')
  assert.equal(await list(api, { PageSize: '', PageNumber: ' ' }), '11 10 9 8 7 6 5 4 3 2')
})

test('a page of size 0 is empty', async () => {
  const api = await withCalls(1)
  const { status, json } = await api.call('ListAIAgentInstance', {
    AIAgentId: AGENT_ID,
    PageSize: '0',
  })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(json), ['RequestId', 'Instances'])
  assert.deepEqual(json['Instances'], [])
})

test('pages out of range or not integers are refused by name', async () => {
  const api = await withCalls(0)
  for (const PageSize of ['-1', '101', '1.5', 'ten', '1e1', '0x1']) {
    assert.match(
      await list(api, { PageSize }),
      /^InvalidParameter: .*parameter PageSize value .*integers from 0 to 100; got: "/,
    )
  }
  for (const PageNumber of ['0', '101', 'x']) {
    assert.match(await list(api, { PageNumber }), /^InvalidParameter: .*parameter PageNumber value/)
  }
  assert.equal(await list(api, { PageNumber: '100' }), '')
})

test('the time range is on creation, both ends inclusive, in any form with a zone', async () => {
  const api = await withCalls(4)
  assert.equal(await list(api, { StartTime: '2026-03-01T12:00:06Z' }), '3 2 1')
  assert.equal(await list(api, { EndTime: '2026-03-01T12:00:06Z' }), '1 0')
  assert.equal(await list(api, { EndTime: '2026-03-01T12:00:05.999Z' }), '0')
  const both = { StartTime: '2026-03-01T20:00:06+08:00', EndTime: '20260301T120007.000Z' }
  assert.equal(await list(api, both), '2 1')
  const same = { StartTime: '2026-03-01T12:00:07Z', EndTime: '2026-03-01T12:00:07Z' }
  assert.equal(await list(api, same), '2')
  assert.equal(await list(api, { StartTime: '', EndTime: '' }), '3 2 1 0')
})

test('bad times and a range that ends before it starts have their own codes', async () => {
  const api = await withCalls(0)
  const wrong = ['yesterday', '2026-03-01', '2026-03-01T12:00:00', '2026-02-30T00:00:00Z']
  for (const time of wrong) {
    assert.equal(
      await list(api, { StartTime: time }),
      'MalformedStartTime: Specified parameter StartTime is not valid.',
    )
    assert.match(await list(api, { EndTime: time }), /^MalformedEndTime: .*EndTime/)
  }
  const turned = { StartTime: '2026-03-01T12:00:07Z', EndTime: '2026-03-01T12:00:06.999Z' }
  assert.match(await list(api, turned), /^EndTimeMismatch: /)
})

test('an unknown agent is not found; a deleted one keeps its records', async () => {
  const api = await withCalls(1)
  assert.match(await list(api, { AIAgentId: 'b'.repeat(32) }), /^AgentNotFound: /)
  assert.match(await list(api, { AIAgentId: '' }), /^MissingAIAgentId: /)
  const deleted = await api.call('DeleteAIAgent', { AIAgentId: AGENT_ID }, '2026-11-01')
  assert.equal(deleted.status, 200)
  assert.equal(await list(api), '0')
})

test('the list as XML has one element for each instance', async () => {
  const api = await withCalls(2)
  const answer = await api.call('ListAIAgentInstance', { AIAgentId: AGENT_ID, Format: 'xml' })
  assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8')
  const text = String(answer.body)
  assert.match(text, /<ListAIAgentInstanceResponse><RequestId>/)
  assert.equal(text.match(/<Instances><Status>Created<\/Status>/g)?.length, 2)
})

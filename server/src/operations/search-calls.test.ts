import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, NOW_MS, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'

const AGENT_ID = 'a'.repeat(32)

/** An agent with calls one second apart; each lasts as many seconds as `lengthsS` says, from its creation. */
async function withCalls(...lengthsS: number[]): Promise<ApiUnderTest> {
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
  for (const [index, lengthS] of lengthsS.entries()) {
    const parameters = { AIAgentId: AGENT_ID, UserData: `{"n":${index}}`, SessionId: `s${index}` }
    const made = await api.call('GenerateAIAgentCall', parameters)
    const sentence = { entryId: 1, turnId: 1, role: 'user', kind: 'normal' } as const
    const text = `I am caller ${index}`
    await api.store.recordCall(String(made.json['InstanceId']), [
      { type: 'executing', atMs: api.clock.wallMs() },
      { type: 'sentence', sentence: { ...sentence, text, beginMs: NOW_MS, isFinal: true } },
      { type: 'finished', atMs: api.clock.wallMs() + lengthS * 1000, reason: 'user-left' },
    ])
    api.clock.advance(1000)
  }
  return api
}

type Parameters = Readonly<Record<string, string>>

const search = async ({ call }: ApiUnderTest, parameters: Parameters = {}) =>
  (await call('SearchAIAgentInstances', parameters, OWN_VERSION)).json

async function found(api: ApiUnderTest, parameters: Parameters = {}): Promise<string> {
  const json = await search(api, parameters)
  if (json['Code'] !== undefined) return `${String(json['Code'])}: ${String(json['Message'])}`
  const calls = json['Instances'] as { readonly UserData: string }[]
  return calls.map(({ UserData }) => String(JSON.parse(UserData).n)).join(' ')
}

test('a misspelt filter is named instead of finding everything', async () => {
  const api = await withCalls(10, 60)
  const refused = await found(api, { AIAgentID: AGENT_ID })
  assert.match(refused, /^InvalidParameter: There is no parameter AIAgentID\. Allowed: .*AIAgentId/)
  // The vendor's clients may add this to any request.
  assert.equal(await found(api, { AIAgentId: AGENT_ID, RegionId: 'cn-shanghai' }), '1 0')
})

test('each filter of the operation reaches the search', async () => {
  const api = await withCalls(10, 60, 30)
  const cases: readonly (readonly [Parameters, string])[] = [
    [{}, '2 1 0'],
    [{ AIAgentId: AGENT_ID, Status: 'Finished', Order: 'Asc' }, '0 1 2'],
    [{ Status: 'Executing' }, ''],
    [{ CreatedAfter: '2026-03-01T12:00:06Z', CreatedBefore: '2026-03-01T12:00:06Z' }, '1'],
    [{ FinishedAfter: '2026-03-01T12:00:30Z', FinishedBefore: '2026-03-01T12:01:00Z' }, '2'],
    [{ MinDurationMs: '30000', MaxDurationMs: '59999' }, '2'],
    [{ EndReason: 'user-left', OrderBy: 'Duration' }, '1 2 0'],
    [{ EndReason: 'idle' }, ''],
    [{ OrderBy: 'Duration', Order: 'Asc' }, '0 2 1'],
    [{ SessionId: 's1' }, '1'],
    [{ UserDataPath: 'n', UserDataValue: '2' }, '2'],
    [{ Text: 'Caller 0' }, '0'],
    [{ Text: 'caller', TextBy: 'Agent' }, ''],
  ]
  for (const [parameters, expected] of cases) {
    assert.equal(await found(api, parameters), expected, JSON.stringify(parameters))
  }
})

test('a found call says what and when it was, and where its log lies', async () => {
  const api = await withCalls(10)
  const { Instances: instances } = await search(api)
  const [call] = instances as Record<string, unknown>[]
  const { InstanceId, ChannelId, AIAgentUserId, CallLogUrl, ...rest } = call ?? {}
  for (const id of [InstanceId, ChannelId, AIAgentUserId]) assert.match(String(id), /\w{8}/)
  assert.match(String(CallLogUrl), new RegExp(`/logs/${String(InstanceId)}\\.json`))
  assert.deepEqual(rest, {
    AIAgentId: AGENT_ID,
    SessionId: 's0',
    Status: 'Finished',
    UserData: '{"n":0}',
    GmtCreate: '2026-03-01T12:00:05.000+00:00',
    GmtExecuting: '2026-03-01T12:00:05.000+00:00',
    GmtFinished: '2026-03-01T12:00:15.000+00:00',
    DurationMs: 10_000,
    EndReason: 'user-left',
    Turns: 0,
    Interruptions: 0,
  })
})

test('NextToken leads through all pages, and is of its own search only', async () => {
  const api = await withCalls(1, 2, 3, 4, 5)
  const first = await search(api, { MaxResults: '2', Total: 'Exact' })
  assert.deepEqual([first['TotalCount'], first['TotalIsExact']], [5, true])
  const token = String(first['NextToken'])
  assert.equal(await found(api, { MaxResults: '2', NextToken: token }), '2 1')
  const third = await search(api, { MaxResults: '4', NextToken: token })
  assert.deepEqual([third['NextToken'], third['TotalCount']], [undefined, undefined])
  const wrong = /^InvalidParameter: .*parameter NextToken value .*same filters and order/
  assert.match(await found(api, { NextToken: token, Order: 'Asc' }), wrong)
  assert.match(await found(api, { NextToken: token, Status: 'Finished' }), wrong)
  for (const nonsense of ['x', 'bnVsbA', Buffer.from('[1,2,3]').toString('base64url')]) {
    assert.match(await found(api, { NextToken: nonsense }), wrong)
  }
})

test('what cannot be searched for is refused by name', async () => {
  const api = await withCalls()
  const cases: readonly (readonly [Parameters, RegExp])[] = [
    [{ AIAgentId: 'b'.repeat(32) }, /^AgentNotFound/],
    [{ Status: 'Over' }, /parameter Status value .*Created, Executing, Finished; got: "Over"/],
    [{ EndReason: 'tired' }, /parameter EndReason value .*user-left/],
    [{ CreatedAfter: 'yesterday' }, /^MalformedCreatedAfter/],
    [{ FinishedBefore: '2026' }, /^MalformedFinishedBefore/],
    [
      { CreatedAfter: '2026-03-01T12:00:01Z', CreatedBefore: '2026-03-01T12:00:00Z' },
      /parameter CreatedBefore value .*less than CreatedAfter/,
    ],
    [{ MinDurationMs: '5', MaxDurationMs: '4' }, /parameter MaxDurationMs value/],
    [{ MinDurationMs: '-1' }, /parameter MinDurationMs value .*from 0/],
    [{ UserDataPath: 'a' }, /parameter UserDataValue value .*given with UserDataPath/],
    [{ UserDataValue: 'a' }, /parameter UserDataPath value/],
    [{ Text: '?!' }, /parameter Text value .*letter or digit/],
    [{ Text: 'x'.repeat(201) }, /parameter Text value .*at most 200 characters/],
    [{ TextBy: 'User' }, /parameter TextBy value .*with Text/],
    [{ OrderBy: 'Turns' }, /parameter OrderBy value .*CreateTime, Duration/],
    [{ Order: 'Up' }, /parameter Order value .*Desc, Asc/],
    [{ MaxResults: '0' }, /parameter MaxResults value .*from 1 to 100/],
    [{ MaxResults: '101' }, /parameter MaxResults value .*from 1 to 100/],
    [{ Total: 'Maybe' }, /parameter Total value/],
  ]
  for (const [parameters, expected] of cases) assert.match(await found(api, parameters), expected)
})

/** The lines of an export. */
async function exported(api: ApiUnderTest, parameters: Parameters = {}): Promise<string[]> {
  const answer = await api.call('ExportAIAgentInstances', parameters, OWN_VERSION)
  assert.equal(answer.headers['content-type'], 'application/x-ndjson;charset=utf-8')
  assert.equal(answer.headers['content-length'], undefined)
  let text = ''
  for await (const piece of answer.stream ?? []) text += Buffer.from(piece).toString('utf8')
  return text.split('\n').filter((line) => line !== '')
}

test('an export has one line of JSON for each call, in order, with what was said if wanted', async () => {
  const api = await withCalls(...Array.from({ length: 450 }, () => 1))
  const lines = (await exported(api, { Order: 'Asc' })).map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ SessionId }) => SessionId),
    Array.from({ length: 450 }, (_, index) => `s${index}`),
  )
  assert.equal('Sentences' in lines[0], false)
  const [one = ''] = await exported(api, { SessionId: 's7', WithSentences: 'true' })
  assert.deepEqual(JSON.parse(one).Sentences, [
    {
      Id: 1,
      TurnId: 1,
      Role: 'user',
      Type: 'normal',
      BeginTime: '2026-03-01T12:00:05.000+00:00',
      Text: 'I am caller 7',
    },
  ])
  assert.deepEqual(await exported(api, { SessionId: 'none' }), [])
})

test('an export asks for calls only as they are taken, and stops when nobody takes them', async () => {
  const api = await withCalls(...Array.from({ length: 700 }, () => 1))
  let pages = 0
  const { page } = api.store.search
  api.store.search.page = (search) => {
    pages += 1
    return page.call(api.store.search, search)
  }
  const answer = await api.call('ExportAIAgentInstances', {}, OWN_VERSION)
  const pieces = answer.stream?.[Symbol.asyncIterator]()
  await pieces?.next()
  assert.equal(pages, 1)
  await pieces?.next()
  assert.equal(pages, 2)
  await pieces?.return?.()
  assert.equal((await pieces?.next())?.done, true)
  assert.equal(pages, 2)
})

test('an export that is wrongly asked for is refused like everything else', async () => {
  const api = await withCalls()
  const { status, json } = await api.call('ExportAIAgentInstances', { Text: '!' }, OWN_VERSION)
  assert.equal(status, 400)
  assert.equal(json['Code'], 'InvalidParameter')
})

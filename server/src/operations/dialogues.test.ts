import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, NOW_MS, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { instance, said, sentence } from '../ports/store-samples.contract.ts'
import type { Sentence } from '../ports/call-record.ts'

const CALL = instance(0, 0, { sessionId: 'session' })
const WITHOUT_SESSION = instance(1)
const T = NOW_MS

type Json = Record<string, unknown>
const SPAN = { StartTime: '0', EndTime: '17358082464030' }

/** A call of a session with a greeting, two turns and something the agent was told to say. */
async function withCalls(): Promise<ApiUnderTest> {
  const server = apiUnderTest()
  for (const call of [CALL, WITHOUT_SESSION]) await server.store.createInstance(call)
  const entries: [number, Partial<Sentence>][] = [
    [1, { turnId: 0, role: 'agent', kind: 'greeting', text: 'Hello', beginMs: T }],
    [2, { turnId: 1, text: 'Who are you?', beginMs: T + 1000.4 }],
    [3, { turnId: 1, role: 'agent', text: 'An agent.', beginMs: T + 2000 }],
    [4, { turnId: 2, role: 'agent', kind: 'speech', text: 'News.', beginMs: T + 3000 }],
  ]
  const sentences = entries.map(([entryId, change]) => sentence(entryId, change))
  await server.store.recordCall(CALL.instanceId, said(...sentences))
  await server.store.recordCall(WITHOUT_SESSION.instanceId, said(sentence(1, { text: 'alone' })))
  return server
}

async function list(server: ApiUnderTest, parameters: Record<string, string>): Promise<Json[]> {
  const answer = await server.call('ListAIAgentDialogues', {
    SessionId: 'session',
    ...SPAN,
    ...parameters,
  })
  assert.equal(answer.status, 200, JSON.stringify(answer.json))
  return answer.json['Dialogues'] as Json[]
}

const texts = (dialogues: Json[]): unknown[] => dialogues.map((dialogue) => dialogue['Text'])

test('a session’s dialogues come with every documented member, the newest first', async () => {
  const server = await withCalls()
  const [newest, answer, question, greeting] = await list(server, {})
  assert.deepEqual(question, {
    DialogueId: `${CALL.instanceId}-2`,
    RoundId: `${CALL.instanceId}-round-1`,
    NodeId: '',
    Producer: 'user',
    Source: 'call',
    Type: 'normal',
    Text: 'Who are you?',
    ReasoningText: '',
    Time: T + 1000,
    Extend: '',
    AttachedFileList: [],
  })
  assert.equal(answer?.['RoundId'], question?.['RoundId'])
  assert.deepEqual([greeting?.['Type'], newest?.['Type']], ['greeting', 'speech'])
  assert.notEqual(greeting?.['RoundId'], question?.['RoundId'])
  assert.deepEqual(texts(await list(server, { Order: 'ASC' })), [
    'Hello',
    'Who are you?',
    'An agent.',
    'News.',
  ])
})

test('a page, a range of time, and the newest rounds', async () => {
  const server = await withCalls()
  const page = { PageSize: '2', PageNumber: '2' }
  assert.deepEqual(texts(await list(server, page)), ['Who are you?', 'Hello'])
  const range = { StartTime: String(T + 1000), EndTime: String(T + 2000) }
  assert.deepEqual(texts(await list(server, range)), ['An agent.', 'Who are you?'])
  const rounds = { RoundLimit: '2', ...page, Order: 'ASC' }
  assert.deepEqual(texts(await list(server, rounds)), ['Who are you?', 'An agent.', 'News.'])
  assert.deepEqual(await list(server, { SessionId: 'unknown' }), [])
})

test('a call without a session has one of its own, named by its id, and reports none', async () => {
  const server = await withCalls()
  const own = { SessionId: WITHOUT_SESSION.instanceId }
  assert.deepEqual(texts(await list(server, own)), ['alone'])
  const described = await server.call('DescribeAIAgentInstance', {
    InstanceId: WITHOUT_SESSION.instanceId,
  })
  assert.equal((described.json['Instance'] as Json)['SessionId'], '')
})

const WRONG: readonly [Record<string, string>, string][] = [
  [{ SessionId: '' }, 'MissingSessionId'],
  [{ StartTime: '' }, 'MissingStartTime'],
  [{ EndTime: '' }, 'MissingEndTime'],
  [{ StartTime: '2026-03-01T12:00:00Z' }, 'InvalidParameter'],
  [{ StartTime: '2', EndTime: '1' }, 'EndTimeMismatch'],
  [{ PageSize: '0' }, 'InvalidParameter'],
  [{ PageSize: '101' }, 'InvalidParameter'],
  [{ PageNumber: '0' }, 'InvalidParameter'],
  [{ RoundLimit: '0' }, 'InvalidParameter'],
  [{ RoundLimit: 'many' }, 'InvalidParameter'],
  [{ Order: 'UP' }, 'InvalidParameter'],
]

test('what cannot be asked for is refused with its name; the bounds themselves are taken', async () => {
  const server = await withCalls()
  for (const [parameters, code] of WRONG) {
    const asked = { SessionId: 'session', ...SPAN, ...parameters }
    const { status, json } = await server.call('ListAIAgentDialogues', asked)
    assert.equal(`${status} ${String(json['Code'])}`, `400 ${code}`, JSON.stringify(parameters))
  }
  await list(server, { PageSize: '1', PageNumber: '1', RoundLimit: '1', Order: '' })
  await list(server, { PageSize: '100', RoundLimit: '999999999999', StartTime: '0', EndTime: '0' })
})

test('a deleted dialogue is gone, and gone only once', async () => {
  const server = await withCalls()
  const remove = async (parameters: Record<string, string>): Promise<string> => {
    const { status, json } = await server.call('DeleteAIAgentDialogue', parameters)
    return `${status} ${String(json['Code'] ?? '')}`.trim()
  }
  const dialogue = { SessionId: 'session', DialogueId: `${CALL.instanceId}-2` }
  const none = '404 ChatLogNotFound'
  assert.equal(await remove({ ...dialogue, SessionId: 'other' }), none)
  assert.equal(await remove({ ...dialogue, DialogueId: `${CALL.instanceId}-99` }), none)
  assert.equal(await remove({ ...dialogue, DialogueId: 'constructor' }), none)
  assert.equal(await remove({ ...dialogue, NodeId: 'node' }), none)
  assert.equal(await remove({ SessionId: 'session' }), '400 MissingDialogueId')
  assert.equal(await remove({ ...dialogue, NodeId: '' }), '200')
  assert.equal(await remove(dialogue), none)
  assert.deepEqual(texts(await list(server, { Order: 'ASC' })), ['Hello', 'An agent.', 'News.'])
})

test('a call can be deleted once it is finished', async () => {
  const server = await withCalls()
  const remove = async (InstanceId: string): Promise<string> => {
    const { status, json } = await server.call(
      'DeleteAIAgentInstance',
      { InstanceId },
      '2026-11-01',
    )
    return `${status} ${String(json['Code'] ?? '')}`.trim()
  }
  const { instanceId } = CALL
  assert.equal(await remove(instanceId), '400 InvalidInstanceStatus')
  await server.store.recordCall(instanceId, [{ type: 'finished', atMs: T, reason: 'stopped' }])
  assert.equal(await remove(instanceId), '200')
  assert.equal(await remove(instanceId), '404 InstanceNotFound')
  assert.deepEqual(await list(server, {}), [])
  const described = await server.call('DescribeAIAgentInstance', { InstanceId: instanceId })
  assert.equal(described.json['Code'], 'InstanceNotFound')
})

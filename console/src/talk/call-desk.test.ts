import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AntiphonCall, CallError } from 'antiphon-client'
import { FakeEnvironment } from '../../../sdk/src/environment-fake.ts'
import { CallDesk, type DeskParts } from './call-desk.ts'

const AGENTS = { Agents: [{ AIAgentId: 'a1', Name: 'Demo', Type: 'VoiceChat' }], RequestId: 'r' }
const CALL = { ChannelId: 'c1', AIAgentUserId: 'agent', UserId: 'u1', Token: 't1', RequestId: 'r' }

type Api = Readonly<Record<string, { readonly status: number; readonly body: object } | 'gone'>>

/** A desk whose server answers each action as told. */
async function deskWith(api: Api, more: Partial<DeskParts> = {}) {
  const environment = new FakeEnvironment()
  const asked: string[] = []
  const answers: Api = {
    ListAIAgents: { status: 200, body: AGENTS },
    GenerateAIAgentCall: { status: 200, body: CALL },
    ...api,
  }
  const desk = new CallDesk({
    fetch: async (url, init) => {
      const query = new URL(url, 'http://server').searchParams
      const { 'x-antiphon-console': mark } = init.headers as Record<string, string>
      const action = query.get('Action') ?? ''
      asked.push(
        `${init.method} ${action} ${query.get('Version')} ${new URLSearchParams(String(init.body)).get('AIAgentId')} ${mark}`,
      )
      const answer = answers[action] ?? 'gone'
      if (answer === 'gone') throw new TypeError('Failed to fetch')
      return new Response(JSON.stringify(answer.body), { status: answer.status })
    },
    createCall: () => new AntiphonCall(environment),
    openMicrophone: () => environment.openMicrophone(),
    isSecure: true,
    nowMs: () => 0,
    readAgentId: () => null,
    keepAgentId: () => undefined,
    ...more,
  })
  await desk.load()
  return { desk, environment, asked }
}

const refused = (status: number, Code: string) => ({
  status,
  body: { Code, Message: 'No.', RequestId: 'r' },
})

test('a call is made, spoken in, and ended', async () => {
  const { desk, environment, asked } = await deskWith({})
  await desk.startCall()
  assert.equal(desk.view.screen, 'calling')
  assert.deepEqual(asked, [
    'POST ListAIAgents 2026-11-01 null 1',
    'POST GenerateAIAgentCall 2020-11-09 a1 1',
  ])
  environment.receive(1001, { state: 2 })
  environment.receive(1003, { text: 'Hello', sentenceId: 1, end: true })
  assert.equal(desk.view.agentState, 'thinking')
  assert.equal(desk.view.lines[0]?.text, 'Hello')
  desk.hangUp()
  assert.equal(desk.view.screen, 'ready')
  assert.equal(desk.view.problem, undefined)
  await environment.pass(1000)
})

test('without a session the page says how to get one', async () => {
  const { desk } = await deskWith({ ListAIAgents: refused(400, 'MissingAccessKeyId') })
  assert.equal(desk.view.screen, 'signed-out')
})

test('a session that has ended by the time of the call says so too', async () => {
  const { desk } = await deskWith({ GenerateAIAgentCall: refused(400, 'MissingAccessKeyId') })
  await desk.startCall()
  assert.equal(desk.view.screen, 'signed-out')
})

test('a server that is gone or busy is named as such', async () => {
  const gone = await deskWith({ ListAIAgents: 'gone' })
  assert.equal(gone.desk.view.screen, 'unreachable')
  const busy = await deskWith({ GenerateAIAgentCall: refused(503, 'ServiceUnavailable') })
  await busy.desk.startCall()
  assert.equal(busy.desk.view.screen, 'ready')
  assert.match(busy.desk.view.problem?.title ?? '', /cannot take a call/)
})

test('a refused microphone costs the server nothing', async () => {
  const { desk, environment, asked } = await deskWith({})
  environment.microphoneFailure = new CallError('microphone-refused')
  await desk.startCall()
  assert.match(desk.view.problem?.title ?? '', /microphone is blocked/)
  assert.equal(desk.view.screen, 'ready')
  assert.equal(asked.length, 1)
})

test('a page that is not secure says so before anybody calls', async () => {
  const { desk } = await deskWith({}, { isSecure: false })
  assert.match(desk.view.problem?.text ?? '', /localhost or over https/)
})

test('an agent that hangs up after silence is not taken for an error', async () => {
  const { desk, environment } = await deskWith({})
  await desk.startCall()
  environment.receive(1010, { reason: 2001, message: '' })
  assert.equal(desk.view.isLeaving, true)
  environment.endLink('closed')
  assert.deepEqual(
    [desk.view.problem?.tone, desk.view.problem?.text],
    ['note', 'Nobody had said anything for a while.'],
  )
})

test('holding the talk button does nothing before the agent agreed to push-to-talk', async () => {
  const { desk, environment } = await deskWith({})
  await desk.startCall()
  desk.startTalking()
  assert.equal(desk.view.isTalking, false)
  desk.togglePushToTalk()
  environment.receive(1007, { enable: true })
  desk.startTalking()
  assert.equal(desk.view.isTalking, true)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AntiphonCall, CallError } from 'antiphon-client'
import { FakeEnvironment } from '../../../sdk/src/environment-fake.ts'
import { CallDesk, type DeskParts } from './call-desk.ts'
import { isError } from './problems.ts'

const AGENTS = { Agents: [{ AIAgentId: 'a1', Name: 'Demo', Type: 'VoiceChat' }], RequestId: 'r' }
const CALL = { ChannelId: 'c1', AIAgentUserId: 'agent', UserId: 'u1', Token: 't1', RequestId: 'r' }

const MICROPHONES = [
  { deviceId: 'default', label: 'Built in' },
  { deviceId: 'headset', label: 'Headset' },
]

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
    openMicrophone: (choice) => environment.openMicrophone(choice),
    listMicrophones: async () => MICROPHONES,
    isSecure: true,
    nowMs: () => 0,
    readAgentId: () => null,
    keepAgentId: () => undefined,
    readMicrophoneId: () => null,
    keepMicrophoneId: () => undefined,
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
  assert.equal(busy.desk.view.problem?.name, 'unavailable')
})

test('a refused microphone costs the server nothing', async () => {
  const { desk, environment, asked } = await deskWith({})
  environment.microphoneFailure = new CallError('microphone-refused')
  await desk.startCall()
  assert.equal(desk.view.problem?.name, 'microphone-refused')
  assert.equal(desk.view.screen, 'ready')
  assert.equal(asked.length, 1)
})

test('a page that is not secure says so before anybody calls', async () => {
  const { desk } = await deskWith({}, { isSecure: false })
  assert.equal(desk.view.problem?.name, 'insecure-context')
})

test('an agent that hangs up after silence is not taken for an error', async () => {
  const { desk, environment } = await deskWith({})
  await desk.startCall()
  environment.receive(1010, { reason: 2001, message: '' })
  assert.equal(desk.view.isLeaving, true)
  environment.endLink('closed')
  const { problem } = desk.view
  assert.deepEqual([problem?.name, problem && isError(problem)], ['idle', false])
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

test('the microphone is chosen before the call and in it', async () => {
  const kept: string[] = []
  const { desk, environment } = await deskWith(
    {},
    { readMicrophoneId: () => 'headset', keepMicrophoneId: (deviceId) => kept.push(deviceId) },
  )
  await desk.startCall()
  await environment.pass(0)
  assert.deepEqual([desk.view.microphoneId, desk.view.microphones], ['headset', MICROPHONES])
  await desk.chooseMicrophone('default')
  assert.deepEqual(environment.opened, ['headset', 'default'])
  assert.deepEqual([desk.view.microphoneId, kept], ['default', ['default']])
})

test('a microphone that was unplugged and is back takes its complaint along', async () => {
  const { desk, environment } = await deskWith({})
  await desk.startCall()
  environment.microphoneFailure = new CallError('microphone-missing')
  environment.track.dispatchEvent(new Event('ended'))
  await environment.pass(0)
  assert.equal(desk.view.problem?.name, 'microphone-lost')
  environment.microphoneFailure = undefined
  environment.changeDevices()
  await environment.pass(0)
  assert.equal(desk.view.problem, undefined)
})

test('a human who takes over is announced, and so is what a program sends', async () => {
  const { desk, environment } = await deskWith({})
  await desk.startCall()
  environment.receive(1011, { message: '{"card":1}' })
  environment.receive(1003, { text: 'Hello', sentenceId: 4, end: true })
  environment.receive(1012, { takeoverUid: 'h', takeoverMode: 1 })
  assert.equal(desk.view.takeover, 'coming')
  environment.receive(1001, { state: 2 })
  assert.equal(desk.view.takeover, 'none', 'nobody came, and the agent goes on')
  environment.receive(1012, { takeoverUid: 'h', takeoverMode: 1 })
  environment.receive(1013, { takeoverUid: 'h' })
  assert.deepEqual([desk.view.takeover, desk.view.humanFromSentenceId], ['here', 5])
  assert.deepEqual(desk.view.notes, [
    { kind: 'custom', text: '{"card":1}', afterKey: '' },
    { kind: 'human', text: '', afterKey: 'user 4' },
  ])
})

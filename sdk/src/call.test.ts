import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AntiphonCall } from './call.ts'
import { CallError } from './call-error.ts'
import type { CallEvents } from './call-events.ts'
import { FakeEnvironment, type Reply } from './environment-fake.ts'
import { ClientMessage, ServerMessage } from './message-numbers.ts'

const TOLD: readonly (keyof CallEvents)[] = [
  'connectionStatusChange',
  'callBegin',
  'callEnd',
  'agentStateChanged',
  'agentSubtitleNotify',
  'userSubtitleNotify',
  'speakingInterrupted',
  'agentWillLeave',
  'pushToTalkChanged',
  'errorOccurred',
  'voiceIdChanged',
  'voiceprintChanged',
  'humanTakeoverWillStart',
  'humanTakeoverConnected',
  'receivedAgentCustomMessage',
  'agentEmotionNotify',
  'visionCustomCaptureChanged',
  'receivedAgentVcrResult',
  'microphoneChanged',
  'authInfoWillExpire',
  'authInfoExpired',
  'latencyStats',
]

/** Told with all that they carry; of others the first value says enough. */
const IN_FULL: ReadonlySet<string> = new Set([
  'humanTakeoverWillStart',
  'agentEmotionNotify',
  'microphoneChanged',
  'latencyStats',
])

const address = { baseUrl: 'http://calls.example/', channelId: 'c1', userId: 'u1', token: 't1' }

function newCall() {
  const environment = new FakeEnvironment()
  const call = new AntiphonCall(environment)
  const told: string[] = []
  for (const name of TOLD)
    call.on(name, (event) => {
      const values = Object.entries(event).filter(([key]) => key !== 'label')
      const shown = IN_FULL.has(name) ? values : values.slice(0, 1)
      told.push([name, ...shown.map(([, value]) => shownAs(value))].join(' '))
    })
  return { environment, call, told }
}

function shownAs(value: unknown): string {
  if (value instanceof CallError) return value.code
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

async function joined() {
  const story = newCall()
  await story.call.join(address)
  return story
}

const sentTypes = (environment: FakeEnvironment): number[] =>
  environment.sent.map(({ type }) => type)

test('a call is joined, talks, and is hung up', async () => {
  const { environment, call, told } = await joined()
  environment.receive(ServerMessage.state, { state: 3 })
  environment.receive(ServerMessage.agentSubtitle, { text: 'Hello ', sentenceId: 1, end: false })
  environment.receive(ServerMessage.agentSubtitle, { text: 'there.', sentenceId: 1, end: true })
  await environment.pass(5000)
  const hungUp = call.handup()
  await environment.pass(1000)
  await hungUp
  assert.deepEqual(told, [
    'connectionStatusChange connecting',
    'connectionStatusChange connected',
    'callBegin c1',
    'agentStateChanged speaking',
    'agentSubtitleNotify Hello ',
    'agentSubtitleNotify there.',
    'connectionStatusChange disconnected',
    'callEnd hang-up',
  ])
  assert.equal(call.subtitles[0]?.text, 'Hello there.')
  assert.deepEqual(environment.requests, [
    'POST http://calls.example/rtc/channels/c1 Bearer t1',
    'DELETE http://calls.example/rtc/channels/c1/connections/1?stop=true Bearer t1',
  ])
  assert.deepEqual(sentTypes(environment), [ClientMessage.stop])
  assert.equal(environment.track.isStopped, true)
})

test('a page that goes away says goodbye at once', async () => {
  const { environment } = await joined()
  environment.hidePage()
  assert.deepEqual(sentTypes(environment), [ClientMessage.stop])
  assert.match(environment.requests.at(-1) ?? '', /^DELETE \S+\?stop=true /)
})

const refusals: readonly (readonly [Reply, string, string])[] = [
  ['gone', 'server-gone', 'Failed to fetch'],
  [
    { status: 401, body: '{"Message":"The token has expired."}' },
    'token-refused',
    'The token has expired.',
  ],
  [{ status: 404, body: 'No such channel.' }, 'channel-gone', 'No such channel.'],
  [{ status: 503, body: '<html>busy</html>' }, 'unavailable', ''],
  [{ status: 400, body: '{"Message":"Bad offer."}' }, 'refused', 'Bad offer.'],
]
for (const [reply, code, reason] of refusals)
  test(`a join that fails says why: ${code}`, async () => {
    const { environment, call, told } = newCall()
    environment.replies = [reply]
    await assert.rejects(call.join(address), (error: CallError) => {
      assert.deepEqual([error.code, error.reason], [code, reason])
      return true
    })
    assert.equal(told.at(-1), 'connectionStatusChange disconnected')
    assert.equal(environment.track.isStopped, true)
  })

test('without a microphone the server is not asked', async () => {
  const { environment, call } = newCall()
  environment.microphoneFailure = new CallError('microphone-refused')
  await assert.rejects(call.join(address), { code: 'microphone-refused' })
  assert.deepEqual(environment.requests, [])
})

test('messages of others than the agent are ignored', async () => {
  const { environment, told } = await joined()
  environment.receive(ServerMessage.state, { state: 2 })
  environment.receive(ServerMessage.state, { state: 3 }, 'stranger')
  assert.deepEqual(
    told.filter((line) => line.startsWith('agentStateChanged')),
    ['agentStateChanged thinking'],
  )
})

test('a lost connection is made anew, and the call goes on', async () => {
  const { environment, call, told } = await joined()
  environment.receive(ServerMessage.userSubtitle, { text: 'One', sentenceId: 1, end: true })
  environment.receive(ServerMessage.newToken, { token: 't2' })
  environment.replies = ['gone', { status: 503 }]
  environment.bytesPerLook = 0
  await environment.pass(3500)
  environment.bytesPerLook = 100
  await environment.pass(4000)
  assert.deepEqual(told.slice(-2), [
    'connectionStatusChange reconnecting',
    'connectionStatusChange connected',
  ])
  assert.equal(environment.requests.at(-1), 'POST http://calls.example/rtc/channels/c1 Bearer t2')
  environment.receive(ServerMessage.userSubtitle, { text: 'Two', sentenceId: 2, end: true })
  assert.deepEqual(
    call.subtitles.map(({ text }) => text),
    ['One', 'Two'],
  )
})

test('a call whose server stays away ends', async () => {
  const { environment, told } = await joined()
  environment.replies = Array.from({ length: 40 }, () => 'gone')
  environment.endLink('lost')
  await environment.pass(30_000)
  assert.equal(told.at(-1), 'callEnd server-gone')
  assert.equal(environment.track.isStopped, true)
})

test('a call that is over at the server is not tried again and again', async () => {
  const { environment, told } = await joined()
  environment.replies = [{ status: 404 }]
  environment.endLink('lost')
  await environment.pass(100)
  assert.equal(told.at(-1), 'callEnd channel-gone')
})

test('an agent that takes its leave ends the call, with its reason', async () => {
  const { environment, call, told } = await joined()
  let leaveReason: string | undefined
  call.on('callEnd', (event) => {
    leaveReason = event.leaveReason
  })
  environment.receive(ServerMessage.agentLeaving, { reason: 2001, message: 'idle' })
  environment.endLink('closed')
  assert.equal(told.at(-1), 'callEnd agent-left')
  assert.equal(leaveReason, 'idle')
})

test('a connection that the server closes is not taken back from whoever has it now', async () => {
  const { environment, told } = await joined()
  environment.endLink('closed')
  await environment.pass(5000)
  assert.equal(told.at(-1), 'callEnd closed-by-server')
  assert.equal(environment.requests.filter((request) => request.startsWith('POST')).length, 1)
})

test('push-to-talk opens the microphone while pressed and a moment longer', async () => {
  const { environment, call } = await joined()
  call.startPushToTalk()
  assert.deepEqual(sentTypes(environment), [], 'no press before the agent agreed')
  call.enablePushToTalk(true)
  environment.receive(ServerMessage.pushToTalkSwitched, { enable: true })
  const open = [environment.track.enabled]
  call.startPushToTalk()
  open.push(environment.track.enabled)
  call.finishPushToTalk()
  await environment.pass(100)
  open.push(environment.track.enabled)
  await environment.pass(150)
  open.push(environment.track.enabled)
  assert.deepEqual(open, [false, true, true, false])
  call.startPushToTalk()
  call.cancelPushToTalk()
  assert.deepEqual(sentTypes(environment), [
    ClientMessage.pushToTalk,
    ClientMessage.talkStart,
    ClientMessage.talkFinish,
    ClientMessage.talkStart,
    ClientMessage.talkCancel,
  ])
})

test('commands carry numbers in order, the sender and their data', async () => {
  const { environment, call } = await joined()
  call.interruptSpeaking()
  call.sendTextToAgent('What is the time?')
  assert.deepEqual(
    environment.sent.map(({ type, seqId, senderId, data }) => ({ type, seqId, senderId, data })),
    [
      { type: 1101, seqId: 1, senderId: 'u1', data: {} },
      {
        type: 1111,
        seqId: 2,
        senderId: 'u1',
        data: { text: 'What is the time?', enableInterrupt: 1 },
      },
    ],
  )
})

test('mute silences whichever microphone it is', async () => {
  const { environment, call } = await joined()
  call.mute(true)
  assert.equal(environment.track.enabled, false)
  await call.switchMicrophone('headset')
  assert.equal(environment.track.enabled, false)
  call.mute(false)
  assert.equal(environment.track.enabled, true)
})

test('another microphone takes the place of the one in use', async () => {
  const { environment, call, told } = await joined()
  const first = environment.track
  await call.switchMicrophone('headset')
  assert.deepEqual(environment.opened, ['default', 'headset'])
  assert.equal(first.isStopped, true)
  assert.equal(environment.replaced.length, 1)
  environment.microphoneFailure = new CallError('microphone-busy')
  await assert.rejects(call.switchMicrophone('webcam'), { code: 'microphone-busy' })
  assert.equal(environment.track.isStopped, false, 'the one in use stays')
  assert.deepEqual(
    told.filter((line) => line.startsWith('microphone')),
    ['microphoneChanged headset chosen'],
  )
})

test('the default microphone replaces one that was unplugged, also when it comes late', async () => {
  const { environment, told } = await joined()
  const unplug = (): boolean => environment.track.dispatchEvent(new Event('ended'))
  unplug()
  await environment.pass(0)
  assert.equal(told.at(-1), 'microphoneChanged default unplugged')
  environment.microphoneFailure = new CallError('microphone-missing')
  unplug()
  await environment.pass(0)
  environment.changeDevices()
  await environment.pass(0)
  assert.equal(told.at(-1), 'errorOccurred microphone-lost')
  environment.microphoneFailure = undefined
  environment.changeDevices()
  await environment.pass(0)
  assert.equal(told.at(-1), 'microphoneChanged default unplugged')
  assert.equal(told.filter((line) => line.includes('microphone-lost')).length, 1)
  assert.equal(environment.replaced.length, 2)
})

const tokenUntil = (endMs: number): string => btoa(JSON.stringify({ timestamp: endMs / 1000 }))

test('a new token is asked for before the one in use ends', async () => {
  const { environment, call, told } = newCall()
  await call.join({ ...address, token: tokenUntil(120_000) })
  await environment.pass(89_000)
  assert.deepEqual(sentTypes(environment), [])
  await environment.pass(1000)
  assert.deepEqual(environment.sent.at(-1), {
    ...environment.sent.at(-1),
    type: ClientMessage.requestToken,
    data: { userId: 'u1' },
  })
  environment.receive(ServerMessage.newToken, { token: tokenUntil(240_000) })
  await environment.pass(60_000)
  assert.equal(told.includes('authInfoExpired'), false)
  environment.endLink('lost')
  await environment.pass(100)
  assert.ok(environment.requests.at(-1)?.endsWith(` ${tokenUntil(240_000)}`))
})

test('a token that nobody renews ends, and the call goes on', async () => {
  const { environment, call, told } = newCall()
  await call.join({ ...address, token: tokenUntil(20_000), renewsToken: false })
  await environment.pass(25_000)
  assert.deepEqual(
    told.filter((line) => line.startsWith('authInfo')),
    ['authInfoWillExpire', 'authInfoExpired'],
  )
  assert.deepEqual(sentTypes(environment), [])
  assert.equal(call.status, 'connected')
  call.updateToken(tokenUntil(90_000))
  environment.endLink('lost')
  await environment.pass(100)
  assert.ok(environment.requests.at(-1)?.endsWith(` ${tokenUntil(90_000)}`))
})

test('the answer delay runs from the end of what was said to the first of the answer', async () => {
  const { environment, told } = await joined()
  const say = (text: string, end: boolean): void =>
    environment.receive(ServerMessage.userSubtitle, { text, sentenceId: 2, end })
  environment.receive(ServerMessage.agentSubtitle, { text: 'Hello.', sentenceId: 1, end: true })
  say('What time', false)
  await environment.pass(500)
  say('What time is it?', true)
  await environment.pass(700)
  environment.receive(ServerMessage.agentSubtitle, { text: 'Noon.', sentenceId: 2, end: false })
  environment.receive(ServerMessage.agentSubtitle, { text: ' Sharp.', sentenceId: 2, end: true })
  await environment.pass(0)
  assert.deepEqual(
    told.filter((line) => line.startsWith('latencyStats')),
    ['latencyStats 700 30'],
  )
})

test('what the agent says of rarer things is told by the names of the vendor', async () => {
  const { environment, told } = await joined()
  const from = told.length
  environment.receive(ServerMessage.voiceChanged, { voiceId: 'v2' })
  environment.receive(ServerMessage.takeoverStarting, { takeoverUid: 'h1', takeoverMode: 0 })
  environment.receive(ServerMessage.takeoverConnected, { takeoverUid: 'h1' })
  environment.receive(ServerMessage.custom, { message: '{"card":7}' })
  environment.receive(ServerMessage.emotion, { emotion: 'happy', sentenceId: 3 })
  environment.receive(ServerMessage.customCaptureSwitched, { enable: true })
  environment.receive(ServerMessage.visualCheck, { peopleCount: { count: 2 } })
  environment.receive(ServerMessage.voiceprintSwitched, { enable: false })
  assert.deepEqual(told.slice(from), [
    'voiceIdChanged v2',
    'humanTakeoverWillStart h1 0',
    'humanTakeoverConnected h1',
    'receivedAgentCustomMessage {"card":7}',
    'agentEmotionNotify happy 3',
    'visionCustomCaptureChanged true',
    'receivedAgentVcrResult {"peopleCount":{"count":2}}',
    'voiceprintChanged false',
  ])
})

test('every command goes out as the message that the server knows', async () => {
  const { environment, call } = await joined()
  call.stopAgent()
  call.enableVoiceInterrupt(false)
  call.switchVoiceId('v2')
  call.enableVoiceprint(true)
  call.clearVoiceprint()
  call.sendCustomMessageToServer('{"a":1}')
  call.startVisionCustomCapture({ text: 'What is this?', num: 3 })
  call.stopVisionCustomCapture()
  call.updateLlmSystemPrompt('Be brief.')
  call.updateVcrConfig({ PeopleCount: { Enabled: true } })
  call.updateBailianAppParams({ biz: { id: 1 } })
  call.updateAsrMaxSilence(800)
  call.updateTtsSpeechRate(1.25)
  const capture = { mode: 'single', eachDuration: 5, num: 3, duration: 100, userData: '{}' }
  assert.deepEqual(
    environment.sent.map(({ type, data }) => [type, data]),
    [
      [1100, {}],
      [1102, { enable: false }],
      [1103, { voiceId: 'v2' }],
      [1109, { enable: true }],
      [1110, {}],
      [1112, { message: '{"a":1}' }],
      [1113, { text: 'What is this?', ...capture }],
      [1114, {}],
      [1115, { prompt: 'Be brief.' }],
      [1116, { PeopleCount: { Enabled: true } }],
      [1117, { params: '{"biz":{"id":1}}' }],
      [1118, { asrMaxSilence: 800 }],
      [1120, { speechRate: 1.25 }],
    ],
  )
})

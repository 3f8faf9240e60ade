/** Channels with more in them than one user and one agent: humans who take calls over, on connections of both
 * kinds and past the death of the media worker; two agents. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { OUTPUT_RATE_HZ } from '../../src/media/pcm.ts'
import { isRtcp, parseRtp } from '../../src/media/rtp-packet.ts'
import { makeChannelToken } from '../../src/schema/channel-token.ts'
import { OpusDecoder } from '../../src/rtc/opus-decoder.ts'
import { OpusEncoder } from '../../src/rtc/opus-encoder.ts'
import { measureTone, tone } from '../tone.ts'
import { startAntiphon, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller, type HeldCall } from './api-caller.ts'
import { workersOf } from './server-processes.ts'
import { SocketCaller } from './socket-caller.ts'
import { makeClient, type TestClient } from './webrtc-client.ts'

const [USER_HZ, HUMAN_HZ] = [600, 1500]
const SCRIPTED = {
  asr: { provider: 'scripted', texts: ['Hello.'] },
  llm: { provider: 'scripted', replies: ['I am the agent.'] },
  tts: { provider: 'scripted', msPerChar: 40, toneHz: 440 },
  vad: { provider: 'energy' },
}

let server: Antiphon
let api: ApiCaller
before(async () => {
  server = await startAntiphon()
  api = new ApiCaller(server)
})
after(async () => {
  await server.end()
})

const voice = (hz: number, ms: number): Int16Array =>
  tone({ hz, rateHz: 16_000, samples: 16 * ms, amplitude: 8000 })

/** How much of the sound from `fromMs` on is that tone, in frames of 20 ms. */
const framesOf = (caller: SocketCaller, hz: number, fromMs = 0): number =>
  caller.heard.filter(
    ({ atMs, frame }) =>
      atMs >= fromMs && measureTone(frame, { hz, rateHz: 16_000 }).amplitude > 1000,
  ).length

async function takeOver(
  call: HeldCall,
  parameters: object = { RequireToken: true },
): Promise<Record<string, string>> {
  const query = { InstanceId: call.instanceId, ...parameters }
  return (await api.vendor.call('TakeoverAIAgentCall', query)) as Record<string, string>
}

/** A human with a WebRTC connection, who speaks in a tone and keeps what comes. */
async function joinByWebRtc(channelId: string, token: string): Promise<TestClient> {
  // The test's own side of the library fails in some handshakes; browsers do not.
  for (let tries = 0; tries < 5; tries += 1) {
    const client = await makeClient()
    const response = await fetch(`${server.origin}/rtc/channels/${channelId}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
      body: client.offerSdp,
    })
    assert.equal(response.status, 201)
    client.peer.setRemoteDescription(await response.text(), 'answer')
    const opened = until(() => client.messages.isOpen(), 3000)
    if (
      await opened.then(
        () => true,
        () => false,
      )
    )
      return client
    client.close()
  }
  throw new Error('no connection in five tries')
}

async function speakByWebRtc(client: TestClient, hz: number, frames: number): Promise<void> {
  const encoder = new OpusEncoder()
  const startMs = performance.now()
  for (let index = 0; index < frames; index += 1) {
    await pause(Math.max(0, startMs + index * 20 - performance.now()))
    const pcm = tone({ hz, rateHz: OUTPUT_RATE_HZ, samples: 480, startSample: index * 480 })
    client.sendOpus(encoder.encode(pcm), 1000 + index)
  }
}

function heardByWebRtc(client: TestClient, hz: number): number {
  const decoder = new OpusDecoder()
  let frames = 0
  for (const bytes of client.received) {
    const packet = isRtcp(bytes) ? undefined : parseRtp(bytes)
    const pcm = packet === undefined ? undefined : decoder.decode(packet.payload)
    if (pcm !== undefined && measureTone(pcm, { hz, rateHz: 16_000 }).amplitude > 1000) frames += 1
  }
  decoder.close()
  return frames
}

const messagesOf = (client: TestClient, type: number): readonly Record<string, unknown>[] =>
  client.texts
    .map((text) => JSON.parse(text) as { type: unknown; data: Record<string, unknown> })
    .filter((message) => message.type === type)
    .map(({ data }) => data)

test('by WebRTC and WebSocket: the user hears the human, the human the user, and 2002 ends it', async () => {
  const call = await api.startCall(
    await api.makeAgent({ AsrConfig: { AsrMaxSilence: 300 } }, SCRIPTED),
  )
  const { caller } = call
  await until(() => caller.of(1001).length > 0)
  const {
    ChannelId: channelId = '',
    HumanAgentUserId: human = '',
    Token: token = '',
  } = await takeOver(call)
  assert.equal(channelId, call.channelId)
  assert.match(human, /^[0-9a-f]{32}$/)
  await until(() => caller.of(1012).length === 1)
  assert.deepEqual(caller.of(1012)[0]?.data, { takeoverUid: human, takeoverMode: 1 })
  const client = await joinByWebRtc(channelId, token)
  await until(() => caller.of(1013).length === 1)

  await Promise.all([caller.play(voice(USER_HZ, 1000)), speakByWebRtc(client, HUMAN_HZ, 60)])
  await until(() => framesOf(caller, HUMAN_HZ) >= 50 && heardByWebRtc(client, USER_HZ) >= 40, 5000)
  assert.equal(framesOf(caller, 440), 0, 'the agent is silent')
  await until(() => caller.said().length === 1 && messagesOf(client, 1002).length === 1, 5000)

  client.messages.close()
  await until(() => caller.of(1010).length === 1, 5000)
  assert.equal(caller.of(1010)[0]?.data['reason'], 2002)
  await until(async () => (await api.status(call.instanceId)) === 'Finished')
  client.close()
  const log = await api.log(call.instanceId)
  assert.equal(log.antiphon.endReason, 'takeover-ended')
  const saidBy = log.antiphon.sentences.map((line) => (line as { saidBy?: string }).saidBy)
  assert.deepEqual(log.dialog.map(({ role }, index) => [role, saidBy[index]]).toSorted(), [
    ['agent', human],
    ['user', undefined],
  ])
})

test('the worker dies in a takeover: both come back, and it is a takeover still, in the agent’s voice', async () => {
  const config = { UserOfflineTimeout: 20, antiphon: { TakeoverMode: 0 } }
  const call = await api.startCall(await api.makeAgent(config, SCRIPTED))
  await until(() => call.caller.of(1001).length > 0)
  const { Token: token = '' } = await takeOver(call, {
    HumanAgentUserId: 'Jo_1',
    RequireToken: true,
  })
  const human = await SocketCaller.connect(server.origin, call.channelId, token)
  await until(() => call.caller.of(1013).length === 1)
  assert.deepEqual(call.caller.of(1012)[0]?.data, { takeoverUid: 'Jo_1', takeoverMode: 0 })

  for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL')
  await until(() => !call.caller.isOpen && !human.isOpen)
  const joinAgain = async (token: string): Promise<SocketCaller> => {
    let joined: SocketCaller | undefined
    await until(async () => {
      joined = await SocketCaller.connect(server.origin, call.channelId, token)
      return true
    })
    assert.ok(joined !== undefined)
    return joined
  }
  const [user, back] = [await joinAgain(call.token), await joinAgain(token)]
  await until(() => user.of(1012).length === 1)
  await user.play(voice(USER_HZ, 600))
  await until(() => user.said().length === 1 && framesOf(back, USER_HZ) >= 25, 5000)
  await back.play(voice(HUMAN_HZ, 600))
  await until(() => framesOf(user, 440) >= 8, 5000)
  assert.equal(framesOf(user, HUMAN_HZ), 0, 'not the human’s own voice')
  assert.deepEqual([...user.answered().values()], ['Hello.'], 'the human’s words, not the model’s')
  back.close()
  await until(() => user.of(1010).length === 1, 5000)
  assert.equal(user.of(1010)[0]?.data['reason'], 2002)
})

test('two agents in one channel: both are heard and both answer, each under its own name', async () => {
  const file = readFileSync(join(server.folder, 'rtc-app.json'), 'utf8')
  const app = JSON.parse(file) as { appId: string; appKey: string }
  const channelId = 'shared'
  const tokenOf = (userId: string): string =>
    makeChannelToken({ ...app, channelId, userId, expiresS: Math.floor(Date.now() / 1000) + 60 })
  const start = async (userId: string, toneHz: number): Promise<string> => {
    const providers = {
      ...SCRIPTED,
      llm: { provider: 'scripted', replies: [`I am ${userId}.`] },
      tts: { ...SCRIPTED.tts, toneHz },
    }
    const AIAgentId = await api.makeAgent({ AsrConfig: { AsrMaxSilence: 300 } }, providers)
    const RuntimeConfig = { ChannelId: channelId, AgentUserId: userId, AuthToken: tokenOf(userId) }
    const started = await api.vendor.call('StartAIAgentInstance', { AIAgentId, RuntimeConfig })
    await assert.rejects(
      api.vendor.call('StartAIAgentInstance', { AIAgentId, RuntimeConfig }),
      (error: Error & { code?: string }) => error.code === 'InstanceAlreadyExists',
    )
    return String(started['InstanceId'])
  }
  const ann = await start('ann', 440)
  const bob = await start('bob', 880)
  const user = await SocketCaller.connect(server.origin, channelId, tokenOf('user'))
  await until(() => user.of(1001).length === 2)
  await user.play(voice(USER_HZ, 600))
  await until(() => framesOf(user, 440) >= 10 && framesOf(user, 880) >= 10, 5000)
  const senders = (text: string): unknown[] =>
    user
      .of(1002)
      .flatMap((message) =>
        message.data['text'] === text ? [(message as { senderId?: string }).senderId] : [],
      )
  assert.deepEqual([senders('I am ann.'), senders('I am bob.')], [['ann'], ['bob']])

  await api.stop(ann)
  assert.equal(await api.status(ann), 'Finished')
  assert.equal(await api.status(bob), 'Executing')
  await user.play(voice(USER_HZ, 600))
  await until(() => senders('I am bob.').length === 2, 5000)
  assert.equal(senders('I am ann.').length, 1)
  await api.stop(bob)
  await until(() => !user.isOpen, 5000)
})

/** Events of calls reach a receiver that fails, closes, redirects, is slow or away, and survive the server. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ApiCaller } from './api-caller.ts'
import {
  settingsFor,
  startAntiphon,
  temporaryFolder,
  until,
  type Antiphon,
} from './antiphon-process.ts'
import { CallbackReceiver, isSigned } from './callback-receiver.ts'
import { killAll } from './server-processes.ts'
import { OWN_VERSION } from './vendor-client.ts'

const ANTIPHON = fileURLToPath(new URL('../../src/antiphon.ts', import.meta.url))
const env = { ANTIPHON_OUTBOUND_PRIVATE: '127.0.0.1' }
const folder = temporaryFolder()
const receiver = new CallbackReceiver()
let server: Antiphon
let api: ApiCaller
let agentId = ''
let secret = ''

before(async () => {
  await receiver.open()
  server = await startAntiphon({ folder, env })
  api = new ApiCaller(server)
  agentId = await api.makeAgent(
    {
      Greeting: 'Hello.',
      UserOnlineTimeout: 1,
      UserOfflineTimeout: 1,
      antiphon: { Recording: 'Both' },
    },
    {
      asr: { provider: 'scripted' },
      llm: { provider: 'scripted' },
      tts: { provider: 'scripted', msPerChar: 10 },
      vad: { provider: 'energy' },
    },
  )
  const config = { AIAgentId: agentId, EnableNotify: true, CallbackUrl: receiver.url, Token: 'T 1' }
  await api.vendor.call('SetNotifyConfig', config)
  const made = await api.vendor.call('CreateCallbackSecret', { AIAgentId: agentId }, OWN_VERSION)
  secret = String(made['SigningSecret'])
})
after(async () => {
  receiver.close()
  await server.end()
})

const generate = async (UserData: string): Promise<string> => {
  const made = await api.vendor.call('GenerateAIAgentCall', { AIAgentId: agentId, UserData })
  return String(made['InstanceId'])
}

test('a receiver on a bad day gets every event of a call, in order, signed, each with one id', async () => {
  receiver.reactions = ['fail', 'take', 'close', 'take', 'redirect', 'take', 'take slowly']
  const { caller, instanceId } = await api.startCall(agentId)
  await until(() => caller.of(1002).some(({ data }) => data['end'] === true))
  caller.send(1111, { text: 'What time is it?' })
  await until(() => caller.of(1002).some(({ data }) => Number(data['sentenceId']) === 2))
  await until(() => caller.of(1001).at(-1)?.data['state'] === 1)
  caller.send(1112, { message: '{"rating":5}' })
  await api.vendor.call('StopAIAgentInstance', { InstanceId: instanceId })
  await until(() => receiver.taken(instanceId).includes('full_audio_record'))
  const steps = receiver.taken(instanceId).filter((name) => !name.includes('audio'))
  assert.deepEqual(steps, [
    'agent_start',
    'session_start',
    'tts_data_received',
    'chat_record',
    'intent_detected',
    'intent_recognized',
    'chat_record',
    'llm_data_received',
    'tts_data_received',
    'chat_record',
    'client_defined_data',
    'agent_stop',
  ])
  for (const arrival of receiver.arrivals) {
    assert.equal(arrival.path, '/hook')
    assert.equal(arrival.headers.authorization, 'T 1')
    assert.ok(isSigned(arrival, secret), String(arrival.body['event']))
  }
  const ids = receiver.arrivals.map(({ eventId }) => eventId)
  assert.deepEqual(
    ids.slice(0, 6).map((id) => ids.indexOf(id)),
    [0, 0, 2, 2, 4, 4],
  )
  assert.equal(new Set(ids).size, receiver.taken(instanceId).length)
  const custom = receiver.arrivals.find(({ body }) => body['event'] === 'client_defined_data')
  assert.deepEqual(custom?.body['data'], { message: '{"rating":5}' })
  const recorded = receiver.arrivals.filter(({ body }) => String(body['event']).includes('audio'))
  assert.equal(recorded.length, 3, 'greeting, answer, call')
  for (const { body } of recorded) {
    const { url } = body['data'] as { readonly url: string }
    const wav = new Uint8Array(await (await fetch(url)).arrayBuffer())
    assert.equal(Buffer.from(wav.subarray(0, 4)).toString(), 'RIFF')
  }
  const data = (recorded[0]?.body['data'] ?? {}) as Record<string, unknown>
  assert.deepEqual([data['role'], data['text'], data['sentence_id']], ['agent', 'Hello.', 1])
  caller.close()
})

test('what waits for a receiver that is away survives kill -9, and nothing is told twice under two ids', async () => {
  receiver.arrivals.length = 0
  receiver.reactions = ['hang']
  const stopped = await generate('stopped')
  await until(() => receiver.arrivals.length === 1)
  receiver.close()
  await api.vendor.call('StopAIAgentInstance', { InstanceId: stopped })
  const running = await generate('running')
  await until(async () => (await waiting()).length >= 3)
  const before = await waiting()
  await killAll(server)
  await receiver.open()
  server = await startAntiphon({ folder, env })
  api = new ApiCaller(server)
  for (const instanceId of [stopped, running]) {
    await until(() => receiver.taken(instanceId).includes('agent_stop'))
    assert.deepEqual(receiver.taken(instanceId), ['agent_start', 'agent_stop'])
  }
  const ids = receiver.arrivals.map(({ eventId }) => eventId)
  assert.ok(before.every(([, id]) => ids.includes(id ?? '')))
  // The first delivery was seen before the kill; the one after it has the same id.
  assert.equal(ids.indexOf(ids[0] ?? '', 1) > 0, true)
  assert.equal(new Set(ids).size, 4)
  const last = receiver.arrivals.find(
    ({ body }) => body['instanceId'] === running && body['event'] === 'agent_stop',
  )
  assert.equal(last?.body['userData'], 'running')
  await until(async () => (await waiting()).length === 0)
})

/** Lines of `npx antiphon callbacks list --waiting`, in columns. */
async function waiting(): Promise<readonly (readonly string[])[]> {
  const args = [ANTIPHON, 'callbacks', 'list', '--waiting', '--agent', agentId]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...settingsFor(folder), ANTIPHON_URL: server.origin },
  })
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('  '))
}

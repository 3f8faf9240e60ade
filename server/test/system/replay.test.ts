/** A real call, whose worker dies in the middle, is decided again from its log alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readRecording } from '../../src/replay/recording.ts'
import { replay } from '../../src/replay/rerun.ts'
import { whatIf } from '../../src/replay/what-if.ts'
import { startAntiphon, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'
import { workersOf } from './server-processes.ts'
import { sound, type SocketCaller } from './socket-caller.ts'

const speech = sound('en_01.wav').subarray(0.4 * 16_000, 2.7 * 16_000)
let server: Antiphon
before(async () => {
  server = await startAntiphon()
})
after(() => server.end())

async function ask(caller: SocketCaller): Promise<void> {
  const answers = caller.answered().size
  await caller.play(speech)
  await until(() => caller.answered().size > answers && caller.of(1001).at(-1)?.data['state'] === 1)
}

test('the log of a real call replays byte for byte, both before and after its worker died', async () => {
  const api = new ApiCaller(server)
  const agentId = await api.makeAgent(
    { Greeting: '', UserOfflineTimeout: 20, AsrConfig: { AsrMaxSilence: 400 } },
    {
      asr: { provider: 'scripted', texts: ['What time is it?'], partials: true, delayMs: 40 },
      llm: { provider: 'scripted', replies: ['It is noon.'], firstTokenMs: 150, tokenMs: 20 },
      tts: { provider: 'scripted', msPerChar: 30, firstAudioMs: 50 },
      vad: { provider: 'energy' },
    },
  )
  const call = await api.startCall(agentId)
  await ask(call.caller)
  for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL')
  await until(() => !call.caller.isOpen)
  await until(async () => (await fetch(`${server.origin}/readyz`)).status === 200)
  let caller: SocketCaller | undefined
  await until(async () => {
    caller = await api.rejoin(call).catch(() => undefined)
    return caller !== undefined
  })
  assert.ok(caller !== undefined)
  await ask(caller)
  await api.stop(call.instanceId)
  const read = readRecording(await api.log(call.instanceId))
  assert.ok(read.ok, JSON.stringify(read))
  assert.equal(read.value.stretches.length, 2)
  const { events, differences } = replay(read.value)
  assert.ok(events > 30, String(events))
  assert.deepEqual(differences, [])

  const same = whatIf(read.value, [])
  assert.ok(same.ok)
  assert.deepEqual(
    same.value.recorded.turns.map(({ userText, answerText }) => [userText, answerText]),
    [1, 2].map(() => ['What time is it?', 'It is noon.']),
  )
  assert.equal(same.value.differences.length, 0, JSON.stringify(same.value.differences))
  const slower = whatIf(read.value, [{ path: 'AsrConfig.AsrMaxSilence', value: 1000 }])
  assert.ok(slower.ok)
  // The second one comes too late: the call was stopped as soon as it had been answered.
  const kinds = slower.value.differences.map(({ kind }) => kind)
  assert.ok(kinds.includes('answer-delay'), JSON.stringify(slower.value.differences))
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { serveDashScopeTts } from '../../../test/providers/dashscope-server.ts'
import { mixedPump } from '../../../test/providers/local-server.ts'
import { ttsFaultContract } from '../../ports/provider-faults.contract.ts'
import { until } from '../../ports/pump.contract.ts'
import { isSpoken, speak, ttsContract } from '../../ports/tts.contract.ts'
import type { TtsRequest } from '../../ports/tts.ts'

const friendly = await serveDashScopeTts()
after(() => friendly.release())
ttsContract({
  name: 'dashscope TTS',
  provider: () => friendly.provider,
  pump: mixedPump(friendly.clock),
})
ttsFaultContract({ name: 'dashscope TTS', serve: (fault) => serveDashScopeTts(fault) })

type Server = Awaited<ReturnType<typeof serveDashScopeTts>>

async function say(server: Server, text: string, options: Partial<TtsRequest> = {}) {
  const spoken = speak(server.provider, text, options)
  await until(mixedPump(server.clock), () => isSpoken(spoken), 'the end')
  return spoken
}

const parameters = (server: Server): readonly unknown[] =>
  server.seen.connections.flatMap(({ commands }) =>
    commands.flatMap(({ payload }) => payload.parameters ?? []),
  )

test('dashscope TTS: the commands are those of the protocol, pieces share a connection', async () => {
  const server = await serveDashScopeTts(undefined, { volume: 80, pitch: 1.1 })
  const first = await say(server, '床前明月光，', { voiceId: 'longanhuan', speechRate: 1.5 })
  await say(server, '疑是地上霜。')
  assert.deepEqual(first.errors, [])
  assert.equal(first.pieces[0]?.sampleRateHz, 24_000)
  assert.equal(server.seen.connections.length, 1)
  const [run, text, finish] = server.seen.connections[0]?.commands ?? []
  const task_id = run?.header.task_id
  assert.deepEqual(run, {
    header: { action: 'run-task', task_id, streaming: 'duplex' },
    payload: {
      task_group: 'audio',
      task: 'tts',
      function: 'SpeechSynthesizer',
      model: 'cosyvoice-v3-flash',
      parameters: {
        text_type: 'PlainText',
        voice: 'longanhuan',
        format: 'pcm',
        sample_rate: 24_000,
        rate: 1.5,
        volume: 80,
        pitch: 1.1,
      },
      input: {},
    },
  })
  assert.deepEqual(text, {
    header: { action: 'continue-task', task_id, streaming: 'duplex' },
    payload: { input: { text: '床前明月光，' } },
  })
  assert.deepEqual(finish, {
    header: { action: 'finish-task', task_id, streaming: 'duplex' },
    payload: { input: {} },
  })
  server.release()
  assert.equal(server.clock.pending, 0)
})

test('dashscope TTS: mood and language go to models that know them, in the documented words', async () => {
  const style = { emotion: 'happy', languageId: 'English' }
  const v3 = await serveDashScopeTts()
  await say(v3, 'Hello.', { style })
  await say(v3, 'Hello.', { style: { emotion: 'calm' } })
  const common = { text_type: 'PlainText', format: 'pcm', sample_rate: 24_000, rate: 1 }
  assert.deepEqual(parameters(v3), [
    {
      ...common,
      voice: 'longanyang',
      instruction: '你说话的情感是happy。',
      language_hints: ['en'],
    },
    { ...common, voice: 'longanyang', instruction: '你说话的情感是neutral。' },
  ])
  v3.release()
  const v2 = await serveDashScopeTts(undefined, { model: 'cosyvoice-v2', voices: ['my-clone'] })
  await say(v2, 'Hello.', { style, voiceId: 'nobody' })
  assert.deepEqual(parameters(v2), [{ ...common, voice: 'my-clone' }])
  v2.release()
})

test('dashscope TTS: a connection that the service closed between pieces is made anew', async () => {
  const server = await serveDashScopeTts()
  await say(server, 'Hello.')
  server.clock.advance(60_000)
  const again = await say(server, 'Again.')
  assert.deepEqual(again.errors, [])
  assert.equal(server.seen.connections.length, 2)
  server.release()
})

test('dashscope TTS: a piece that is cancelled takes its connection along', async () => {
  const server = await serveDashScopeTts('stall in the middle')
  const spoken = speak(server.provider, 'A long story.')
  await until(mixedPump(server.clock), () => spoken.pieces.length > 0, 'the first sound')
  spoken.stream.cancel()
  assert.equal(server.clock.pending, 0)
  server.behave()
  assert.deepEqual((await say(server, 'Yes.')).errors, [])
  assert.equal(server.seen.connections.length, 2)
  server.release()
})

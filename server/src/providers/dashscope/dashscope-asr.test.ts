import assert from 'node:assert/strict'
import { test } from 'node:test'
import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { serveDashScopeAsr } from '../../../test/providers/dashscope-server.ts'
import { mixedPump } from '../../../test/providers/local-server.ts'
import { asrContract } from '../../ports/asr.contract.ts'
import { asrFaultContract } from '../../ports/provider-faults.contract.ts'
import { until } from '../../ports/pump.contract.ts'

const speech = framesOf(readWav('en_06'))
const friendly = await serveDashScopeAsr()
asrContract({
  name: 'dashscope ASR',
  provider: () => friendly.provider,
  pump: mixedPump(friendly.clock),
  speech,
  word: 'lights',
})
asrFaultContract({ name: 'dashscope ASR', serve: (fault) => serveDashScopeAsr(fault), speech })

function open(
  { provider }: Awaited<ReturnType<typeof serveDashScopeAsr>>,
  options: { readonly languageId: string; readonly hotWords: readonly string[] },
) {
  const heard = { partials: [] as string[], finals: [] as string[], errors: [] as object[] }
  const stream = provider.open(
    { ...options, customParams: '' },
    {
      onPartial: (text) => heard.partials.push(text),
      onFinal: (text) => heard.finals.push(text),
      onError: (error) => heard.errors.push(error),
    },
  )
  return { ...heard, stream, say: () => speech.forEach((frame) => stream.write(frame)) }
}

test('dashscope ASR: the commands are those of the protocol, sentences share a connection', async () => {
  const server = await serveDashScopeAsr(undefined, { vocabularyId: 'vocab-1', workspace: 'ws-1' })
  const pump = mixedPump(server.clock)
  const one = open(server, { languageId: 'zh_en', hotWords: ['张三'] })
  one.say()
  await until(pump, () => one.partials.length >= 4, 'partials')
  one.stream.flush(1)
  await until(pump, () => one.finals.length > 0, 'the text')
  one.stream.reset()
  one.say()
  one.stream.flush(2)
  await until(pump, () => one.finals.length > 1, 'the second text')
  one.stream.close()
  assert.deepEqual(one.partials.slice(0, 4), [
    'Turn',
    'Turn on',
    'Turn on the',
    'Turn on the lights.',
  ])
  assert.deepEqual(one.finals, ['Turn on the lights.', 'Turn on the lights.'])
  assert.equal(server.seen.connections.length, 1)
  const [connection] = server.seen.connections
  assert.equal(connection?.authorization, 'Bearer sk-secret')
  assert.equal(connection?.workspace, 'ws-1')
  const commands = connection?.commands ?? []
  assert.deepEqual(
    commands.map(({ header }) => `${header.action} ${header.streaming}`),
    ['run-task duplex', 'finish-task duplex', 'run-task duplex', 'finish-task duplex'],
  )
  assert.notEqual(commands[0]?.header.task_id, commands[2]?.header.task_id)
  assert.deepEqual(commands[0]?.payload, {
    task_group: 'audio',
    task: 'asr',
    function: 'recognition',
    model: 'paraformer-realtime-v2',
    parameters: {
      format: 'pcm',
      sample_rate: 16_000,
      language_hints: ['zh', 'en'],
      vocabulary_id: 'vocab-1',
    },
    input: {},
  })
})

test('dashscope ASR: hot words go into the task where the model takes them there', async () => {
  const model = 'qwen-audio-3.0-asr-flash-streaming'
  const server = await serveDashScopeAsr(undefined, { model, languages: ['zh'] })
  const one = open(server, { languageId: 'zh', hotWords: ['张三', '李四'] })
  one.say()
  one.stream.flush(1)
  await until(mixedPump(server.clock), () => one.finals.length > 0, 'the text')
  one.stream.close()
  assert.deepEqual(server.seen.connections[0]?.commands[0]?.payload.parameters, {
    format: 'pcm',
    sample_rate: 16_000,
    vocabulary: { 张三: 5, 李四: 5 },
  })
})

test('dashscope ASR: sound after a pause goes on in the same sentence', async () => {
  const server = await serveDashScopeAsr()
  const pump = mixedPump(server.clock)
  const one = open(server, { languageId: 'en', hotWords: [] })
  one.say()
  one.stream.flush(1)
  await until(pump, () => one.finals.length > 0, 'the text')
  one.say()
  one.stream.flush(2)
  await until(pump, () => one.finals.length > 1, 'the whole')
  assert.equal(one.finals[1], 'Turn on the lights. Turn on the lights.')
  one.stream.close()
})

test('dashscope ASR: a task without sound is ended before the service does', async () => {
  const server = await serveDashScopeAsr()
  const pump = mixedPump(server.clock)
  const one = open(server, { languageId: 'en', hotWords: [] })
  one.say()
  await until(pump, () => one.partials.length >= 4, 'partials')
  for (let second = 0; second < 25; second++) {
    server.clock.advance(1000)
    await pump()
  }
  const actions = server.seen.connections[0]?.commands.map(({ header }) => header.action)
  assert.deepEqual(actions, ['run-task', 'finish-task'])
  one.stream.flush(1)
  await until(pump, () => one.finals.length > 0, 'the text')
  assert.deepEqual(one.finals, ['Turn on the lights.'])
  one.stream.close()
})

test('dashscope ASR: errors of the service give its code, and whether to try again', async () => {
  for (const [code, isRetryable] of [
    ['InvalidParameter', false],
    ['Arrearage', false],
    ['Throttling.RateQuota', true],
    ['InternalError', true],
    ['CLIENT_ERROR', true],
  ] as const) {
    const server = await serveDashScopeAsr(`code ${code}`)
    const one = open(server, { languageId: 'en', hotWords: [] })
    one.say()
    await until(mixedPump(server.clock), () => one.errors.length > 0, 'the error')
    const message = `the speech recogniser reports an error (${code})`
    assert.deepEqual(one.errors, [{ message, isRetryable }])
    assert.equal(server.clock.pending, 0)
  }
})

test('dashscope ASR: languages are those of the model', async () => {
  const { provider } = await serveDashScopeAsr()
  const codes = ['zh', 'en', 'ja', 'yue', 'ko', 'de', 'fr', 'ru']
  const aliases = ['zh_mandarin', 'zh_en', 'jp']
  assert.deepEqual(provider.languages, [...codes, ...aliases])
  const other = await serveDashScopeAsr(undefined, { model: 'fun-asr-realtime-2025-09-15' })
  assert.deepEqual(other.provider.languages, ['zh', 'en', 'zh_mandarin', 'zh_en'])
  const unknown = await serveDashScopeAsr(undefined, { model: 'new-model' })
  assert.deepEqual(unknown.provider.languages, [])
})

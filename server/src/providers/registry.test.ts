import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fakeEspeak } from '../../test/providers/fake-espeak.ts'
import { silentLog } from '../base/log.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import { systemClock } from '../base/system-clock.ts'
import { ask, isOver, requestOf } from '../ports/llm.contract.ts'
import { machinePump, until } from '../ports/pump.contract.ts'
import type { ProviderChoice } from '../schema/providers.ts'
import { createProviders, type Providers, type ProvidersOptions } from './registry.ts'

const made: Providers[] = []
after(() => {
  for (const providers of made) providers.close()
})

function create(options: Partial<ProvidersOptions> = {}): Providers {
  const providers = createProviders({
    clock: systemClock,
    ids: simulatedIds(),
    log: silentLog,
    cacheFolder: join(tmpdir(), 'antiphon-registry-test'),
    environment: () => undefined,
    ...options,
  })
  made.push(providers)
  return providers
}

test('the defaults depend on whether a language model is configured', () => {
  assert.equal(create().defaults.llm, 'builtin')
  assert.equal(create({ openAi: { apiKey: 'k' } }).defaults.llm, 'openai')
  assert.equal(create({ openAi: { baseUrl: 'http://127.0.0.1:1/v1' } }).defaults.llm, 'openai')
  assert.deepEqual(create({ defaults: { tts: 'scripted' } }).defaults, {
    asr: 'moonshine',
    llm: 'builtin',
    tts: 'scripted',
    vad: 'silero',
  })
})

test('with scripted defaults and the energy VAD nothing has to be loaded', async () => {
  const defaults = { asr: 'scripted', llm: 'scripted', tts: 'scripted', vad: 'energy' }
  const providers = create({ defaults })
  assert.deepEqual(await providers.load(), { ok: true, value: undefined })
  const names = [providers.asr(undefined, 'zh'), providers.llm(), providers.tts(), providers.vad()]
  assert.deepEqual(
    names.map((result) => result.ok && result.value.name),
    ['scripted', 'scripted', 'scripted', 'energy'],
  )
})

test('models are shared between calls', () => {
  const providers = create()
  const tiny = [providers.asr(undefined, 'en'), providers.asr({ provider: 'moonshine' }, 'en')]
  assert.ok(tiny[0]?.ok && tiny[1]?.ok && tiny[0].value === tiny[1].value)
  const base = providers.asr({ provider: 'moonshine', model: 'base' }, 'en')
  assert.ok(base.ok && base.value !== tiny[0].value)
})

test('a language that the recogniser does not know is refused with the way out', () => {
  const result = create().asr(undefined, 'zh')
  assert.ok(!result.ok)
  assert.match(result.error, /AsrConfig.AsrLanguageId zh .*moonshine.*knows en.*Providers.asr/)
})

test('a wrong choice is refused by name', () => {
  const result = create().llm({ provider: 'openai', apiKey: 'sk-1' })
  assert.ok(!result.ok)
  assert.match(result.error, /Providers.llm.apiKey is not allowed/)
  const unset = create().llm({ provider: 'openai', apiKeyEnv: 'MY_KEY' })
  assert.ok(!unset.ok)
  assert.match(unset.error, /apiKeyEnv names MY_KEY, which is not set/)
})

test('recognisers by protocol are made with what they need, and say what is missing', () => {
  const providers = create({
    environment: (name) => (name === 'DASHSCOPE_API_KEY' || name === 'MY_KEY' ? 'key' : undefined),
  })
  const asr = (choice: ProviderChoice, languageId: string): string => {
    const made = providers.asr(choice, languageId)
    return made.ok ? made.value.name : made.error
  }
  assert.equal(asr({ provider: 'dashscope' }, 'zh_en'), 'dashscope')
  assert.match(
    asr({ provider: 'dashscope' }, 'es'),
    /AsrLanguageId es is not recognised .* zh, en, ja/,
  )
  assert.equal(asr({ provider: 'openai', apiKeyEnv: 'MY_KEY' }, 'es'), 'openai')
  const own = { provider: 'selfdeveloped', url: 'wss://stt.example.org/v1' }
  assert.equal(asr(own, 'zh_en'), 'selfdeveloped')
  assert.match(asr(own, 'es'), /AsrLanguageId es .* knows zh, en, zh_mandarin, zh_en/)
  assert.equal(asr({ ...own, languages: ['es'] }, 'es'), 'selfdeveloped')
  assert.match(
    asr({ provider: 'sherpa', folder: 'nothing-there' }, 'zh'),
    /^Providers.asr.folder: the model folder .*nothing-there cannot be read/,
  )
  assert.match(
    asr({ provider: 'sherpa', folder: '../../etc' }, 'zh'),
    /^Providers.asr.folder must be the name of a folder in the server's models folder/,
  )
})

test('a key of DashScope goes to DashScope alone, and is asked for where it is missing', () => {
  const bare = create().tts({ provider: 'dashscope' })
  assert.match(
    bare.ok ? '' : bare.error,
    /^Providers.tts needs a key of DashScope: set DASHSCOPE_API_KEY/,
  )
  const own = create().tts({ provider: 'dashscope', baseUrl: 'ws://127.0.0.1:1/api-ws' })
  assert.ok(own.ok && own.value.name === 'dashscope')
  const named = create().asr({ provider: 'dashscope', apiKeyEnv: 'GONE' }, 'zh')
  assert.match(named.ok ? '' : named.error, /Providers.asr.apiKeyEnv names GONE, which is not set/)
})

test('voices by protocol are made; eSpeak NG tells how it is installed where it is not', () => {
  const providers = create({ espeak: '/nowhere/espeak-ng' })
  const tts = (choice: ProviderChoice): string => {
    const made = providers.tts(choice, 'zh_mandarin')
    return made.ok ? made.value.name : made.error
  }
  assert.equal(tts({ provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1' }), 'openai')
  const own = { provider: 'selfdeveloped', url: 'http://127.0.0.1:1/speak' }
  assert.equal(tts({ ...own, sampleRateHz: 16_000, voices: ['mia'] }), 'selfdeveloped')
  assert.match(tts({ ...own, sampleRateHz: 22_050 }), /^Providers.tts.sampleRateHz/)
  assert.match(
    tts({ provider: 'sherpa', folder: 'gone' }),
    /^Providers.tts.folder: .*gone cannot be/,
  )
  assert.match(
    tts({ provider: 'espeak' }),
    /^Providers.tts: eSpeak NG is not installed .*apt install/,
  )
  const found = create({
    espeak: fakeEspeak(),
    environment: (name) => process.env[name],
  }).tts({ provider: 'espeak' }, 'zh_mandarin')
  assert.equal(found.ok && found.value.defaultVoiceId, 'cmn')
})

test("the server's key goes to the server's endpoint alone", async () => {
  const keys: (string | undefined)[] = []
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const providers = create({
    openAi: { baseUrl: `${origin}/v1`, apiKey: 'server-key' },
    environment: (name) => (name === 'AGENT_KEY' ? 'agent-key' : undefined),
  })
  const choices: readonly (ProviderChoice | undefined)[] = [
    undefined,
    { provider: 'openai', model: 'other' },
    { provider: 'openai', baseUrl: `${origin}/elsewhere` },
    { provider: 'openai', baseUrl: `${origin}/elsewhere`, apiKeyEnv: 'AGENT_KEY' },
  ]
  for (const choice of choices) {
    const provider = providers.llm(choice)
    assert.ok(provider.ok)
    const answer = ask(provider.value, requestOf([{ role: 'user', content: 'Hi' }]))
    await until(machinePump, () => isOver(answer), 'the end')
  }
  server.close()
  server.closeAllConnections()
  assert.deepEqual(keys, ['Bearer server-key', 'Bearer server-key', undefined, 'Bearer agent-key'])
})

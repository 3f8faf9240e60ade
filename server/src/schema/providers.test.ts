import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  asrLanguages,
  checkChoice,
  defaultProviders,
  parseProviders,
  PROVIDERS,
} from './providers.ts'

const errorOf = (value: unknown): string => {
  const result = parseProviders(JSON.stringify(value))
  return result.ok ? '' : result.error
}

test('Providers with known names and options is taken as it is', () => {
  const value = {
    asr: { provider: 'moonshine', model: 'base' },
    llm: { provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1', model: 'm', apiKeyEnv: 'MY_KEY' },
    tts: { provider: 'scripted', msPerChar: 10, toneHz: 300 },
    vad: { provider: 'energy' },
  }
  assert.deepEqual(parseProviders(JSON.stringify(value)), { ok: true, value })
  assert.deepEqual(parseProviders('{}'), { ok: true, value: {} })
})

test('an unknown name lists those there are', () => {
  assert.equal(
    errorOf({ llm: { provider: 'gpt' } }),
    'Providers.llm.provider must be one of builtin, openai, scripted.',
  )
  assert.equal(errorOf({ ear: {} }), 'Providers.ear is not known; there are asr, llm, tts, vad.')
  assert.match(errorOf({ asr: { provider: 'toString' } }), /must be one of moonshine, scripted/)
  assert.match(errorOf({ asr: 'moonshine' }), /Providers.asr.provider must be one of/)
})

test('a wrong option is named with what is allowed', () => {
  assert.equal(
    errorOf({ asr: { provider: 'moonshine', model: 'huge' } }),
    'Providers.asr.model must be one of tiny, base.',
  )
  assert.equal(
    errorOf({ asr: { provider: 'moonshine', modle: 'tiny' } }),
    'Providers.asr.modle is not known to this provider; there are model.',
  )
  assert.match(errorOf({ vad: { provider: 'silero', level: 3 } }), /it has no options/)
  assert.match(
    errorOf({ llm: { provider: 'builtin', wordDelayMs: -1 } }),
    /wordDelayMs must be >= 0/,
  )
  assert.match(errorOf({ asr: { provider: 'scripted', texts: [1] } }), /texts\.0 must be string/)
  assert.match(errorOf({ llm: { provider: 'openai', baseUrl: 'file:///x' } }), /http or https/)
})

test('a secret is refused and the way out is named', () => {
  const error = errorOf({ llm: { provider: 'openai', apiKey: 'sk-123' } })
  assert.match(error, /Providers.llm.apiKey is not allowed.*apiKeyEnv/)
  assert.doesNotMatch(error, /sk-123/)
  assert.match(errorOf({ tts: { provider: 'flite', token: 'x' } }), /not allowed/)
  // The server's own keys cannot be sent to an address of the agent's choice.
  assert.match(
    errorOf({ llm: { provider: 'openai', apiKeyEnv: 'ANTIPHON_ACCESS_KEY_SECRET' } }),
    /apiKeyEnv must be the name of an environment variable/,
  )
})

test('the defaults are providers that exist', () => {
  for (const hasOpenAi of [true, false]) {
    const names = defaultProviders({ hasOpenAi })
    for (const kind of ['asr', 'llm', 'tts', 'vad'] as const)
      assert.ok(checkChoice(kind, { provider: names[kind] }).ok)
    assert.equal(names.llm, hasOpenAi ? 'openai' : 'builtin')
  }
  assert.deepEqual(PROVIDERS.asr.moonshine.languages, ['en'])
})

test('what a recogniser knows follows from its options', () => {
  assert.deepEqual(asrLanguages({ provider: 'moonshine' }), ['en'])
  assert.ok(asrLanguages({ provider: 'dashscope' }).includes('zh_mandarin'))
  const fun = asrLanguages({ provider: 'dashscope', model: 'fun-asr-realtime-2025-09-15' })
  assert.deepEqual(fun, ['zh', 'en', 'zh_mandarin', 'zh_en'])
  assert.deepEqual(asrLanguages({ provider: 'dashscope', model: 'unheard-of' }), [])
  assert.deepEqual(asrLanguages({ provider: 'selfdeveloped', languages: ['ja'] }), ['ja', 'jp'])
  assert.equal(asrLanguages({ provider: 'sherpa', folder: 'x' }), 'any')
  assert.deepEqual(asrLanguages({ provider: 'toString' }), [])
})

test('addresses and folders of providers by protocol are checked', () => {
  assert.match(
    errorOf({ asr: { provider: 'dashscope', baseUrl: 'https://x' } }),
    /^Providers.asr.baseUrl must be a ws or wss address/,
  )
  assert.match(errorOf({ asr: { provider: 'selfdeveloped' } }), /Providers.asr must have .*url/)
  assert.match(
    errorOf({ tts: { provider: 'sherpa', folder: '/etc' } }),
    /tts.folder must be the name/,
  )
  assert.match(
    errorOf({ tts: { provider: 'selfdeveloped', url: 'http://x', token: 'abc' } }),
    /Providers.tts.token is not allowed.*apiKeyEnv/,
  )
})

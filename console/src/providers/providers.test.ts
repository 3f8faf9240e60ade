import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readProvider, withProvider } from './providers.ts'

const openAi = readProvider({
  Kind: 'llm',
  Provider: 'openai',
  IsDefault: false,
  IsUsable: false,
  Reason: 'Name an address.',
  Options: { type: 'object', properties: { baseUrl: {}, model: {} } },
})

test('a provider that is chosen instead keeps the options that it knows too', () => {
  const before = { provider: 'other', model: 'small', voices: ['x'] }
  assert.deepEqual(withProvider(before, openAi), { provider: 'openai', model: 'small' })
})

test('folders of models are offered to choose from', () => {
  const { options } = readProvider({
    Kind: 'asr',
    Provider: 'sherpa',
    Folders: [{ Name: 'whisper-tiny', About: 'a recogniser' }],
    Options: { properties: { folder: { type: 'string' } } },
  })
  assert.deepEqual(options.properties?.['folder']?.enum, ['whisper-tiny'])
})

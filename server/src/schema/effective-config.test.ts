import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aiAgentConfig } from './ai-agent-config.ts'
import { effectiveConfig, fromTemplate, toTemplate } from './effective-config.ts'

test('the stronger layer wins member by member, lists whole', () => {
  const agent = {
    Greeting: 'Hello',
    Volume: 100,
    AsrConfig: { AsrMaxSilence: 400, AsrHotWords: ['a', 'b'] },
    InterruptConfig: { EnableVoiceInterrupt: true },
  }
  const call = {
    Volume: 0,
    AsrConfig: { AsrHotWords: ['c'] },
    InterruptConfig: { EnableVoiceInterrupt: false },
  }
  assert.deepEqual(effectiveConfig(agent, call), {
    Greeting: 'Hello',
    Volume: 0,
    AsrConfig: { AsrMaxSilence: 400, AsrHotWords: ['c'] },
    InterruptConfig: { EnableVoiceInterrupt: false },
  })
  assert.deepEqual(agent.AsrConfig.AsrHotWords, ['a', 'b'])
})

test('null, absent and empty text change nothing; an empty list of texts does', () => {
  const agent = { Greeting: 'Hello', TtsConfig: { VoiceId: 'v', VoiceIdList: ['v'] } }
  const call = { Greeting: '', AsrConfig: undefined, TtsConfig: { VoiceId: null, VoiceIdList: [] } }
  assert.deepEqual(effectiveConfig(agent, call), {
    Greeting: 'Hello',
    TtsConfig: { VoiceId: 'v', VoiceIdList: [] },
  })
  assert.deepEqual(effectiveConfig({}, { Greeting: '' }), { Greeting: '' })
})

test('what the Python client writes for lists that nobody gave takes nothing away', () => {
  const agent = {
    BackChannelingConfigs: [{ Enabled: true, Words: [{ Text: 'mhm' }] }],
    LlmConfig: { LlmHistory: [{ Role: 'user', Content: 'hi' }], FunctionMap: [{ Function: 'f' }] },
    TtsConfig: { PronunciationRules: [{ Word: 'a' }], SpeechRate: 1 },
    AutoSpeechConfig: { UserIdle: { Messages: [{ Text: 'Hello?' }], WaitTime: 5000 } },
  }
  const call = {
    BackChannelingConfigs: [],
    BackChannelingConfig: [],
    LlmConfig: { LlmHistory: [], FunctionMap: [], LlmSystemPrompt: 'p' },
    TtsConfig: { PronunciationRules: [], SpeechRate: 1.5 },
    AutoSpeechConfig: { UserIdle: { Messages: [], WaitTime: 8000 } },
  }
  assert.deepEqual(effectiveConfig(agent, call), {
    ...agent,
    BackChannelingConfig: [],
    LlmConfig: { ...agent.LlmConfig, LlmSystemPrompt: 'p' },
    TtsConfig: { ...agent.TtsConfig, SpeechRate: 1.5 },
    AutoSpeechConfig: { UserIdle: { Messages: [{ Text: 'Hello?' }], WaitTime: 8000 } },
  })
})

test('every list of structures of the vendor is one that cannot be emptied by a stronger layer', () => {
  const { antiphon, ...properties } = aiAgentConfig.properties
  assert.ok(antiphon)
  for (const path of structureLists(properties)) {
    const list = nested(path, [{}])
    assert.deepEqual(effectiveConfig(list, nested(path, [])), list, path.join('.'))
  }
})

/** Paths of the members that hold lists of structures, down to those within such a list. */
function structureLists(properties: object, above: readonly string[] = []): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const { items, properties: members } = schema as { items?: object; properties?: object }
    const path = [...above, name]
    if (members !== undefined) return structureLists(members, path)
    return items !== undefined && 'properties' in items ? [path] : []
  })
}

const nested = (path: readonly string[], value: unknown): Readonly<Record<string, unknown>> =>
  path.reduceRight<Record<string, unknown>>(
    (inner, name, index) => ({ [name]: index === path.length - 1 ? value : inner }),
    {},
  )

test('nobody who sets nothing is given a default', () => {
  assert.deepEqual(effectiveConfig({}, {}), {})
})

test('back-channel rules of a stronger layer replace those under the other name', () => {
  const configs = effectiveConfig(
    { BackChannelingConfigs: [{ Enabled: true }], Greeting: 'Hi' },
    { BackChannelingConfig: [{ Enabled: false }] },
  )
  assert.deepEqual(configs, { Greeting: 'Hi', BackChannelingConfig: [{ Enabled: false }] })
})

test('the flat form takes its place in the nested one and comes back', () => {
  const flat = {
    Greeting: 'Hi',
    AsrLanguageId: 'en',
    AsrMaxSilence: 300,
    AsrHotWords: ['x'],
    VadLevel: 3,
    VoiceId: 'v',
    VoiceIdList: ['v'],
    LlmHistory: [],
    LlmHistoryLimit: 5,
    LlmSystemPrompt: 'p',
    BailianAppParams: '{}',
    EnableVoiceInterrupt: false,
    InterruptWords: ['stop'],
    UseVoiceprint: true,
    VoiceprintId: 'vp',
    CharBreak: false,
    AvatarUrl: 'u',
  }
  const nested = {
    Greeting: 'Hi',
    CharBreak: false,
    AvatarUrl: 'u',
    AsrConfig: { AsrLanguageId: 'en', AsrMaxSilence: 300, AsrHotWords: ['x'], VadLevel: 3 },
    TtsConfig: { VoiceId: 'v', VoiceIdList: ['v'] },
    LlmConfig: {
      LlmHistory: [],
      LlmHistoryLimit: 5,
      LlmSystemPrompt: 'p',
      BailianAppParams: '{}',
    },
    InterruptConfig: { EnableVoiceInterrupt: false, InterruptWords: ['stop'] },
    VoiceprintConfig: { UseVoiceprint: true, VoiceprintId: 'vp' },
  }
  assert.deepEqual(fromTemplate(flat), nested)
  assert.deepEqual(toTemplate(nested, 'VoiceChat'), { VoiceChat: flat })
})

test('the flat form of a kind has only what that kind knows', () => {
  const nested = {
    AvatarConfig: { AvatarId: 'a' },
    AvatarUrl: 'u',
    AsrConfig: { VadDuration: 300, AsrMaxSilence: 400 },
    TurnDetectionConfig: { Mode: 'Semantic' },
  }
  assert.deepEqual(fromTemplate({ AvatarId: 'a' }), { AvatarConfig: { AvatarId: 'a' } })
  assert.deepEqual(toTemplate(nested, 'VoiceChat'), {
    VoiceChat: { AvatarUrl: 'u', AsrMaxSilence: 400 },
  })
  assert.deepEqual(toTemplate(nested, 'VideoChat'), {
    VideoChat: { AvatarId: 'a', AsrMaxSilence: 400 },
  })
})

test('no layer reaches the prototype of objects', () => {
  const evil = JSON.parse(
    '{"__proto__":{"p":1},"AsrConfig":{"__proto__":{"p":1}},"VoiceId":{"__proto__":1}}',
  ) as Record<string, unknown>
  const merged = effectiveConfig({ AsrConfig: {} }, evil, fromTemplate(evil))
  assert.equal(({} as Record<string, unknown>)['p'], undefined)
  assert.equal((merged['AsrConfig'] as Record<string, unknown>)['p'], undefined)
  assert.deepEqual(effectiveConfig({}, { constructor: { a: 1 }, toString: 'x' }), {
    constructor: { a: 1 },
    toString: 'x',
  })
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { aiAgentConfig } from './ai-agent-config.ts'
import { TEMPLATES } from './ai-agent-template-config.ts'
import { DEPTH_LIMIT, firstLacking, readStructure, type SchemaNode } from './read.ts'

const read = (value: unknown): unknown => {
  const result = readStructure(aiAgentConfig, value, 'AgentConfig')
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}
const issue = (value: unknown, schema: SchemaNode = aiAgentConfig) => {
  const result = readStructure(schema, value, 'AgentConfig')
  assert.ok(!result.ok, `accepted: ${JSON.stringify(value)}`)
  return result.error
}

/** A value at a dotted path. */
const at = (path: string, value: unknown): unknown =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)

test('both sides of every bound', () => {
  const words = (count: number, length = 2) =>
    Array.from({ length: count }, () => 'w'.repeat(length))
  const rules = (count: number) => Array.from({ length: count }, () => ({ Word: 'a' }))
  const said = (length: number) => [{ Text: 'x'.repeat(length), Probability: 1 }]
  const idle = (change: object) => ({ WaitTime: 5000, MaxRepeats: 1, ...change })
  const back = (change: object) => [{ Enabled: true, Probability: 0.5, ...change }]
  const cases: readonly [path: string, right: readonly unknown[], wrong: readonly unknown[]][] = [
    ['Greeting', ['', '你'.repeat(1024), '😀'.repeat(1024)], ['x'.repeat(1025)]],
    ['GreetingDelay', [0, 5000], [5001]],
    ['MaxIdleTime', [-1, 0, 2 ** 31 - 1, '600'], [-2, 2 ** 31, 1.5, 'x']],
    ['UserOnlineTimeout', [0, 60], [2 ** 31, '6s']],
    ['Volume', [0, 400], [401]],
    ['EnablePushToTalk', [true, 'false', 1], ['maybe', {}]],
    ['AsrConfig.AsrMaxSilence', [200, 1200, '400'], [199, 1201]],
    ['AsrConfig.AsrHotWords', [words(128, 10)], [words(129), words(1, 11), ['']]],
    ['AsrConfig.VadLevel', [0, 11], [12]],
    ['AsrConfig.VadDuration', [0, 200, 2000], [1, 199, 2001]],
    ['TtsConfig.VoiceId', ['v'.repeat(64), `${'v'.repeat(64)}\n\n`], ['v'.repeat(65)]],
    ['TtsConfig.PronunciationRules', [rules(20)], [rules(21), [{ Word: 'a b' }]]],
    ['TtsConfig.PronunciationRules', [[{ Word: '一'.repeat(10) }]], [[{ Word: '一'.repeat(11) }]]],
    ['TtsConfig.SpeechRate', [0.5, 2, '1.25'], [0.49, 2.01]],
    ['TtsConfig.ModelId', ['speech-02-turbo', ''], ['speech-03']],
    ['TtsConfig.LanguageId', ['Chinese,Yue', 'auto'], ['Klingon']],
    ['TtsConfig.Emotion', ['calm'], ['bored']],
    ['LlmConfig.LlmHistoryLimit', [0, 30, 100], ['many']],
    ['LlmConfig.LlmHistory', [[{ Role: 'tool', Content: 'x' }]], [[{ Role: 'robot' }]]],
    ['LlmConfig.FunctionMap', [[{ Function: 'hangup' }]], [[{ Function: 'dance' }]]],
    ['LlmConfig.OutputMinLength', [0, 100], [101]],
    ['LlmConfig.OutputMaxDelay', [0, '1000', 10_000], [999, 10_001]],
    ['InterruptConfig.NoInterruptMode', ['cache', 'discard', ''], ['keep']],
    ['VoiceprintConfig.RegistrationMode', ['Explicit', 'Implicit', ''], ['explicit']],
    ['TurnDetectionConfig.Mode', ['Normal', 'Semantic', ''], ['semantic']],
    ['TurnDetectionConfig.SemanticWaitDuration', [-1, 0, 10_000], [-2, 10_001]],
    ['TurnDetectionConfig.Eagerness', ['Low', 'Medium', 'High', ''], ['Highest']],
    ['VcrConfig.StillFrameMotion.CallbackDelay', [200, 5000], [199, 5001]],
    ['AmbientSoundConfig.Volume', [0, 100], [101]],
    [
      'AutoSpeechConfig.UserIdle',
      [idle({}), idle({ WaitTime: 600_000 })],
      [idle({ WaitTime: 4999 })],
    ],
    ['AutoSpeechConfig.UserIdle', [idle({ MaxRepeats: 10 })], [idle({ MaxRepeats: 11 })]],
    ['AutoSpeechConfig.UserIdle', [idle({ Messages: said(100) })], [idle({ Messages: said(101) })]],
    ['AutoSpeechConfig.LlmPending', [{ WaitTime: 500 }], [{ WaitTime: 499 }]],
    ['AutoSpeechConfig.LlmPending', [{ WaitTime: 10_000 }], [{ WaitTime: 10_001 }]],
    ['AutoSpeechConfig.LlmPending', [{ WaitTime: 500, Mode: '' }], [{ Mode: 'shuffle' }]],
    ['BackChannelingConfigs', [back({ Words: said(20) })], [back({ Words: said(21) })]],
    ['BackChannelingConfigs', [back({ Probability: 1 })], [back({ Probability: 1.1 })]],
    ['BackChannelingConfigs', [back({ TriggerStage: '' })], [back({ TriggerStage: 'always' })]],
  ]
  for (const [path, right, wrong] of cases) {
    for (const value of right) {
      const kept = read(at(path, value))
      assert.ok(Value.Check(aiAgentConfig, kept), `${path} ${JSON.stringify(value)}`)
      assert.notDeepEqual(kept, {}, path)
    }
    for (const value of wrong) {
      const { path: where } = issue(at(path, value))
      assert.ok(where.startsWith(`AgentConfig.${path}`), `${where} for ${path}`)
    }
  }
})

test('the deprecated form has the shorter greeting', () => {
  const flat = (length: number) => ({ Greeting: 'x'.repeat(length) })
  assert.ok(readStructure(TEMPLATES.VoiceChat, flat(128), 'T').ok)
  assert.equal(issue(flat(129), TEMPLATES.VoiceChat).allowed, 'text of at most 128 characters')
})

test('an issue says where, what is allowed and what came', () => {
  assert.deepEqual(issue({ AsrConfig: { AsrMaxSilence: 100 } }), {
    path: 'AgentConfig.AsrConfig.AsrMaxSilence',
    allowed: 'integers from 200 to 1200',
    got: '100',
  })
  assert.deepEqual(issue({ AsrConfig: { VadDuration: 'long' } }), {
    path: 'AgentConfig.AsrConfig.VadDuration',
    allowed: '0 or integers from 200 to 2000',
    got: '"long"',
  })
  assert.equal(issue({ Greeting: 'x'.repeat(1025) }).got, '1025 characters')
  assert.equal(issue({ AsrConfig: 5 }).allowed, 'a JSON object')
  assert.equal(
    issue({ TtsConfig: { PronunciationRules: [{}, { Type: 'x' }] } }).path,
    'AgentConfig.TtsConfig.PronunciationRules[1].Type',
  )
})

test('null and negative numbers count as not given, unless the number has a meaning', () => {
  assert.deepEqual(
    read({
      Greeting: null,
      Volume: -1,
      UserOnlineTimeout: '-1',
      MaxIdleTime: -1,
      AsrConfig: { AsrMaxSilence: -1, VadDuration: -1, VadLevel: null },
      TtsConfig: { SpeechRate: -1 },
      TurnDetectionConfig: { SemanticWaitDuration: -1 },
    }),
    {
      MaxIdleTime: -1,
      AsrConfig: {},
      TtsConfig: {},
      TurnDetectionConfig: { SemanticWaitDuration: -1 },
    },
  )
})

test('JSON text may stand for an object or list, and an object for JSON text', () => {
  assert.deepEqual(read('{"AsrConfig":"{\\"AsrMaxSilence\\":\\"400\\"}"}'), {
    AsrConfig: { AsrMaxSilence: 400 },
  })
  assert.deepEqual(read({ InterruptConfig: { InterruptWords: '["stop"]' } }), {
    InterruptConfig: { InterruptWords: ['stop'] },
  })
  assert.deepEqual(read({ LlmConfig: { BailianAppParams: { memory_id: 'm' } } }), {
    LlmConfig: { BailianAppParams: '{"memory_id":"m"}' },
  })
  assert.equal(issue('{"Greeting"').allowed, 'a JSON object')
  assert.equal(read('""'), undefined)
})

test('back-channel rules are understood in every form that clients send', () => {
  const rule = { Probability: 0.5, Words: { Text: 'mm', Probability: 1 } }
  assert.deepEqual(read({ BackChannelingConfig: { ...rule, Enable: 'true' } }), {
    BackChannelingConfig: [
      { Enabled: true, Probability: 0.5, Words: [{ Text: 'mm', Probability: 1 }] },
    ],
  })
  assert.deepEqual(read({ BackChannelingConfigs: [{ Enable: true, Enabled: false }] }), {
    BackChannelingConfigs: [{ Enabled: false }],
  })
})

test('unknown members are kept, what could harm is not', () => {
  const text =
    '{"New":{"a":[1,null,{"b":null}]},"__proto__":{"x":1},"toString":"t","AsrConfig":{"__proto__":{"y":1},"Own":7}}'
  const config = read(text) as Record<string, unknown>
  assert.equal(
    JSON.stringify(config),
    '{"New":{"a":[1,null,{}]},"toString":"t","AsrConfig":{"Own":7}}',
  )
  assert.equal(({} as Record<string, unknown>)['x'], undefined)
})

test('structures that are too deep are refused, known or not', () => {
  const nest = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`
  assert.ok(readStructure(aiAgentConfig, `{"Deep":${nest(DEPTH_LIMIT - 1)}}`, 'A').ok)
  for (const text of [
    `{"Deep":${nest(DEPTH_LIMIT + 1)}}`,
    `{"Deep":${nest(100_000)}}`,
    `{"LlmConfig":{"BailianAppParams":${nest(100_000)}}}`,
  ]) {
    assert.equal(issue(text).allowed, `at most ${DEPTH_LIMIT} levels`)
  }
})

test('the published sample passes and comes back as it was', () => {
  const file = new URL('../../test/data/sample-list-response.json', import.meta.url)
  const sample = JSON.parse(readFileSync(file, 'utf8')) as {
    Instances: [{ AgentConfig: object; TemplateConfig: { VoiceChat: object } }]
  }
  const [{ AgentConfig, TemplateConfig }] = sample.Instances
  assert.deepEqual(read(AgentConfig), AgentConfig)
  const flat = readStructure(TEMPLATES.VoiceChat, TemplateConfig.VoiceChat, 'T')
  assert.deepEqual(flat, { ok: true, value: TemplateConfig.VoiceChat })
})

test('the first required member that is lacking is named', () => {
  const lacking = (value: unknown) => firstLacking(aiAgentConfig, value, 'AgentConfig')
  assert.equal(lacking({}), undefined)
  assert.equal(
    lacking({ AutoSpeechConfig: { UserIdle: { WaitTime: 5000 } } }),
    'AgentConfig.AutoSpeechConfig.UserIdle.MaxRepeats',
  )
  assert.equal(
    lacking({ BackChannelingConfigs: [{ Enabled: true, Probability: 1, Words: [{ Text: 'a' }] }] }),
    'AgentConfig.BackChannelingConfigs[0].Words[0].Probability',
  )
})

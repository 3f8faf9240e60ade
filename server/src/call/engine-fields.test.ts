import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENGINE_FIELDS, engineConfig, HALF_FIELDS } from './engine-fields.ts'
import { callSettings } from './settings.ts'
import { aiAgentConfig } from '../schema/ai-agent-config.ts'
import type { SchemaNode } from '../schema/read.ts'

/** Two values of every member that could not be guessed from its schema. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  'LlmConfig.LlmHistory': [{ Role: 'user', Content: 'hello' }],
  'LlmConfig.FunctionMap': [{ Function: 'hangup', MatchFunction: 'end' }],
  'LlmConfig.OutputMaxDelay': 2000,
  'InterruptConfig.NoInterruptMode': 'discard',
  'TurnDetectionConfig.Mode': 'Semantic',
  'TurnDetectionConfig.Eagerness': 'High',
  'AutoSpeechConfig.UserIdle': { WaitTime: 9000, MaxRepeats: 1 },
  'AutoSpeechConfig.LlmPending': { WaitTime: 900, Messages: [{ Text: 'wait', Probability: 1 }] },
  BackChannelingConfigs: [rule()],
  BackChannelingConfig: [rule()],
  'AsrConfig.AsrLanguageId': 'zh_mandarin',
  'AsrConfig.VadLevel': 0,
  'antiphon.InterruptMinSpeech': { Speaking: 700 },
  'antiphon.EnableApology': false,
  'antiphon.TurnJudge': 'model',
  'antiphon.Tools': [{ Name: 'look_up', Url: 'https://example.org' }],
}

function rule(): object {
  return { Enabled: true, Probability: 1, Words: [{ Text: 'uh-huh', Probability: 1 }] }
}

/** Another value than the default. */
function sampleOf(path: string, node: SchemaNode): unknown {
  if (path in SAMPLES) return SAMPLES[path]
  if (node.type === 'boolean')
    return path !== 'EnableIntelligentSegment' && !/EnableVoice/.test(path)
  if (node.type === 'integer' || node.type === 'number') return (node.minimum ?? 0) + 301
  if (node.anyOf !== undefined) return 501
  if (node.type === 'array') return ['sample']
  return node.enum?.[0] ?? 'sample'
}

/** Every member, of sections one level down. */
function members(): readonly (readonly [path: string, node: SchemaNode])[] {
  const { properties } = aiAgentConfig as unknown as SchemaNode
  const listed = Object.entries(properties ?? {}).flatMap(([name, node]) =>
    node.properties === undefined
      ? [[name, node] as const]
      : Object.entries(node.properties).map(([inner, one]) => [`${name}.${inner}`, one] as const),
  )
  return [...listed, ['CharBreak', { type: 'boolean' }]]
}

const configOf = (path: string, value: unknown): Record<string, unknown> => {
  const [section = '', name] = path.split('.')
  return name === undefined ? { [section]: value } : { [section]: { [name]: value } }
}

test('the fields that can be changed in a replay are those that the engine obeys, all and only', () => {
  const plain = JSON.stringify(callSettings('{}').dialogue)
  const obeyed = members()
    .filter(([path, node]) => {
      const config = configOf(path, sampleOf(path, node))
      return JSON.stringify(callSettings(JSON.stringify(config)).dialogue) !== plain
    })
    .map(([path]) => path)
  assert.deepEqual(obeyed.toSorted(), [...ENGINE_FIELDS, ...HALF_FIELDS].toSorted())
})

test('what goes into a trace holds no secrets', () => {
  const config = {
    Greeting: 'Hello',
    LlmConfig: { OpenAIExtraQuery: 'key=secret', LlmSystemPrompt: 'Be kind.' },
    antiphon: {
      Tools: [{ Name: 'a', Url: 'https://example.org', Headers: { Authorization: 'secret' } }],
      SpeculativeStart: true,
    },
  }
  const picked = JSON.stringify(engineConfig(config))
  assert.ok(picked.includes('Be kind.') && picked.includes('SpeculativeStart'), picked)
  assert.ok(!/secret|example/.test(picked), picked)
  const { dialogue } = callSettings(JSON.stringify(config))
  assert.ok(!JSON.stringify(dialogue).includes('secret'))
})

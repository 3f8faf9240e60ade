import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overlayConfig, type ConfigBase } from './call-config.ts'

const BASE: ConfigBase = {
  type: 'VoiceChat',
  agentConfig: JSON.stringify({
    AsrConfig: { AsrMaxSilence: 500, VadLevel: 3 },
    LlmConfig: { LlmSystemPrompt: 'Be kind.' },
  }),
  providers: '{}',
  defaultAsr: 'moonshine',
}

const overlaid = (AgentConfig: object): Record<string, unknown> => {
  const config = overlayConfig(BASE, { AgentConfig })
  assert.ok(config.ok, config.ok ? '' : JSON.stringify(config.error))
  return JSON.parse(config.value.agentConfig) as Record<string, unknown>
}

const refusal = (AgentConfig: object): string => {
  const config = overlayConfig(BASE, { AgentConfig })
  return config.ok ? 'accepted' : String(config.error.message)
}

test('WorkflowOverrideParams stand over the agent’s settings and under those of the call', () => {
  const params = {
    stt: { AsrMaxSilence: 900, VadLevel: '5', SensitiveWords: ['damn'] },
    llm: { LlmSystemPrompt: 'Be brief.', Tools: [{ Name: 'look', Url: 'https://example.org/' }] },
    avatar: { any: 'thing' },
    unknown: 7,
  }
  const config = overlaid({
    WorkflowOverrideParams: JSON.stringify(params),
    AsrConfig: { VadLevel: 9 },
  })
  assert.deepEqual(config['AsrConfig'], { AsrMaxSilence: 900, VadLevel: 9 })
  assert.deepEqual(config['LlmConfig'], { LlmSystemPrompt: 'Be brief.' })
  assert.deepEqual(config['antiphon'], {
    SensitiveWords: ['damn'],
    Tools: [{ Name: 'look', Url: 'https://example.org/' }],
  })
  assert.equal(config['WorkflowOverrideParams'], JSON.stringify(params), 'given back as it came')
})

test('WorkflowOverrideParams: wrong values are named, what is no object changes nothing', () => {
  assert.match(
    refusal({ WorkflowOverrideParams: '{"stt":{"AsrMaxSilence":5}}' }),
    /AgentConfig\.WorkflowOverrideParams\.stt\.AsrMaxSilence .*200.*1200/,
  )
  for (const text of ['', '[]', 'not JSON', '7', '{"stt":3}'])
    assert.deepEqual(overlaid({ WorkflowOverrideParams: text })['AsrConfig'], {
      AsrMaxSilence: 500,
      VadLevel: 3,
    })
})

test('WorkflowOverrideParams of an agent hold for its calls, until a call has its own', () => {
  const agentConfig = {
    AsrConfig: { AsrMaxSilence: 500 },
    WorkflowOverrideParams: '{"stt":{"AsrMaxSilence":900,"VadLevel":5}}',
  }
  const agents = { ...BASE, agentConfig: JSON.stringify(agentConfig), isAgents: true }
  const heard = (base: ConfigBase, AgentConfig: object): unknown => {
    const config = overlayConfig(base, { AgentConfig })
    return config.ok && JSON.parse(config.value.agentConfig)['AsrConfig']
  }
  assert.deepEqual(heard(agents, {}), { AsrMaxSilence: 900, VadLevel: 5 })
  assert.deepEqual(heard(agents, { WorkflowOverrideParams: '{}' }), { AsrMaxSilence: 500 })
  const atStart = overlayConfig(agents, { AgentConfig: { AsrConfig: { VadLevel: 9 } } })
  assert.ok(atStart.ok)
  // A later update starts from there: what the call has set stays.
  const running = { ...BASE, agentConfig: atStart.value.agentConfig }
  assert.deepEqual(heard(running, { Volume: 50 }), { AsrMaxSilence: 900, VadLevel: 9 })
})

test('functions are checked: their names, their addresses, their headers', () => {
  const tool = { Name: 'look', Url: 'https://example.org/look' }
  const refused = (change: object, ...others: object[]): string =>
    refusal({ antiphon: { Tools: [{ ...tool, ...change }, ...others] } })
  assert.equal(refused({}), 'accepted')
  assert.match(refused({ Name: 'look up' }), /antiphon\.Tools\.1\.Name .*letters, digits/)
  assert.match(refused({}, tool), /Tools\.2\.Name .*differ/)
  for (const Url of ['file:///etc/passwd', 'example.org', 'https://'])
    assert.match(refused({ Url }), /Tools\.1\.Url .*http or https/)
  assert.match(refused({ Headers: { Host: 'other' } }), /Headers .*"Host"/)
  assert.match(refused({ Headers: { 'X-A': 'a\r\nX-B: b' } }), /Headers\.X-A .*visible ASCII/)
  assert.match(refusal({ antiphon: { Tools: [{ Name: 'look' }] } }), /Tools.*Url/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CODE, wireParameters } from './code.ts'

const call = {
  action: 'StartAIAgentInstance',
  version: '2020-11-09',
  endpoint: '127.0.0.1:8090',
  isSecure: false,
  parameters: wireParameters({ AIAgentId: 'a1', AgentConfig: { Greeting: `Say "it's"` } }),
}

test('code in every language names the operation and reads the keys from the environment', () => {
  for (const { id, write } of CODE) {
    const code = write(call)
    assert.match(code, /StartAIAgentInstance/, id)
    assert.match(code, /127\.0\.0\.1:8090/, id)
    assert.match(code, /ALIBABA_CLOUD_ACCESS_KEY_ID/, id)
    assert.match(code, /ALIBABA_CLOUD_ACCESS_KEY_SECRET/, id)
  }
})

test('without parameters nothing is left dangling', () => {
  const bare = { ...call, parameters: {} }
  const [typescript = '', , java = ''] = CODE.map(({ write }) => write(bare))
  assert.match(typescript, /query: \{\},/)
  assert.match(java, /new LinkedHashMap<>\(\);\n {4}OpenApiRequest/)
})

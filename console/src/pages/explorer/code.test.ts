import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CODE, commands, wireParameters } from './code.ts'

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

test('a call over TLS names the protocol', () => {
  for (const { id, write } of CODE) {
    const [plain, secure] = [write(call), write({ ...call, isSecure: true })]
    assert.match(plain, /'HTTP'|"HTTP"|http:\/\//, id)
    assert.match(secure, /HTTPS|https:\/\//, id)
    assert.doesNotMatch(secure, /'HTTP'|"HTTP"|http:\/\//, id)
  }
})

test('without parameters nothing is left dangling', () => {
  const bare = { ...call, parameters: {} }
  const [typescript = '', , java = '', go = ''] = CODE.map(({ write }) => write(bare))
  assert.match(typescript, /query: \{\},/)
  assert.match(java, /new LinkedHashMap<>\(\);\n {4}OpenApiRequest/)
  assert.match(go, /query := map\[string\]\*string\{\}\n\trequest :=/)
})

test('what is to be typed runs the file that the code is saved in', () => {
  for (const language of CODE) {
    const lastLine = commands(language, call).split('\n').at(-1) ?? ''
    const isNamed = lastLine.includes(language.file(call)) || lastLine === 'go run .'
    assert.ok(isNamed, `${language.id}: ${lastLine}`)
  }
})

test('the document on clients names the packages and versions that are installed', () => {
  const page = readFileSync(new URL('../../../../docs/clients.md', import.meta.url), 'utf8')
  const packages = CODE.flatMap(({ install }) => [
    ...install.matchAll(/\S+(?:@v?|==)\d+\.\d+\.\d+|(?<=<version>)0\.[\d.]+/g),
  ]).map(([name]) => name)
  assert.equal(packages.length, 7)
  const said = packages.filter((name) => page.includes(name))
  // Left out of the page: options of the generic clients of Python and Go, which they bring along.
  assert.deepEqual(
    packages.filter((name) => !said.includes(name)).map((name) => name.split(/@|==/)[0]),
    ['alibabacloud-tea-util', 'github.com/alibabacloud-go/tea-utils/v2/service'],
  )
})

test('the client is installed in the version that this repository is tested with', () => {
  const { devDependencies } = JSON.parse(
    readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
  ) as { readonly devDependencies: Readonly<Record<string, string>> }
  const { install = '' } = CODE.find(({ id }) => id === 'typescript') ?? {}
  for (const [, name = '', version] of install.matchAll(/(@alicloud\/[\w-]+)@(\S+)/g)) {
    assert.equal(devDependencies[name], version, name)
  }
  assert.match(install, /@alicloud\/openapi-client@.* @alicloud\/tea-util@/)
})

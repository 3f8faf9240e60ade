import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { after, test } from 'node:test'
import { PUBLIC_ONLY } from '../base/outbound-address.ts'
import { selfSigned } from '../web/self-signed.ts'
import { readConfig, type Config } from './config.ts'
import type { Environment } from './readers.ts'
import { readService } from './service.ts'
import { helpText, unknownSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'config-test-'))
after(() => rmSync(folder, { recursive: true }))

const machine = { cores: 4 }
/** See `service.test.ts`. */
const SERVICE = readService({})

function refusal(environment: Environment): string {
  const result = readConfig(environment, machine)
  assert.ok(!result.ok, 'was accepted')
  return result.error
}

function accepted(environment: Environment): Config {
  const result = readConfig(environment, machine)
  assert.ok(result.ok, result.ok ? '' : result.error)
  return result.value
}

test('an empty environment gives the documented defaults', () => {
  const { dataFolder, modelsFolder, ...rest } = accepted({})
  assert.equal(modelsFolder, join(dataFolder, 'models'))
  assert.ok(isAbsolute(dataFolder) && dataFolder.endsWith('data'), dataFolder)
  assert.deepEqual(rest, {
    host: '127.0.0.1',
    port: 8090,
    udpPort: 8091,
    workers: 4,
    outbound: PUBLIC_ONLY,
    ...SERVICE,
    metrics: 'local',
    logLevel: 'info',
    logContent: false,
  })
})

test('every setting is read', () => {
  const config = accepted({
    ANTIPHON_HOST: '::1',
    ANTIPHON_PORT: '0',
    ANTIPHON_DATA: '/srv/antiphon',
    ANTIPHON_MODELS: '/srv/models',
    ANTIPHON_ESPEAK: '/opt/espeak-ng',
    ANTIPHON_PUBLIC_URL: 'https://calls.example.org/',
    ANTIPHON_UDP_PORT: '9000',
    ANTIPHON_PUBLIC_IP: '203.0.113.7',
    ANTIPHON_WORKERS: '2',
    ANTIPHON_ACCESS_KEY_ID: 'LTAI5tExample',
    ANTIPHON_ACCESS_KEY_SECRET: ' odd secret ',
    ANTIPHON_RTC_APP_ID: 'app-1',
    ANTIPHON_RTC_APP_KEY: 'key',
    OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/',
    OPENAI_API_KEY: 'sk-1',
    OPENAI_MODEL: 'small',
    ANTIPHON_OUTBOUND_PRIVATE: 'hooks.internal',
    ANTIPHON_LOG_LEVEL: 'DEBUG',
    ANTIPHON_LOG_CONTENT: 'on',
  })
  assert.deepEqual(config, {
    host: '::1',
    port: 0,
    dataFolder: '/srv/antiphon',
    modelsFolder: '/srv/models',
    espeak: '/opt/espeak-ng',
    publicUrl: 'https://calls.example.org',
    udpPort: 9000,
    publicIp: '203.0.113.7',
    workers: 2,
    accessKey: { accessKeyId: 'LTAI5tExample', accessKeySecret: ' odd secret ' },
    rtcApp: { appId: 'app-1', appKey: 'key' },
    openAi: { baseUrl: 'http://127.0.0.1:11434/v1', apiKey: 'sk-1', model: 'small' },
    outbound: { ...PUBLIC_ONLY, hosts: new Set(['hooks.internal']) },
    ...SERVICE,
    metrics: 'local',
    logLevel: 'debug',
    logContent: true,
  })
})

test('an empty variable counts as absent', () => {
  const names = ['ANTIPHON_PORT', 'ANTIPHON_PUBLIC_URL', 'ANTIPHON_TLS_CERT', 'OPENAI_BASE_URL']
  const empty = Object.fromEntries(names.map((name) => [name, '']))
  assert.deepEqual(accepted(empty), accepted({}))
})

test('a language model needs an address or a key, not both', () => {
  assert.equal(accepted({ OPENAI_MODEL: 'x' }).openAi, undefined)
  assert.deepEqual(accepted({ OPENAI_API_KEY: 'k' }).openAi, {
    baseUrl: 'https://api.openai.com/v1',
    apiKey: 'k',
    model: 'gpt-4o-mini',
  })
  const local = accepted({ OPENAI_BASE_URL: 'http://localhost:1/v1' }).openAi
  assert.deepEqual(local, { baseUrl: 'http://localhost:1/v1', model: 'gpt-4o-mini' })
})

const WRONG: readonly (readonly [Environment, RegExp])[] = [
  [{ ANTIPHON_HOST: 'http://x' }, /^ANTIPHON_HOST .*host name.*"http:\/\/x"/],
  [{ ANTIPHON_HOST: '127.0.0.1:80' }, /^ANTIPHON_HOST .*without scheme and port/],
  [{ ANTIPHON_PORT: 'eighty' }, /^ANTIPHON_PORT .*0 to 65535.*"eighty"/],
  [{ ANTIPHON_PORT: '65536' }, /^ANTIPHON_PORT .*"65536"/],
  [{ ANTIPHON_PORT: '-1' }, /^ANTIPHON_PORT .*"-1"/],
  [{ ANTIPHON_PORT: '80.5' }, /^ANTIPHON_PORT /],
  [{ ANTIPHON_PORT: '0x50' }, /^ANTIPHON_PORT /],
  [{ ANTIPHON_PUBLIC_URL: 'calls.example.org' }, /^ANTIPHON_PUBLIC_URL .*http:\/\//],
  [{ ANTIPHON_PUBLIC_URL: 'ftp://example.org' }, /^ANTIPHON_PUBLIC_URL .*https:\/\//],
  [{ ANTIPHON_PUBLIC_URL: 'https://example.org/a' }, /^ANTIPHON_PUBLIC_URL .*host only/],
  [{ ANTIPHON_UDP_PORT: 'x' }, /^ANTIPHON_UDP_PORT .*"x"/],
  [{ ANTIPHON_UDP_PORT: '65535' }, /^ANTIPHON_UDP_PORT .*at most 65532.*4 workers/],
  [{ ANTIPHON_PUBLIC_IP: 'example.org' }, /^ANTIPHON_PUBLIC_IP .*IP address/],
  [{ ANTIPHON_PUBLIC_IP: '300.1.1.1' }, /^ANTIPHON_PUBLIC_IP /],
  [{ ANTIPHON_WORKERS: '0' }, /^ANTIPHON_WORKERS .*1 to 256/],
  [{ ANTIPHON_ACCESS_KEY_ID: 'a' }, /^ANTIPHON_ACCESS_KEY_SECRET must be set/],
  [{ ANTIPHON_ACCESS_KEY_SECRET: 'a' }, /^ANTIPHON_ACCESS_KEY_ID must be set/],
  [
    { ANTIPHON_ACCESS_KEY_ID: 'a,b', ANTIPHON_ACCESS_KEY_SECRET: 'hush' },
    /^ANTIPHON_ACCESS_KEY_ID .*letters/,
  ],
  [{ ANTIPHON_RTC_APP_ID: 'a' }, /^ANTIPHON_RTC_APP_KEY must be set/],
  [{ ANTIPHON_RTC_APP_ID: 'ä', ANTIPHON_RTC_APP_KEY: 'hush' }, /^ANTIPHON_RTC_APP_ID /],
  [{ OPENAI_BASE_URL: 'localhost' }, /^OPENAI_BASE_URL .*http:\/\//],
  [{ OPENAI_BASE_URL: 'file:///x' }, /^OPENAI_BASE_URL /],
  [{ OPENAI_API_KEY: 'hush\nhush' }, /^OPENAI_API_KEY /],
  [{ ANTIPHON_OUTBOUND_PRIVATE: 'http://x' }, /^ANTIPHON_OUTBOUND_PRIVATE .*on, off.*"http:/],
  [{ ANTIPHON_LOG_LEVEL: 'loud' }, /^ANTIPHON_LOG_LEVEL .*debug, info, warn, error/],
  [{ ANTIPHON_LOG_CONTENT: 'perhaps' }, /^ANTIPHON_LOG_CONTENT .*on, off/],
  [{ ANTIPHON_TLS_CERT: '/a.pem' }, /^ANTIPHON_TLS_KEY must be set/],
  [
    { ANTIPHON_TLS_CERT: '/no/such.pem', ANTIPHON_TLS_KEY: '/no/such.pem' },
    /^ANTIPHON_TLS_CERT must name a file that can be read.*such\.pem/,
  ],
]

for (const [environment, expected] of WRONG) {
  test(`refused in one line: ${JSON.stringify(environment)}`, () => {
    const line = refusal(environment)
    assert.match(line, expected)
    assert.ok(!line.includes('\n'), line)
    assert.ok(!line.includes('hush'), 'a secret is shown')
  })
}

test('a login inside an address is not shown', () => {
  const line = refusal({ ANTIPHON_PUBLIC_URL: 'https://me:pass@example.org/path' })
  assert.ok(!line.includes('pass@') && line.includes('example.org'), line)
  assert.ok(!refusal({ OPENAI_BASE_URL: 'me:pass@example.org' }).includes('pass'), 'shown')
})

test('files that are no certificate and key are refused', () => {
  const cert = join(folder, 'cert.pem')
  const key = join(folder, 'key.pem')
  const both = { ANTIPHON_TLS_CERT: cert, ANTIPHON_TLS_KEY: key }
  writeFileSync(cert, 'hello')
  writeFileSync(key, 'hello')
  assert.match(refusal(both), /^ANTIPHON_TLS_CERT must be a PEM file with a CERTIFICATE/)
  writeFileSync(cert, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  assert.match(refusal(both), /^ANTIPHON_TLS_KEY must be a PEM file with a PRIVATE KEY/)
  writeFileSync(key, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n')
  assert.match(refusal(both), /^ANTIPHON_TLS_CERT and ANTIPHON_TLS_KEY must be a certificate/)
})

test('a certificate and its key are taken, one and the key of another are not', () => {
  const cert = join(folder, 'cert.pem')
  const key = join(folder, 'key.pem')
  const both = { ANTIPHON_TLS_CERT: cert, ANTIPHON_TLS_KEY: key }
  const pair = selfSigned()
  writeFileSync(cert, pair.cert)
  writeFileSync(key, pair.key)
  assert.deepEqual(accepted(both).tls, pair)
  writeFileSync(key, selfSigned().key)
  assert.match(refusal(both), /^ANTIPHON_TLS_CERT and ANTIPHON_TLS_KEY .*its own private key/)
})

test('the help lists every variable with its default', () => {
  const help = helpText()
  for (const name of ['HOST', 'PORT', 'DATA', 'PUBLIC_URL', 'UDP_PORT', 'PUBLIC_IP', 'TLS_CERT'])
    assert.match(help, new RegExp(`^ {2}ANTIPHON_${name} +\\S`, 'm'))
  for (const name of ['TLS_KEY', 'WORKERS', 'ACCESS_KEY_ID', 'ACCESS_KEY_SECRET', 'RTC_APP_ID'])
    assert.match(help, new RegExp(`^ {2}ANTIPHON_${name} +\\S`, 'm'))
  for (const name of ['ANTIPHON_RTC_APP_KEY', 'OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_MODEL'])
    assert.match(help, new RegExp(`^ {2}${name} +\\S`, 'm'))
  assert.match(help, /ANTIPHON_PORT +8090 /)
})

test('a misspelt variable is found', () => {
  const environment = { ANTIPHON_PROT: '1', ANTIPHON_PORT: '1', ANTIPHON_URL: 'x', PATH: 'x' }
  assert.deepEqual(unknownSettings(environment), ['ANTIPHON_PROT'])
})

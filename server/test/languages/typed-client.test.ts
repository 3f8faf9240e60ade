/** The vendor's typed client for Python against a whole server; skipped where it cannot be installed. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { simulatedIds } from '../../src/base/simulated-ids.ts'
import { aiAgentConfig } from '../../src/schema/ai-agent-config.ts'
import { makeChannelToken, type RtcApp } from '../../src/schema/channel-token.ts'
import type { SchemaNode } from '../../src/schema/read.ts'
import { startAntiphon, temporaryFolder, until, type Antiphon } from '../system/antiphon-process.ts'
import { SocketCaller } from '../system/socket-caller.ts'
import { OWN_VERSION, vendorClients, type VendorClients } from '../system/vendor-client.ts'
import { AnyConfig } from '../wire/any-config.ts'
import { install } from './installing.ts'
import { keysOf } from './shown-code.ts'

const PACKAGE = 'alibabacloud_ice20201109==6.20.2'
const PROGRAM = fileURLToPath(new URL('typed-client.py', import.meta.url))
const TEXT = `{"who":"Zoë 你好 😀","said":"it's 50 % & more"}`

const folder = temporaryFolder()
const trouble = await install({
  folder,
  programs: ['python3'],
  commands: `python3 -m venv venv\nvenv/bin/pip install ${PACKAGE}`,
})
const skip = trouble ?? false

let server: Antiphon
let vendor: VendorClients
before(async () => {
  server = await startAntiphon()
  vendor = vendorClients(server)
})
after(() => server.end('SIGKILL'))

type Answer = Readonly<Record<string, unknown>>

/** Runs a part of the program with what it needs to know; gives back what it prints. */
async function python(part: 'before' | 'after', given: object): Promise<Answer> {
  const env = { ...process.env, ...keysOf(server) }
  const child = spawn(join(folder, 'venv/bin/python'), [PROGRAM, part], { env })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(JSON.stringify({ endpoint: server.host, text: TEXT, ...given }))
  const status = await new Promise((resolve) => child.on('close', resolve))
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout) as Answer
}

/** Every member that there is, but for values that name something which must exist. */
function fullConfig(): Answer {
  const schema = aiAgentConfig as unknown as SchemaNode
  const drawn = new AnyConfig(simulatedIds(21).chance).object(schema, 1)
  const { AsrConfig, AmbientSoundConfig } = drawn as Record<string, object>
  return {
    ...drawn,
    Greeting: TEXT,
    AsrConfig: { ...AsrConfig, AsrLanguageId: 'en' },
    AmbientSoundConfig: { ...AmbientSoundConfig, ResourceId: '' },
    WorkflowOverrideParams: '{}',
  }
}

/** A key of somebody who may do nothing. */
async function makeOtherKey(): Promise<{ readonly id: string; readonly secret: string }> {
  await vendor.call('CreateUser', { UserName: 'ann' }, OWN_VERSION)
  const { AccessKey } = await vendor.call('CreateAccessKey', { UserName: 'ann' }, OWN_VERSION)
  const key = AccessKey as { readonly AccessKeyId: string; readonly AccessKeySecret: string }
  return { id: key.AccessKeyId, secret: key.AccessKeySecret }
}

const RULES = [{ Word: 'SQL', Pronunciation: 'sequel', Type: 'replacement' }]

test('Python, typed: a call from its start to its end', { skip }, async () => {
  const AgentConfig = { TtsConfig: { PronunciationRules: RULES } }
  const made = await vendor.call('CreateAIAgent', { Name: 'Typed', AgentConfig }, OWN_VERSION)
  const agentId = String(made['AIAgentId'])
  const app = JSON.parse(readFileSync(join(server.folder, 'rtc-app.json'), 'utf8')) as RtcApp
  const facts = { channelId: 'room', userId: 'agent', expiresS: Math.floor(Date.now() / 1000) + 60 }
  const AuthToken = makeChannelToken({ ...app, ...facts })
  const runtimeConfig = { VoiceChat: { ChannelId: 'room', AgentUserId: 'agent', AuthToken } }

  const begun = await python('before', { agentId, runtimeConfig, agentConfig: fullConfig() })
  assert.deepEqual(begun['wrongTypes'], [])
  const { Instances } = begun['listed'] as { readonly Instances: readonly Answer[] }
  const [started, generated] = Instances
  assert.equal(Instances.length, 2)
  // What the client knows of a configuration comes back as it sent it; the weaker form says nothing against it.
  assert.deepEqual(started?.['AgentConfig'], begun['sentConfig'])
  const runtime = started?.['RuntimeConfig'] as Answer | undefined
  assert.equal(runtime?.['AuthToken'], AuthToken)
  assert.equal(generated?.['UserData'], TEXT)
  // The client sends `[]` for lists that nobody gave: the agent's own stay.
  const config = generated?.['AgentConfig'] as Record<string, Answer>
  assert.deepEqual(config['TtsConfig'], { PronunciationRules: RULES, SpeechRate: 1.25 })

  const { InstanceId, ChannelId, Token } = begun['generated'] as Record<string, string>
  const caller = await SocketCaller.connect(server.origin, ChannelId ?? '', Token ?? '')
  await until(async () => {
    const range = { SessionId: 'session', StartTime: 0, EndTime: 4e12 }
    const { Dialogues } = await vendor.call('ListAIAgentDialogues', range)
    return (Dialogues as readonly unknown[]).length > 0
  })
  const otherKey = await makeOtherKey()
  const ended = await python('after', { agentId, instanceId: InstanceId, otherKey })
  caller.close()
  assert.deepEqual(ended['wrongTypes'], [])
  const { Dialogues } = ended['dialogues'] as { readonly Dialogues: readonly Answer[] }
  const [greeting] = Dialogues
  assert.deepEqual([greeting?.['Text'], greeting?.['Producer']], ['Hello.', 'agent'])
  const { Instance } = ended['described'] as { readonly Instance: Answer }
  assert.deepEqual([Instance['Status'], Instance['SessionId']], ['Executing', 'session'])
  checkRefusals(ended['refusals'] as Record<string, Refusal>)
})

interface Refusal {
  readonly code: string
  readonly statusCode: number
  readonly message: string
  readonly data: Answer
  readonly accessDeniedDetail: Answer | null
}

/** What a program can branch on, and what its developer reads. */
function checkRefusals({ parameter, unknown, permission }: Record<string, Refusal>): void {
  assert.deepEqual([parameter?.code, parameter?.statusCode], ['InvalidParameter', 400])
  assert.match(parameter?.message ?? '', /PageSize value is not valid: allowed: integers from 0/)
  assert.match(String(parameter?.data['RequestId']), /^[0-9A-F-]{36}$/)
  assert.deepEqual([unknown?.code, unknown?.statusCode], ['InstanceNotFound', 404])
  assert.deepEqual([permission?.code, permission?.statusCode], ['NoPermission', 403])
  assert.equal(permission?.accessDeniedDetail?.['AuthAction'], 'ice:DescribeAIAgentInstance')
}

/** What a call is started with comes back from the list, whatever it is. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { simulatedIds } from '../../src/base/simulated-ids.ts'
import { aiAgentConfig } from '../../src/schema/ai-agent-config.ts'
import { TEMPLATES, type TemplateType } from '../../src/schema/ai-agent-template-config.ts'
import { makeChannelToken } from '../../src/schema/channel-token.ts'
import { fromTemplate } from '../../src/schema/effective-config.ts'
import type { SchemaNode } from '../../src/schema/read.ts'
import { leavesOf, memberAt } from '../scenarios/settings/setting.ts'
import { FOR_THE_CLIENT, NOT_IN_EFFECT, SINGLE_VALUED } from '../scenarios/settings/table.ts'
import { AnyConfig, careless } from './any-config.ts'
import { apiUnderTest, NOW_MS, RTC_APP, type ApiUnderTest } from './api-under-test.ts'

type Config = Record<string, unknown>
const nested = aiAgentConfig as unknown as SchemaNode
const KINDS = Object.keys(TEMPLATES) as TemplateType[]

/** One agent, on a recogniser that claims every language. */
class Agent {
  readonly api: ApiUnderTest = apiUnderTest()
  readonly #id: string

  private constructor(id: string) {
    this.#id = id
  }

  static async of(type: TemplateType, config: Config = {}): Promise<Agent> {
    const agent = new Agent('a'.repeat(32))
    await agent.api.store.putAgent({
      agentId: agent.#id,
      name: 'Zoë',
      type,
      agentConfig: JSON.stringify(config),
      providers: '{"asr":{"provider":"scripted"}}',
      createdMs: NOW_MS,
      modifiedMs: NOW_MS,
    })
    return agent
  }

  /** Starts a call and gives back what the list shows of it. */
  async start(
    parameters: Readonly<Record<string, unknown>>,
    action = 'GenerateAIAgentCall',
  ): Promise<Config> {
    const { api } = this
    api.clock.advance(1)
    const texts = Object.entries(parameters).map(([name, value]) => [name, JSON.stringify(value)])
    const form = { AIAgentId: this.#id, ...(Object.fromEntries(texts) as Record<string, string>) }
    const { status, json: started } = await api.call(action, form)
    assert.equal(status, 200, JSON.stringify([started, parameters]))
    const { json } = await api.call('ListAIAgentInstance', { AIAgentId: this.#id, PageSize: '1' })
    const [newest] = json['Instances'] as Config[]
    assert.ok(newest !== undefined)
    return newest
  }
}

const token = (channelId: string, userId: string): string =>
  makeChannelToken({ ...RTC_APP, channelId, userId, expiresS: NOW_MS / 1000 + 60 })

test('any valid configuration comes back as it was sent, unknown members included', async () => {
  const agent = await Agent.of('VoiceChat')
  const any = new AnyConfig(simulatedIds(11).chance)
  for (let round = 0; round < 2000; round += 1) {
    const config = any.object(nested, any.pick([0.1, 0.5, 1]))
    assert.deepEqual((await agent.start({ AgentConfig: config }))['AgentConfig'], config)
  }
})

test('the flat form comes back under the agent’s kind, and in its places of the nested form', async () => {
  for (const kind of KINDS) {
    const agent = await Agent.of(kind)
    const any = new AnyConfig(simulatedIds(12).chance)
    const schema = { ...TEMPLATES[kind], required: [] } as unknown as SchemaNode
    for (let round = 0; round < 100; round += 1) {
      const { properties = {} } = schema
      const drawn = any.object(schema, any.pick([0.2, 1]))
      const flat = Object.fromEntries(
        Object.entries(drawn).filter(([name]) => Object.hasOwn(properties, name)),
      )
      const listed = await agent.start({
        TemplateConfig: { [kind]: flat, Other: { Volume: 9999 } },
      })
      assert.deepEqual(listed['TemplateConfig'], { [kind]: flat })
    }
  }
})

test('what careless clients write is read as what they mean', async () => {
  const agent = await Agent.of('VoiceChat')
  const { chance } = simulatedIds(13)
  const any = new AnyConfig(chance)
  for (let round = 0; round < 500; round += 1) {
    const config = withoutUnknown(any.object(nested, 0.6), nested) as Config
    const sent = careless(config, chance)
    const { AgentConfig } = await agent.start({ AgentConfig: sent })
    assert.deepEqual(AgentConfig, config, JSON.stringify(sent))
  }
})

/** Of members that nobody knows text stays text: only those of the schema are written carelessly. */
function withoutUnknown(value: unknown, schema: SchemaNode | undefined): unknown {
  if (schema?.items !== undefined && Array.isArray(value)) {
    return value.map((entry) => withoutUnknown(entry, schema.items))
  }
  if (schema?.properties === undefined) return schema?.type === 'object' ? {} : value
  return Object.fromEntries(
    Object.entries(value as Config)
      .filter(([name]) => Object.hasOwn(schema.properties ?? {}, name))
      .map(([name, member]) => [name, withoutUnknown(member, schema.properties?.[name])]),
  )
}

test('the strongest layer that says something counts, member by member', async () => {
  const any = new AnyConfig(simulatedIds(14).chance)
  const leaves = leavesOf(nested).map((path) => path.split('[]')[0] ?? path)
  // Those of structures cannot be emptied: the vendor's Python client writes `[]` for those that nobody gave.
  const ofVendor = leavesOf(nested).filter((path) => !path.startsWith('antiphon.'))
  const lists = new Set(ofVendor.flatMap((path) => /^(.*)\[\]\./.exec(path)?.[1] ?? []))
  const flatSchema = { ...TEMPLATES.VoiceChat, required: [] } as unknown as SchemaNode
  for (let round = 0; round < 200; round += 1) {
    const own = any.object(nested, 0.4)
    const agent = await Agent.of('VoiceChat', own)
    const flat = any.object(flatSchema, 0.4)
    const given = any.object(nested, 0.4)
    const params = { AgentConfig: given, TemplateConfig: { VoiceChat: flat } }
    const config = (await agent.start(params))['AgentConfig'] as Config
    for (const path of new Set(leaves)) {
      // The two names are one setting; a node's override is a layer of its own.
      if (/^(BackChanneling|WorkflowOverride)/.test(path)) continue
      const name = path.split('.').at(-1) ?? ''
      const isFlat = memberAt(fromTemplate({ [name]: 1 }), path) === 1
      const layers = [memberAt(given, path), isFlat ? flat[name] : undefined, memberAt(own, path)]
      const said = layers.filter((value) => value !== undefined)
      const isNothing = (value: unknown): boolean =>
        value === '' || (lists.has(path) && (value as unknown[]).length === 0)
      const expected = said.find((value) => !isNothing(value)) ?? said.at(-1)
      if (name === 'Headers' || name === 'Parameters') continue
      assert.deepEqual(memberAt(config, path), expected, path)
    }
  }
})

test('members that have no effect yet, or one value only, are given back', async () => {
  const agent = await Agent.of('VoiceChat')
  for (const config of [NOT_IN_EFFECT, FOR_THE_CLIENT, SINGLE_VALUED]) {
    assert.deepEqual((await agent.start({ AgentConfig: config }))['AgentConfig'], config)
  }
})

/** White space around the values of ids has no meaning. */
const trimmed = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member) => (typeof member === 'string' ? member.trim() : member)),
  )

test('the published sample, with tokens that are valid, comes back member for member', async () => {
  const file = new URL('../data/sample-list-response.json', import.meta.url)
  const sample = JSON.parse(readFileSync(file, 'utf8')) as { Instances: [Config] }
  const [{ AgentConfig, TemplateConfig, RuntimeConfig }] = sample.Instances
  const sent = RuntimeConfig as Record<string, string | Config>
  const valid = token(String(sent['ChannelId']).trim(), String(sent['AgentUserId']))
  const joining = JSON.parse(
    JSON.stringify(sent, (name, value) => (name === 'AuthToken' ? valid : value)),
  ) as Config
  const agent = await Agent.of('VoiceChat')
  const listed = await agent.start({ AgentConfig, RuntimeConfig: joining }, 'StartAIAgentInstance')
  assert.deepEqual(listed['AgentConfig'], AgentConfig)
  assert.deepEqual(trimmed(listed['RuntimeConfig']), trimmed(joining))
  // Filled from what is in force: the nested form, which has no CharBreak.
  const { CharBreak: _, ...flat } = (TemplateConfig as { VoiceChat: Config }).VoiceChat
  const template = (listed['TemplateConfig'] as { VoiceChat: Config }).VoiceChat
  assert.deepEqual(Object.keys(template).toSorted(), Object.keys(flat).toSorted())
  for (const [name, value] of Object.entries(template)) {
    const place = leavesOf(nested).find((path) => path.split('[]')[0]?.split('.').at(-1) === name)
    assert.deepEqual(value, memberAt(AgentConfig as Config, place?.split('[]')[0] ?? ''), name)
  }
})

test('the sample’s flat forms: each kind of agent takes its own and gives it back', async () => {
  const file = new URL('../data/sample-list-response.json', import.meta.url)
  const sample = JSON.parse(readFileSync(file, 'utf8')) as { Instances: [Config] }
  const template = sample.Instances[0]['TemplateConfig'] as Record<string, Config>
  for (const kind of KINDS) {
    const agent = await Agent.of(kind)
    const joining = { ChannelId: kind, AgentUserId: 'agent', AuthToken: token(kind, 'agent') }
    const all: Record<string, Config | undefined> = {
      ...template,
      VideoChat: template['AvatarChat3D'],
    }
    const RuntimeConfig = { [kind]: JSON.stringify(joining) }
    const started = { TemplateConfig: all, RuntimeConfig }
    const listed = await agent.start(started, 'StartAIAgentInstance')
    assert.deepEqual(listed['TemplateConfig'], { [kind]: all[kind] })
    assert.deepEqual(listed['RuntimeConfig'], { ...joining, [kind]: joining })
    const { LlmConfig, VoiceprintConfig, AvatarConfig } = listed['AgentConfig'] as Config
    const { LlmHistory } = LlmConfig as Config
    assert.deepEqual(LlmHistory, [{ Role: 'user', Content: '你好' }])
    assert.deepEqual(VoiceprintConfig, { UseVoiceprint: false, VoiceprintId: 'uniqueId' })
    const hasAvatar = kind === 'AvatarChat3D' || kind === 'VideoChat'
    assert.deepEqual(AvatarConfig, hasAvatar ? { AvatarId: '1231' } : undefined)
  }
})

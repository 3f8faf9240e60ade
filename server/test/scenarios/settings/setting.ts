import assert from 'node:assert/strict'
import { overlayConfig } from '../../../src/operations/call-config.ts'
import { aiAgentConfig } from '../../../src/schema/ai-agent-config.ts'
import { readStructure, type SchemaNode } from '../../../src/schema/read.ts'
import { isObject } from '../../../src/schema/wire.ts'

export type Config = Readonly<Record<string, unknown>>

/** What one member of AgentConfig does to a call, told by what is heard, shown, asked or stored in it. */
export interface Setting {
  /** As `AsrConfig.AsrMaxSilence` or `antiphon.Tools[].Name`. */
  readonly path: string
  /** A configuration in which the member has a value that makes a difference. */
  readonly config: Config
  /** Plays the call with an effective configuration; fails unless the member is obeyed. */
  readonly check: (agentConfig: Config) => Promise<void>
}

/** A row of the table: `play` holds the call, `holds` says what must be seen in it. */
export function setting<Seen>(row: {
  readonly path: string
  readonly config: Config
  readonly play: (agentConfig: Config) => Seen | Promise<Seen>
  readonly holds: (seen: Seen) => void
}): Setting {
  const { path, config, play, holds } = row
  return { path, config, check: async (given) => holds(await play(given)) }
}

/** Several members that show in the same call: each must be needed for it. */
export const together = <Seen>(
  paths: readonly string[],
  row: Omit<Parameters<typeof setting<Seen>>[0], 'path'>,
): readonly Setting[] => paths.map((path) => setting({ path, ...row }))

/** The effective configuration of a call that is started with these, as an operation makes it. */
export function effective(overlay: {
  readonly AgentConfig?: Config
  readonly TemplateConfig?: Config
}): Config {
  const { AgentConfig = {}, TemplateConfig = {} } = overlay
  const read = readStructure(aiAgentConfig as unknown as SchemaNode, AgentConfig, 'AgentConfig')
  assert.ok(read.ok, JSON.stringify(read))
  const base = { type: 'VoiceChat', agentConfig: '{}', providers: '{}', defaultAsr: 'scripted' }
  const laid = overlayConfig(base as Parameters<typeof overlayConfig>[0], {
    AgentConfig: read.value as Config,
    TemplateConfig,
  })
  assert.ok(laid.ok, JSON.stringify(laid))
  return JSON.parse(laid.value.agentConfig) as Config
}

/** As if nobody looked at the member: a list's entries all lose it. */
export function without(value: Config, path: string): Config {
  const [first = '', ...rest] = path.split('.')
  const name = first.replace('[]', '')
  const { [name]: member, ...others } = value
  if (rest.length === 0 || member === undefined) return others
  const strip = (inner: unknown): unknown =>
    isObject(inner) ? without(inner, rest.join('.')) : inner
  return { ...value, [name]: Array.isArray(member) ? member.map(strip) : strip(member) }
}

/** The configuration as if nobody looked at the member: not where it is laid under the rest, nor in the call. */
export function ignoring({ path, config }: Setting): Config {
  const isLayer = path === 'WorkflowOverrideParams'
  return without(effective({ AgentConfig: isLayer ? without(config, path) : config }), path)
}

export function memberAt(value: Config, path: string): unknown {
  const [name = '', ...rest] = path.split('.')
  const member = value[name]
  return rest.length === 0 || !isObject(member) ? member : memberAt(member, rest.join('.'))
}

/** The paths of all members of a structure that hold no structure themselves. */
export function leavesOf(schema: SchemaNode, path = ''): readonly string[] {
  const members = Object.entries(schema.properties ?? {})
  if (members.length > 0) {
    return members.flatMap(([name, member]) =>
      leavesOf(member, path === '' ? name : `${path}.${name}`),
    )
  }
  return schema.items?.properties === undefined ? [path] : leavesOf(schema.items, `${path}[]`)
}

/** Within so many ms of what is expected. */
export function near(ms: number, expectedMs: number, byMs = 80): void {
  assert.ok(Math.abs(ms - expectedMs) <= byMs, `${ms} ms instead of ${expectedMs} ms`)
}

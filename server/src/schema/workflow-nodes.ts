import { fail, ok, type Result } from '../base/result.ts'
import { antiphonConfig } from './antiphon-config.ts'
import type { Config } from './effective-config.ts'
import { llmConfig } from './llm-config.ts'
import { readStructure, type SchemaNode, type WireIssue } from './read.ts'
import { asrConfig, ttsConfig } from './speech-config.ts'
import { isObject, readJsonText } from './wire.ts'

/**
 * The nodes of a call's workflow that have settings, by the ids that `WorkflowOverrideParams` uses, and the
 * structure of `AgentConfig` that holds the settings of each. Node settings without a place in the vendor's
 * structures stand under `antiphon`.
 */
const NODES: Readonly<
  Record<
    string,
    { readonly section: string; readonly schema: SchemaNode; readonly ours: readonly string[] }
  >
> = {
  stt: {
    section: 'AsrConfig',
    schema: asrConfig as unknown as SchemaNode,
    ours: ['HotWords', 'SensitiveWords'],
  },
  llm: { section: 'LlmConfig', schema: llmConfig as unknown as SchemaNode, ours: ['Tools'] },
  tts: { section: 'TtsConfig', schema: ttsConfig as unknown as SchemaNode, ours: [] },
}

const OURS = antiphonConfig as unknown as SchemaNode

/**
 * `WorkflowOverrideParams` as a layer of configuration: `{"stt":{"AsrMaxSilence":800},"llm":{…},"tts":{…}}`.
 * What is no JSON object, and keys that are no node's id, change nothing. Wrong values are refused.
 */
export function workflowOverrides(text: unknown): Result<Config, WireIssue> {
  const nodes = overridesFrom(text)
  const layer: Record<string, unknown> = {}
  const ours: Record<string, unknown> = {}
  for (const [id, { section, schema, ours: names }] of Object.entries(NODES)) {
    const given = Object.hasOwn(nodes, id) ? nodes[id] : undefined
    if (!isObject(given)) continue
    const path = `AgentConfig.WorkflowOverrideParams.${id}`
    const { vendors, own } = split(given, names)
    const read = readStructure(schema, vendors, path)
    if (!read.ok) return read
    const readOwn = readStructure(OURS, own, path)
    if (!readOwn.ok) return readOwn
    layer[section] = read.value
    Object.assign(ours, readOwn.value)
  }
  return ok({ ...layer, ...(Object.keys(ours).length === 0 ? {} : { antiphon: ours }) })
}

function split(given: Config, names: readonly string[]): { vendors: Config; own: Config } {
  const members = Object.entries(given).filter(([name]) => name !== '__proto__')
  return {
    vendors: Object.fromEntries(members.filter(([name]) => !names.includes(name))),
    own: Object.fromEntries(members.filter(([name]) => names.includes(name))),
  }
}

function overridesFrom(text: unknown): Config {
  if (isObject(text)) return text
  const read = typeof text === 'string' ? readJsonText(text) : fail('not JSON' as const)
  return read.ok && isObject(read.value) ? read.value : {}
}

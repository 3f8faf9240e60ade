import { aiAgentConfig } from './ai-agent-config.ts'
import { TEMPLATES, type TemplateType } from './ai-agent-template-config.ts'
import { firstLacking } from './read.ts'
import { isObject } from './wire.ts'

export type Config = Readonly<Record<string, unknown>>

/** Where the members of the flat form stand in the nested one; the others keep their name and place. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  AsrConfig: ['AsrLanguageId', 'AsrMaxSilence', 'AsrHotWords', 'VadLevel'],
  TtsConfig: ['VoiceId', 'VoiceIdList'],
  LlmConfig: ['LlmHistory', 'LlmHistoryLimit', 'LlmSystemPrompt', 'BailianAppParams'],
  AvatarConfig: ['AvatarId'],
  InterruptConfig: ['EnableVoiceInterrupt', 'InterruptWords'],
  VoiceprintConfig: ['UseVoiceprint', 'VoiceprintId'],
}
const SECTION_OF = new Map(
  Object.entries(SECTIONS).flatMap(([section, names]) => names.map((name) => [name, section])),
)
const BACK_CHANNELING = ['BackChannelingConfigs', 'BackChannelingConfig'] as const
/**
 * The vendor's lists of structures. Its Python client writes them with every structure that may hold them, as `[]` when its
 * user gave none; so `[]` must not take away what a weaker layer says.
 */
const LISTS_OF_STRUCTURES = new Set<string>([
  ...BACK_CHANNELING,
  'FunctionMap',
  'LlmHistory',
  'Messages',
  'PronunciationRules',
  'Words',
])

/**
 * Lays configurations over each other, the strongest last: member by member through nested objects, lists
 * whole; null, absent, empty text and an empty list of structures change nothing. No default of the product is
 * written in.
 */
export function effectiveConfig(...layers: readonly Config[]): Config {
  let result: Config = {}
  for (const layer of layers) {
    // The two names are one setting: the stronger layer's rules replace the weaker's under either name.
    const replaces = BACK_CHANNELING.some((name) => isGiven(name, ownMember(layer, name)))
    const lower = replaces ? without(result, BACK_CHANNELING) : result
    result = merge(lower, layer)
  }
  return result
}

function merge(lower: Config, upper: Config): Config {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(lower)) {
    if (name !== '__proto__') result[name] = value
  }
  for (const [name, value] of Object.entries(upper)) {
    if (name === '__proto__' || value === undefined || value === null) continue
    const below = ownMember(result, name)
    if (!isGiven(name, value) && below !== undefined) continue
    if (!isObject(value)) result[name] = value
    else result[name] = merge(isObject(below) ? below : {}, value)
  }
  return result
}

function isGiven(name: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 || !LISTS_OF_STRUCTURES.has(name)
  return value !== undefined && value !== null && value !== ''
}

const ownMember = (config: Config, name: string): unknown =>
  Object.hasOwn(config, name) ? config[name] : undefined

const without = (config: Config, names: readonly string[]): Config =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !names.includes(name)))

/** The flat form in the places of the nested one. */
export function fromTemplate(flat: Config): Config {
  const result: Record<string, unknown> = {}
  const sections: Record<string, Record<string, unknown>> = {}
  for (const [name, value] of Object.entries(flat)) {
    if (name === '__proto__') continue
    const section = SECTION_OF.get(name)
    if (section === undefined) result[name] = value
    else (sections[section] ??= {})[name] = value
  }
  return { ...result, ...sections }
}

/** What of a configuration the flat form can say, under the agent's kind. */
export function toTemplate(config: Config, type: TemplateType): Config {
  const flat: Record<string, unknown> = {}
  for (const name of Object.keys(TEMPLATES[type].properties)) {
    const section = SECTION_OF.get(name)
    const place = section === undefined ? config : ownMember(config, section)
    const value = isObject(place) ? ownMember(place, name) : undefined
    if (value !== undefined && value !== null) flat[name] = value
  }
  return { [type]: flat }
}

/** The path of the first member that an effective configuration must have and lacks. */
export const lackingMember = (config: Config): string | undefined =>
  firstLacking(aiAgentConfig, config, 'AgentConfig')

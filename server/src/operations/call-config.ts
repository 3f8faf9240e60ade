import { fail, ok, type Result } from '../base/result.ts'
import type { AgentType } from '../ports/store.ts'
import { TEMPLATES } from '../schema/ai-agent-template-config.ts'
import { antiphonIssue } from '../schema/antiphon-rules.ts'
import {
  effectiveConfig,
  fromTemplate,
  lackingMember,
  toTemplate,
  type Config,
} from '../schema/effective-config.ts'
import { invalidParameter, type ApiError } from '../schema/errors.ts'
import { asrLanguages, parseProviders, PROVIDERS } from '../schema/providers.ts'
import { readStructure } from '../schema/read.ts'
import { isObject } from '../schema/wire.ts'
import { workflowOverrides } from '../schema/workflow-nodes.ts'

/** What a caller lays over an agent's or a running call's configuration. */
export interface ConfigOverlay {
  readonly AgentConfig?: object
  readonly TemplateConfig?: object
}

/** An effective configuration in both forms, as JSON text. */
export interface CallConfig {
  readonly agentConfig: string
  readonly templateConfig: string
}

export interface ConfigBase {
  readonly type: AgentType
  /** JSON text of the configuration below. */
  readonly agentConfig: string
  /** JSON text of the agent's `Providers`. */
  readonly providers: string
  readonly defaultAsr: string
  /** It is an agent's, no running call's: its `WorkflowOverrideParams` have not been laid over it yet. */
  readonly isAgents?: boolean
}

/** base ← WorkflowOverrideParams ← TemplateConfig ← AgentConfig, checked as a whole. */
export function overlayConfig(
  base: ConfigBase,
  overlay: ConfigOverlay,
): Result<CallConfig, ApiError> {
  const template = readTemplate(overlay.TemplateConfig, base.type)
  if (!template.ok) return template
  const flat = fromTemplate(template.value)
  const nested = (overlay.AgentConfig ?? {}) as Config
  const below = parseConfig(base.agentConfig)
  const own = base.isAgents === true ? below['WorkflowOverrideParams'] : undefined
  const nodes = nodesOf(nested['WorkflowOverrideParams'] || flat['WorkflowOverrideParams'] || own)
  if (!nodes.ok) return nodes
  const config = effectiveConfig(below, nodes.value, flat, nested)
  const error = incomplete(config) ?? unknownLanguage(config, base)
  if (error !== undefined) return fail(error)
  return ok({
    agentConfig: JSON.stringify(config),
    templateConfig: JSON.stringify(toTemplate(config, base.type)),
  })
}

/** `WorkflowOverrideParams` as a layer of configuration. */
export function nodesOf(overrideParams: unknown): Result<Config, ApiError> {
  const nodes = workflowOverrides(overrideParams)
  if (nodes.ok) return nodes
  const { path, allowed, got } = nodes.error
  return fail(invalidParameter(path, `allowed: ${allowed}; got: ${got}`))
}

/** Only the member of the agent's own kind counts. */
function readTemplate(template: object | undefined, type: AgentType): Result<Config, ApiError> {
  const given = isObject(template) ? template[type] : undefined
  const read = readStructure(TEMPLATES[type], given, `TemplateConfig.${type}`)
  if (read.ok) return ok(isObject(read.value) ? read.value : {})
  const { path, allowed, got } = read.error
  return fail(invalidParameter(path, `allowed: ${allowed}; got: ${got}`))
}

export function parseConfig(text: string): Config {
  const value: unknown = JSON.parse(text)
  return isObject(value) ? value : {}
}

/** What a configuration must have and lacks, or must not have. */
export function incomplete(config: Config): ApiError | undefined {
  const lacking = lackingMember(config)
  if (lacking !== undefined) return invalidParameter(lacking, 'it must be given')
  const issue = antiphonIssue(config)
  return issue && invalidParameter(issue.path, `it must ${issue.problem}`)
}

export const DEFAULT_LANGUAGE_ID = 'en'

/** A call in a language that its recogniser does not know would never be understood: it is refused. */
function unknownLanguage(config: Config, base: ConfigBase): ApiError | undefined {
  const asr = isObject(config['AsrConfig']) ? config['AsrConfig'] : {}
  const language = String(asr['AsrLanguageId'] ?? '').trim() || DEFAULT_LANGUAGE_ID
  const providers = parseProviders(base.providers)
  const choice = (providers.ok ? providers.value.asr : undefined) ?? { provider: base.defaultAsr }
  const name = choice.provider
  const languages = asrLanguages(choice)
  if (knows(languages, language)) return undefined
  const others = Object.keys(PROVIDERS.asr).filter((provider) =>
    knows(asrLanguages({ provider }), language),
  )
  const ways = [`set AsrConfig.AsrLanguageId to one that it knows`]
  if (others.length > 0) {
    ways.push(
      `or give the agent another recogniser (UpdateAIAgent, Providers.asr.provider: ${others.join(', ')})`,
    )
  }
  return invalidParameter(
    'AgentConfig.AsrConfig.AsrLanguageId',
    `the speech recogniser "${name}" knows ${listOf(languages)}; got: "${language.slice(0, 64)}". ` +
      `Ways out: ${ways.join(', ')}`,
  )
}

const knows = (languages: readonly string[] | 'any', language: string): boolean =>
  languages === 'any' || languages.includes(language)

const listOf = (languages: readonly string[] | 'any'): string =>
  languages === 'any' ? 'any language' : languages.join(', ') || 'no language'

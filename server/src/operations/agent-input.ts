import { Type } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import type { AgentRecord } from '../ports/store.ts'
import { aiAgentConfig } from '../schema/ai-agent-config.ts'
import { AGENT_TYPES } from '../schema/ai-agent.ts'
import type { Config } from '../schema/effective-config.ts'
import type { ApiError } from '../schema/errors.ts'
import { parseProviders } from '../schema/providers.ts'
import { gmtTime } from '../schema/wire.ts'
import { incomplete, nodesOf, parseConfig } from './call-config.ts'

export const NAME_LIMIT_CHARS = 128

/** Parameters of the operations that make and change agents. */
export const agentParameters = {
  Type: Type.Optional(Type.Enum(AGENT_TYPES)),
  AgentConfig: Type.Optional(aiAgentConfig),
  /** `{asr, llm, tts, vad: {provider, …options}}` as JSON text. */
  Providers: Type.Optional(Type.String()),
}
export const agentName = Type.String({ maxLength: NAME_LIMIT_CHARS, 'x-trimmed': true })

/** Both as JSON text, checked; what is not given stays as it was. */
export function readAgentTexts(
  given: { readonly AgentConfig?: object; readonly Providers?: string },
  before: Pick<AgentRecord, 'agentConfig' | 'providers'>,
): Result<Pick<AgentRecord, 'agentConfig' | 'providers'>, ApiError> {
  const { AgentConfig: config, Providers: providers } = given
  const error = config === undefined ? undefined : incomplete(config as Config)
  if (error !== undefined) return fail(error)
  const nodes = nodesOf((config as Config | undefined)?.['WorkflowOverrideParams'])
  if (!nodes.ok) return nodes
  const parsed = providers === undefined ? undefined : parseProviders(providers)
  if (parsed?.ok === false) {
    const message = `The specified parameter Providers value is not valid: ${parsed.error}`
    return fail({ code: 'InvalidParameter', message })
  }
  return ok({
    agentConfig: config === undefined ? before.agentConfig : JSON.stringify(config),
    providers: parsed === undefined ? before.providers : JSON.stringify(parsed.value),
  })
}

/** An agent as it is given back. */
export const agentAnswer = (agent: AgentRecord) => ({
  AIAgentId: agent.agentId,
  Name: agent.name,
  Type: agent.type,
  AgentConfig: parseConfig(agent.agentConfig),
  Providers: parseConfig(agent.providers),
  GmtCreate: gmtTime(agent.createdMs),
  GmtModified: gmtTime(agent.modifiedMs),
})

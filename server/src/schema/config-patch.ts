import type { TemplateType } from './ai-agent-template-config.ts'
import { effectiveConfig, toTemplate, type Config } from './effective-config.ts'

/** Lays a client's change (JSON text) over a call's effective configuration; gives both forms as JSON text. */
export function patchConfig(
  agentConfig: string,
  patch: string,
  type: TemplateType,
): { readonly agentConfig: string; readonly templateConfig: string } {
  const config = effectiveConfig(JSON.parse(agentConfig) as Config, JSON.parse(patch) as Config)
  return {
    agentConfig: JSON.stringify(config),
    templateConfig: JSON.stringify(toTemplate(config, type)),
  }
}

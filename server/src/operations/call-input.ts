import { Type } from 'typebox'
import { aiAgentConfig } from '../schema/ai-agent-config.ts'

/** The deprecated configuration: read once the kind of the agent is known. */
const templateConfig = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'Deprecated form: settings under the kind of the agent, such as VoiceChat.',
  },
)

/** Parameters that lay a configuration over another. */
export const overlayParameters = {
  AgentConfig: Type.Optional(aiAgentConfig),
  TemplateConfig: Type.Optional(templateConfig),
}

/** Parameters of every operation that starts a call. */
export const startParameters = {
  ...overlayParameters,
  UserData: Type.Optional(Type.String()),
  SessionId: Type.Optional(Type.String()),
  /** Accepted; messaging agents, whose history it feeds, are not there yet. */
  ChatSyncConfig: Type.Optional(Type.Object({}, { additionalProperties: true })),
}

import { Type } from 'typebox'
import { aiAgentConfig } from './ai-agent-config.ts'

/** Kinds of agents that can be made; the other kinds of the reference follow. */
export const AGENT_TYPES = ['VoiceChat'] as const

/** An agent, as our own operations give it back. */
export const aiAgent = Type.Object(
  {
    AIAgentId: Type.String(),
    Name: Type.String(),
    Type: Type.Enum(AGENT_TYPES),
    AgentConfig: aiAgentConfig,
    /** `{asr, llm, tts, vad: {provider, …options}}`; absent kinds are the server's choice. */
    Providers: Type.Object({}, { additionalProperties: true }),
    GmtCreate: Type.String(),
    GmtModified: Type.String(),
  },
  { additionalProperties: false },
)

import { Type } from 'typebox'
import { described } from './described.ts'
import { aiAgentConfig } from './ai-agent-config.ts'

/**
 * Kinds of agents that can be made. All take calls by voice: the pictures of users, and avatars, are not in
 * effect yet. The kind says under which key the deprecated configuration stands.
 */
export const AGENT_TYPES = ['VoiceChat', 'VisionChat', 'AvatarChat3D', 'VideoChat'] as const

/** An agent, as our own operations give it back. */
export const aiAgent = Type.Object(
  described(
    {
      AIAgentId: Type.String(),
      Name: Type.String(),
      Type: Type.Enum(AGENT_TYPES),
      AgentConfig: aiAgentConfig,
      Providers: Type.Object({}, { additionalProperties: true }),
      GmtCreate: Type.String(),
      GmtModified: Type.String(),
    },
    {
      AIAgentId: 'Its id.',
      Name: 'What it is called, for people.',
      Type: 'Its kind: VoiceChat, or another one of the reference, whose pictures and avatars are not in effect yet.',
      AgentConfig: 'Its configuration; calls may lay theirs over it.',
      Providers:
        'Who recognises, thinks and speaks: {asr, llm, tts, vad: {provider, …options}}. What is absent is the choice of the server.',
      GmtCreate: 'When it was made, ISO 8601.',
      GmtModified: 'When it was last changed, ISO 8601.',
    },
  ),
  { additionalProperties: false },
)

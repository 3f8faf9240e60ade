import { Type } from 'typebox'
import { aiAgentConfig } from './ai-agent-config.ts'
import { aiAgentTemplateConfig } from './ai-agent-template-config.ts'
import { aiAgentRuntimeConfig } from './runtime-config.ts'

const members = {
  Status: Type.Enum(['Created', 'Executing', 'Finished']),
  /** Once the call is finished. */
  CallLogUrl: Type.Optional(Type.String()),
  RuntimeConfig: aiAgentRuntimeConfig,
  TemplateConfig: aiAgentTemplateConfig,
  AgentConfig: aiAgentConfig,
  UserData: Type.Optional(Type.String()),
}

/** One entry of ListAIAgentInstance. */
export const aiAgentInstanceListItem = Type.Object(members, { additionalProperties: false })

/** The answer of DescribeAIAgentInstance. */
export const aiAgentInstanceDetail = Type.Object(
  {
    ...members,
    /** Empty unless the caller gave one. */
    SessionId: Type.String(),
    /** 2025-07-18T06:39:08.000+00:00 */
    GmtCreate: Type.String(),
    GmtModified: Type.String(),
  },
  { additionalProperties: false },
)

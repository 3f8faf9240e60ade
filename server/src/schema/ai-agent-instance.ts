import { Type } from 'typebox'
import { described } from './described.ts'
import { aiAgentConfig } from './ai-agent-config.ts'
import { aiAgentTemplateConfig } from './ai-agent-template-config.ts'
import { instanceExtras } from './recording.ts'
import { aiAgentRuntimeConfig } from './runtime-config.ts'

const members = described(
  {
    Status: Type.Enum(['Created', 'Executing', 'Finished']),
    CallLogUrl: Type.Optional(Type.String()),
    RuntimeConfig: aiAgentRuntimeConfig,
    TemplateConfig: aiAgentTemplateConfig,
    AgentConfig: aiAgentConfig,
    UserData: Type.Optional(Type.String()),
  },
  {
    Status: 'Created: nobody is connected yet. Executing: both ends are connected. Finished: over.',
    CallLogUrl: 'Address of the call log, once the call is over; good for 24 hours.',
    RuntimeConfig: 'Where and as whom the agent joined, its token included.',
    TemplateConfig: 'Configuration in the deprecated form.',
    AgentConfig: 'Configuration in force.',
    UserData: 'The text given at the start.',
  },
)

/** One entry of ListAIAgentInstance. */
export const aiAgentInstanceListItem = Type.Object(members, { additionalProperties: false })

/** The answer of DescribeAIAgentInstance. */
export const aiAgentInstanceDetail = Type.Object(
  {
    ...members,
    ...described(
      {
        SessionId: Type.String(),
        GmtCreate: Type.String(),
        GmtModified: Type.String(),
        antiphon: Type.Optional(instanceExtras),
      },
      {
        SessionId: 'The session given at the start; empty when none was.',
        GmtCreate: 'When it was started, as 2025-07-18T06:39:08.000+00:00.',
        GmtModified: 'When it was last changed, in the same form.',
        antiphon: 'What is this server’s own; absent when nothing of the call was recorded.',
      },
    ),
  },
  { additionalProperties: false },
)

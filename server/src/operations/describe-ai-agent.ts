import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { aiAgent } from '../schema/ai-agent.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { agentAnswer } from './agent-input.ts'
import { operation } from './operation.ts'
import { findAgent } from './start-call.ts'

export const describeAIAgent = operation({
  name: 'DescribeAIAgent',
  version: OWN_VERSION,
  summary: 'Gives one agent.',
  errors: ['AgentNotFound'],
  input: Type.Object({ AIAgentId: wireId() }),
  about: { AIAgentId: 'The agent, by its id of 32 hexadecimal digits.' },
  output: Type.Object(described({ Agent: aiAgent }, { Agent: 'The agent.' })),
  run: async (input, context) => {
    const agent = await findAgent(input.AIAgentId, context)
    return agent.ok ? ok({ Agent: agentAnswer(agent.value) }) : agent
  },
})

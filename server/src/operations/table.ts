import { createAIAgent } from './create-ai-agent.ts'
import { deleteAIAgent } from './delete-ai-agent.ts'
import { describeAIAgent } from './describe-ai-agent.ts'
import { describeAIAgentInstance } from './describe-ai-agent-instance.ts'
import { generateAIAgentCall } from './generate-ai-agent-call.ts'
import { listAIAgentInstance } from './list-ai-agent-instance.ts'
import { listAIAgents } from './list-ai-agents.ts'
import type { Operation } from './operation.ts'
import { startAIAgentInstance } from './start-ai-agent-instance.ts'
import { stopAIAgentInstance } from './stop-ai-agent-instance.ts'
import { updateAIAgent } from './update-ai-agent.ts'
import { updateAIAgentInstance } from './update-ai-agent-instance.ts'

/** All operations of the API. */
export const OPERATIONS: readonly Operation[] = [
  listAIAgentInstance,
  describeAIAgentInstance,
  startAIAgentInstance,
  generateAIAgentCall,
  stopAIAgentInstance,
  updateAIAgentInstance,
  createAIAgent,
  updateAIAgent,
  describeAIAgent,
  listAIAgents,
  deleteAIAgent,
]

const byName = new Map(OPERATIONS.map((entry) => [`${entry.version} ${entry.name}`, entry]))

export const findOperation = (version: string, name: string): Operation | undefined =>
  byName.get(`${version} ${name}`)

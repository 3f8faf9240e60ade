import { ask, type Answer, type Body } from '../../base/api.ts'

export type Config = Readonly<Record<string, unknown>>

export interface Agent {
  readonly agentId: string
  readonly name: string
  readonly type: string
  readonly config: Config
  readonly providers: Config
  readonly modifiedMs: number
}

/** The most that one page of the list may hold. */
const PAGE_SIZE = 100

export async function listAgents(): Promise<Answer<readonly Agent[]>> {
  const agents: Agent[] = []
  for (let page = 1; page <= 100; page += 1) {
    const answer = await ask({
      action: 'ListAIAgents',
      parameters: { PageSize: PAGE_SIZE, PageNumber: page },
    })
    if (!answer.ok) return answer
    const found = (answer.value['Agents'] as readonly Body[]).map(readAgent)
    agents.push(...found)
    if (found.length < PAGE_SIZE) break
  }
  return { ok: true, value: agents }
}

export async function describeAgent(agentId: string): Promise<Answer<Agent>> {
  const answer = await ask({ action: 'DescribeAIAgent', parameters: { AIAgentId: agentId } })
  return answer.ok ? { ok: true, value: readAgent(answer.value['Agent'] as Body) } : answer
}

/** Gives the id of the new agent. */
export async function createAgent(agent: {
  readonly name: string
  readonly config?: Config
  readonly providers?: Config
}): Promise<Answer<string>> {
  const answer = await ask({
    action: 'CreateAIAgent',
    parameters: {
      Name: agent.name,
      Type: 'VoiceChat',
      AgentConfig: agent.config ?? {},
      Providers: agent.providers ?? {},
    },
  })
  return answer.ok ? { ok: true, value: String(answer.value['AIAgentId']) } : answer
}

export const updateAgent = (agent: {
  readonly agentId: string
  readonly name: string
  readonly config: Config
  readonly providers: Config
}): Promise<Answer<Body>> =>
  ask({
    action: 'UpdateAIAgent',
    parameters: {
      AIAgentId: agent.agentId,
      Name: agent.name,
      AgentConfig: agent.config,
      Providers: agent.providers,
    },
  })

export const deleteAgent = (agentId: string): Promise<Answer<Body>> =>
  ask({ action: 'DeleteAIAgent', parameters: { AIAgentId: agentId } })

function readAgent(agent: Body): Agent {
  const agentId = String(agent['AIAgentId'])
  return {
    agentId,
    name: String(agent['Name'] ?? agentId),
    type: String(agent['Type'] ?? ''),
    config: (agent['AgentConfig'] ?? {}) as Config,
    providers: (agent['Providers'] ?? {}) as Config,
    modifiedMs: Date.parse(String(agent['GmtModified'] ?? '')),
  }
}

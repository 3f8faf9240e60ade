import { ask, CALL_API_VERSION, type Answer, type Body, type Fetch } from '../base/api.ts'

/** An agent, as far as the page shows it. */
export interface Agent {
  readonly agentId: string
  readonly name: string
}

/** What is needed to join a call. */
export interface CallTicket {
  readonly instanceId: string
  readonly channelId: string
  readonly agentUserId: string
  readonly userId: string
  readonly token: string
}

/** A day, like the vendor's own clients: a reconnect late in a long call still finds its token good. */
const TOKEN_EXPIRE_S = 86_400
/** The most that one page of the list may hold. */
const AGENT_LIMIT = 100

export async function listAgents(fetch: Fetch): Promise<Answer<readonly Agent[]>> {
  const answer = await ask({ action: 'ListAIAgents', parameters: { PageSize: AGENT_LIMIT } }, fetch)
  if (!answer.ok) return answer
  const agents = Array.isArray(answer.value['Agents']) ? (answer.value['Agents'] as Body[]) : []
  return {
    ok: true,
    value: agents.map((agent) => {
      const agentId = String(agent['AIAgentId'])
      return { agentId, name: String(agent['Name'] ?? agentId) }
    }),
  }
}

export async function generateCall(fetch: Fetch, agentId: string): Promise<Answer<CallTicket>> {
  const answer = await ask(
    {
      action: 'GenerateAIAgentCall',
      version: CALL_API_VERSION,
      parameters: { AIAgentId: agentId, Expire: TOKEN_EXPIRE_S },
    },
    fetch,
  )
  if (!answer.ok) return answer
  const { InstanceId, ChannelId, AIAgentUserId, UserId, Token } = answer.value
  return {
    ok: true,
    value: {
      instanceId: String(InstanceId),
      channelId: String(ChannelId),
      agentUserId: String(AIAgentUserId),
      userId: String(UserId),
      token: String(Token),
    },
  }
}

/** An agent, as far as the page shows it. */
export interface Agent {
  readonly agentId: string
  readonly name: string
}

/** What is needed to join a call. */
export interface CallTicket {
  readonly channelId: string
  readonly agentUserId: string
  readonly userId: string
  readonly token: string
}

export type ApiFailure =
  | { readonly type: 'signed-out' }
  | { readonly type: 'server-gone' }
  /** The server is there but takes no call now. */
  | { readonly type: 'unavailable' }
  | { readonly type: 'refused'; readonly code: string; readonly message: string }

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: ApiFailure }

type Fetch = (url: string, init: RequestInit) => Promise<Response>
type Body = Readonly<Record<string, unknown>>

const CALL_API_VERSION = '2020-11-09'
const AGENT_API_VERSION = '2026-11-01'
/** A day, like the vendor's own clients: a reconnect late in a long call still finds its token good. */
const TOKEN_EXPIRE_S = 86_400
/** The most that one page of the list may hold. */
const AGENT_LIMIT = 100
const ANSWER_LIMIT_MS = 15_000

export async function listAgents(fetch: Fetch): Promise<Answer<readonly Agent[]>> {
  const parameters = { PageSize: String(AGENT_LIMIT) }
  const answer = await ask(fetch, {
    action: 'ListAIAgents',
    version: AGENT_API_VERSION,
    parameters,
  })
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
  const answer = await ask(fetch, {
    action: 'GenerateAIAgentCall',
    version: CALL_API_VERSION,
    parameters: { AIAgentId: agentId, Expire: String(TOKEN_EXPIRE_S) },
  })
  if (!answer.ok) return answer
  const { ChannelId, AIAgentUserId, UserId, Token } = answer.value
  return {
    ok: true,
    value: {
      channelId: String(ChannelId),
      agentUserId: String(AIAgentUserId),
      userId: String(UserId),
      token: String(Token),
    },
  }
}

interface Operation {
  readonly action: string
  readonly version: string
  readonly parameters: Readonly<Record<string, string>>
}

async function ask(
  fetch: Fetch,
  { action, version, parameters }: Operation,
): Promise<Answer<Body>> {
  const query = new URLSearchParams({
    Action: action,
    Version: version,
    Format: 'JSON',
    ...parameters,
  })
  try {
    const response = await fetch(`/?${query}`, {
      method: 'POST',
      // Names this page as the asker; the session travels in its cookie.
      headers: { 'x-antiphon-console': '1', accept: 'application/json' },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
    const body = (await response.json().catch(() => ({}))) as Body
    if (response.ok) return { ok: true, value: body }
    return { ok: false, failure: failureOf(response.status, body) }
  } catch {
    return { ok: false, failure: { type: 'server-gone' } }
  }
}

function failureOf(status: number, body: Body): ApiFailure {
  const code = String(body['Code'] ?? '')
  if (code === 'MissingAccessKeyId') return { type: 'signed-out' }
  if (status === 503 || status === 429) return { type: 'unavailable' }
  if (status === 502 || status === 504) return { type: 'server-gone' }
  return { type: 'refused', code, message: String(body['Message'] ?? `HTTP ${status}`) }
}

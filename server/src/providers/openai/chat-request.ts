import type { LlmMessage, LlmRequest } from '../../ports/llm.ts'

const STRICT_HOST = 'api.openai.com'

/** The address of a chat: `/chat/completions` after the base, keys of `extraQuery` over those of the base. */
export function chatUrl(baseUrl: string, extraQuery: string): URL {
  const url = new URL(baseUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`
  for (const [key, value] of new URLSearchParams(extraQuery)) url.searchParams.set(key, value)
  return url
}

/** The body of a chat. The vendor's own host refuses members that it does not know. */
export function chatBody(url: URL, model: string, request: LlmRequest): string {
  const extendData = url.hostname === STRICT_HOST ? undefined : request.extendData
  const messages = request.messages.map(chatMessage)
  return JSON.stringify({ model, stream: true, messages, extendData })
}

/** `plugin` is a role of the agent API alone. */
const chatMessage = ({ role, content }: LlmMessage): object => ({
  role: role === 'plugin' ? 'tool' : role,
  content,
})

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
export function chatBody(url: URL, model: string, request: LlmRequest, how: ChatHow = {}): string {
  const extendData = url.hostname === STRICT_HOST ? undefined : request.extendData
  const messages = request.messages.map((message) => chatMessage(message, how))
  const tools = request.tools?.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, ...(description === '' ? {} : { description }), parameters },
  }))
  const appParams = how.sendsAppParams === true ? parsed(request.appParams) : {}
  return JSON.stringify({ ...appParams, model, stream: true, messages, tools, extendData })
}

/** What an agent's `Providers` may ask for beyond the protocol. */
export interface ChatHow {
  /** `plugin`, a role of the agent API alone, stays as it is; else it becomes `tool`. */
  readonly keepsPluginRole?: boolean
  /** The members of `BailianAppParams` are laid into the body. */
  readonly sendsAppParams?: boolean
}

function chatMessage(message: LlmMessage, how: ChatHow): object {
  const { role, content, images = [], toolCalls, toolCallId } = message
  if (toolCalls !== undefined) {
    const calls = toolCalls.map((call) => ({
      id: call.toolCallId,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    }))
    return { role, content: content === '' ? null : content, tool_calls: calls }
  }
  return {
    role: role === 'plugin' && how.keepsPluginRole !== true ? 'tool' : role,
    content: images.length === 0 ? content : contentParts(content, images),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
  }
}

/** Pictures before the text, as the product sends them to models that see. */
function contentParts(text: string, images: readonly string[]): readonly object[] {
  const pictures = images.map((url) => ({ type: 'image_url', image_url: { url } }))
  return text === '' ? pictures : [...pictures, { type: 'text', text }]
}

/** The members of a JSON object, or none. */
function parsed(text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}

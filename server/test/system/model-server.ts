import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ModelMessage {
  readonly role: string
  readonly content: string
}

/** What stands in for a language model's server: an OpenAI-compatible endpoint on this machine. */
export interface ModelServer {
  readonly baseUrl: string
  /** The messages of each request, oldest request first. */
  readonly requests: readonly (readonly ModelMessage[])[]
  close(): void
}

/**
 * `answer` says what to reply to the user's last words; `undefined`: the model never answers. With `only` another key
 * or model is refused, as such services do.
 */
export async function startModelServer(
  answer: (said: string) => string | undefined,
  only?: { readonly key: string; readonly model: string },
): Promise<ModelServer> {
  const requests: ModelMessage[][] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      if (only !== undefined && request.headers.authorization !== `Bearer ${only.key}`) {
        return refuse(response, 401, 'invalid_api_key')
      }
      if (request.url?.endsWith('/models') === true) {
        response.setHeader('content-type', 'application/json')
        return response.end(JSON.stringify({ data: [{ id: only?.model ?? 'any' }] }))
      }
      const { messages, model } = JSON.parse(body) as { messages: ModelMessage[]; model: string }
      if (only !== undefined && model !== only.model) {
        return refuse(response, 404, 'model_not_found')
      }
      requests.push(messages)
      const said = messages.findLast(({ role }) => role === 'user')?.content ?? ''
      const text = answer(said)
      if (text !== undefined) stream(response, text)
      return undefined
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: { code } }))
}

function stream(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const word of text.match(/\S+\s*/g) ?? []) {
    response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`)
  }
  response.end('data: [DONE]\n\n')
}

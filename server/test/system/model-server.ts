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

/** `answer` says what to reply to the user's last words; `undefined`: the model never answers. */
export async function startModelServer(
  answer: (said: string) => string | undefined,
): Promise<ModelServer> {
  const requests: ModelMessage[][] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const { messages } = JSON.parse(body) as { messages: ModelMessage[] }
      requests.push(messages)
      const said = messages.findLast(({ role }) => role === 'user')?.content ?? ''
      const text = answer(said)
      if (text !== undefined) stream(response, text)
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

function stream(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const word of text.match(/\S+\s*/g) ?? []) {
    response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`)
  }
  response.end('data: [DONE]\n\n')
}

/** An agent with a language model of its own: here a server of ten lines that says the words backwards. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { call, endpoint, OWN_VERSION } from './client.ts'

/** Speaks the OpenAI chat protocol: POST /chat/completions, answered as an event stream. */
const model = createServer(async (request, response) => {
  const { messages } = (await json(request)) as { messages: { content: string }[] }
  response.setHeader('Content-Type', 'text/event-stream')
  const words = messages.at(-1)?.content.split(' ').toReversed() ?? []
  for (const content of words.map((word) => `${word} `))
    response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
  response.end('data: [DONE]\n\n')
}).listen(0, '127.0.0.1')
await once(model, 'listening')
const { port } = model.address() as AddressInfo

// A key would go into an environment variable of the server, and its name into `apiKeyEnv`.
const llm = { provider: 'openai', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'backwards' }
const agent = { Name: 'Backwards', Type: 'VoiceChat', Providers: { llm } }
const { AIAgentId } = await call('CreateAIAgent', agent, OWN_VERSION)
const { ChannelId, Token } = await call('GenerateAIAgentCall', { AIAgentId })

const query = `token=${encodeURIComponent(Token)}`
const socket = new WebSocket(`ws://${endpoint}/rtc/channels/${ChannelId}/socket?${query}`)
socket.addEventListener('open', () =>
  socket.send(JSON.stringify({ type: 1111, data: { text: 'world the hello' } })),
)
socket.addEventListener('message', ({ data }) => {
  const { type, data: said } = typeof data === 'string' ? JSON.parse(data) : {}
  if (type === 1002 && said.text !== '') console.log(`agent: ${said.text}`)
  if (type === 1002 && said.end) socket.close()
})
await once(socket, 'close')
await call('DeleteAIAgent', { AIAgentId }, OWN_VERSION)
model.close()

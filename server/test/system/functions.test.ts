/** A function of the agent's own, through the whole server: declared by the API, asked for by a model, called. */
import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { startAntiphon, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'

interface Chat {
  readonly messages: readonly { readonly role: string; readonly content: string | null }[]
  readonly tools?: readonly { readonly function: { readonly name: string } }[]
}

const chats: Chat[] = []
const visits: { readonly url: string; readonly key: string | undefined }[] = []
let outside: Server
let address: string
let server: Antiphon

/** The model and the shop, on one port. */
before(async () => {
  outside = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      if (request.url?.startsWith('/v1/') === true) answerChat(JSON.parse(body) as Chat, response)
      else {
        visits.push({ url: request.url ?? '', key: request.headers.authorization })
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"where":"Oslo"}')
      }
    })
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
  server = await startAntiphon({
    env: {
      OPENAI_BASE_URL: `${address}/v1`,
      ANTIPHON_OUTBOUND_PRIVATE: '127.0.0.1',
      TOOL_SHOP_KEY: 'shop-secret',
    },
  })
})

after(async () => {
  await server.end()
  outside.close()
  outside.closeAllConnections()
})

function answerChat(chat: Chat, response: ServerResponse): void {
  chats.push(chat)
  const last = chat.messages.at(-1)
  const call = { name: 'order_status', arguments: '{"number":"7"}' }
  const deltas =
    last?.role === 'tool'
      ? [{ content: `It is in ${(JSON.parse(last.content ?? '') as { where: string }).where}.` }]
      : [{ content: 'Let me see. ' }, { tool_calls: [{ index: 0, id: 'x', function: call }] }]
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const delta of deltas)
    response.write(`data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`)
  response.end('data: [DONE]\n\n')
}

test('the user hears what a function of the agent found out, and no secret shows', async () => {
  const api = new ApiCaller(server)
  const agentId = await api.makeAgent(
    {
      antiphon: {
        Tools: [
          {
            Name: 'order_status',
            Description: 'Looks up where an order is.',
            Parameters: { type: 'object', properties: { number: { type: 'string' } } },
            Url: `${address}/orders`,
            Method: 'GET',
            Headers: { Authorization: 'Bearer ${TOOL_SHOP_KEY}' },
          },
        ],
      },
    },
    { tts: { provider: 'scripted', msPerChar: 20 }, asr: { provider: 'scripted' } },
  )
  const { caller, instanceId } = await api.startCall(agentId)
  await api.vendor.call('SendAIAgentText', { InstanceId: instanceId, Text: 'Where is order 7?' })
  await until(() => [...caller.answered().values()].includes('Let me see. It is in Oslo.'))
  assert.deepEqual(visits, [{ url: '/orders?number=7', key: 'Bearer shop-secret' }])
  assert.deepEqual(
    chats.map(({ tools }) => tools?.map(({ function: { name } }) => name)),
    [['order_status'], ['order_status']],
  )
  assert.deepEqual(
    chats[1]?.messages.slice(-3).map(({ role }) => role),
    ['user', 'assistant', 'tool'],
  )
  const described = await api.vendor.call('DescribeAIAgentInstance', { InstanceId: instanceId })
  assert.ok(!JSON.stringify(described).includes('shop-secret'))
  assert.ok(!server.output().includes('shop-secret'))
  caller.close()
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { parseOutboundRules, PUBLIC_ONLY } from '../../base/outbound-address.ts'
import { systemOutbound } from '../../base/system-outbound.ts'
import type { Tool } from '../../ports/tools.ts'
import { httpTools } from './http-tools.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

async function serve(): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body })
      const path = request.url?.split('?')[0]
      if (path === '/slow') return
      if (path === '/broken') response.writeHead(500).end('out of order')
      else if (path === '/picture')
        response.writeHead(200, { 'content-type': 'image/png' }).end('x')
      else if (path === '/long') response.end('x'.repeat(100_000))
      else if (path === '/empty') response.writeHead(204).end()
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"sky":"clear"}')
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const rules = parseOutboundRules('127.0.0.1')
const tools = httpTools({
  outbound: systemOutbound(rules.ok ? rules.value : PUBLIC_ONLY),
  environment: (name) => ({ TOOL_KEY: 'secret', OPENAI_API_KEY: 'other' })[name],
})

const toolAt = (url: string, more: Partial<Tool> = {}): Tool => ({
  name: 'weather',
  description: '',
  parameters: {},
  url,
  method: 'POST',
  headers: {},
  timeoutMs: 5000,
  ...more,
})

const call = (tool: Tool, given = '{"city":"Oslo","days":2}', runner = tools): Promise<string> =>
  new Promise((resolve) => {
    runner.run({ tool, arguments: given, instanceId: 'i-1', turnId: 3 }, resolve)
  })

test('arguments go as JSON or in the query, secrets come from the environment', async () => {
  const { url, seen } = await serve()
  const headers = { Authorization: 'Bearer ${TOOL_KEY}', 'X-Other': '${OPENAI_API_KEY}' }
  assert.equal(await call(toolAt(`${url}/w?unit=c`, { headers })), '{"sky":"clear"}')
  await call(toolAt(`${url}/w?unit=c`, { method: 'GET' }))
  const [post, get] = seen
  assert.equal(post?.body, '{"city":"Oslo","days":2}')
  assert.equal(post?.headers.authorization, 'Bearer secret')
  assert.equal(post?.headers['x-other'], '${OPENAI_API_KEY}')
  assert.equal(post?.headers['content-type'], 'application/json')
  assert.equal(post?.headers['x-antiphon-instance-id'], 'i-1')
  assert.equal(get?.method, 'GET')
  assert.equal(get?.url, '/w?unit=c&city=Oslo&days=2')
})

test('whatever goes wrong becomes a result that the model can read', async () => {
  const { url } = await serve()
  for (const [tool, given, expected] of [
    [toolAt(`${url}/broken`), '{}', /HTTP 500: out of order/],
    [toolAt(`${url}/picture`), '{}', /image\/png, not with text/],
    [toolAt(`${url}/long`), '{}', /longer than 65536 bytes/],
    [toolAt(`${url}/slow`, { timeoutMs: 100 }), '{}', /did not answer in time/],
    [toolAt(`${url}/w`), '{"half":', /must be a JSON object/],
    [toolAt(`${url}/w`), '[1]', /must be a JSON object/],
    [toolAt(`${url}/w`, { headers: { a: '${TOOL_NONE}' } }), '{}', /no variable TOOL_NONE/],
  ] as const) {
    const result = JSON.parse(await call(tool, given)) as { error: string }
    assert.match(result.error, expected)
  }
  assert.equal(await call(toolAt(`${url}/empty`), ''), '{"ok":true}')
})

test('a private address is refused unless the operator allows it; a cancelled call gives nothing', async () => {
  const { url, seen } = await serve()
  const careful = httpTools({ outbound: systemOutbound(PUBLIC_ONLY), environment: () => undefined })
  assert.match(await call(toolAt(url), '{}', careful), /private, loopback or special address/)
  assert.deepEqual(seen, [])
  let results = 0
  const request = { tool: toolAt(`${url}/w`), arguments: '{}', instanceId: 'i', turnId: 1 }
  const run = tools.run(request, () => (results += 1))
  run.cancel()
  run.cancel()
  await call(toolAt(`${url}/w`), '{}')
  assert.equal(results, 0)
})

import assert from 'node:assert/strict'
import type { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import {
  mayConnect,
  parseOutboundRules,
  PUBLIC_ONLY,
  type OutboundRules,
} from './outbound-address.ts'
import type { OutboundRequest } from './outbound.ts'
import { systemOutbound } from './system-outbound.ts'

const rules = (setting: string): OutboundRules => {
  const parsed = parseOutboundRules(setting)
  assert.ok(parsed.ok)
  return parsed.value
}

test('private, loopback and special addresses are refused, in every way to write them', () => {
  const inside =
    '127.0.0.1 10.1.2.3 172.31.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 ' +
    '255.255.255.255 ::1 :: fe80::1%eth0 fd00::1 ::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::a00:1 ' +
    '2002:7f00:1:: ::127.0.0.1 localhost 8.8.8.8/0'
  for (const address of ['', ...inside.split(' ')])
    assert.equal(mayConnect(PUBLIC_ONLY, 'x', address), false, address)
  for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])
    assert.equal(mayConnect(PUBLIC_ONLY, 'x', address), true, address)
})

test('the setting allows all, or the hosts, addresses and networks it names', () => {
  assert.ok(mayConnect(rules('on'), 'x', '10.0.0.1'))
  assert.ok(!mayConnect(rules('off'), 'x', '10.0.0.1'))
  const some = rules('Hooks.internal, 10.0.0.0/8,[::1]')
  assert.ok(mayConnect(some, 'hooks.INTERNAL.', '192.168.0.5'))
  assert.ok(mayConnect(some, 'other', '10.9.9.9'))
  assert.ok(mayConnect(some, '::1', '::1'))
  assert.ok(!mayConnect(some, 'other', '192.168.0.5'))
  for (const wrong of ['http://x', 'a,,b', '300.1.1.1', 'x:80'])
    assert.ok(!parseOutboundRules(wrong).ok, wrong)
})

const servers: ReturnType<typeof createServer>[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A resolver that gives these addresses, one list after the other; the last one stays. */
function resolver(...lists: readonly (readonly string[])[]): typeof lookup {
  let next = 0
  const resolve = (_host: string, _options: unknown, done: (...given: unknown[]) => void): void => {
    const addresses = lists[Math.min(next, lists.length - 1)] ?? []
    next += 1
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    )
  }
  return resolve as unknown as typeof lookup
}

const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'GET',
  url,
  timeoutMs: 5000,
  limitBytes: 1000,
  ...more,
})

test('a private address is refused as a number, as a name and as one of many', async () => {
  const port = await serve((_request, response) => response.end('secret'))
  const rebound = resolver(['93.184.215.14', '127.0.0.1'])
  for (const [outbound, host] of [
    [systemOutbound(PUBLIC_ONLY), '127.0.0.1'],
    [systemOutbound(PUBLIC_ONLY), '2130706433'],
    [systemOutbound(PUBLIC_ONLY), '[::ffff:127.0.0.1]'],
    [systemOutbound(PUBLIC_ONLY), 'localhost'],
    [systemOutbound(PUBLIC_ONLY, rebound), 'public.example'],
  ] as const) {
    const answer = await outbound.request(get(`http://${host}:${port}/`))
    assert.equal(answer.ok ? 'answered' : answer.error.code, 'refused', host)
  }
})

test('the connection goes to the address that was checked, whatever the name says next', async () => {
  const port = await serve((_request, response) => response.end('hello'))
  const resolve = resolver(['127.0.0.1'], ['10.0.0.1'])
  const outbound = systemOutbound(rules('127.0.0.1'), resolve)
  const answer = await outbound.request(get(`http://rebinding.example:${port}/`))
  assert.equal(answer.ok && Buffer.from(answer.value.body).toString(), 'hello')
  const second = await outbound.request(get(`http://rebinding.example:${port}/`))
  assert.equal(second.ok ? 'answered' : second.error.code, 'refused')
})

test('a redirect is followed where that is asked for, and checked like the first address', async () => {
  const seen: (string | undefined)[] = []
  const port = await serve((request, response) => {
    seen.push(request.headers.authorization)
    const to = {
      '/near': '/end',
      '/away': 'http://10.0.0.1/',
      '/other': `http://localhost:${port}/end`,
    }
    const location = to[request.url as keyof typeof to]
    if (location === undefined) response.end('end')
    else response.writeHead(302, { location }).end()
  })
  const outbound = systemOutbound(rules('127.0.0.1, ::1'))
  const headers = { Authorization: 'Bearer x' }
  const ask = (path: string, redirects: number) =>
    outbound.request(get(`http://127.0.0.1:${port}${path}`, { redirects, headers }))
  const kept = await ask('/near', 0)
  assert.equal(kept.ok && kept.value.status, 302)
  const near = await ask('/near', 1)
  assert.equal(near.ok && Buffer.from(near.value.body).toString(), 'end')
  const away = await ask('/away', 1)
  assert.equal(away.ok ? 'answered' : away.error.code, 'refused')
  seen.length = 0
  await ask('/other', 1)
  assert.deepEqual(seen, ['Bearer x', undefined], 'the key went to another origin')
})

test('an answer that is too long, too slow or not there is a failure that names the host', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/long') response.end('x'.repeat(2000))
    else response.write('a')
  })
  const outbound = systemOutbound(rules('on'))
  const long = await outbound.request(get(`http://127.0.0.1:${port}/long`))
  assert.equal(long.ok ? '' : long.error.code, 'too-large')
  const slow = await outbound.request(get(`http://127.0.0.1:${port}/slow`, { timeoutMs: 60 }))
  assert.equal(slow.ok ? '' : slow.error.code, 'timeout')
  const gone = await outbound.request(get('http://127.0.0.1:1/token-in-path'))
  assert.equal(gone.ok ? '' : gone.error.code, 'network')
  assert.match(gone.ok ? '' : gone.error.message, /^127\.0\.0\.1 cannot be reached: ECONNREFUSED$/)
  for (const url of ['ftp://x/', 'file:///etc/passwd', 'nonsense', 'http://']) {
    const answer = await outbound.request(get(url))
    assert.equal(answer.ok ? '' : answer.error.code, 'refused', url)
  }
})

test('a body is sent with its length, and a POST is not redirected', async () => {
  const port = await serve((request, response) => {
    const length = request.headers['content-length'] ?? 'none'
    request.resume().on('end', () => {
      response.writeHead(307, { location: '/again', 'x-length': length }).end()
    })
  })
  const answer = await systemOutbound(rules('on')).request({
    ...get(`http://127.0.0.1:${port}/`, { redirects: 3 }),
    method: 'POST',
    body: '{"é":1}',
  })
  assert.equal(answer.ok && answer.value.status, 307)
  assert.equal(answer.ok && answer.value.headers['x-length'], '8')
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parseIpBlock } from '../base/ip-block.ts'
import { originOf } from './forwarded.ts'
import { ask, openLoopback } from './loopback.ts'

const proxies = ['10.0.0.0/8', '2001:db8:a::/48'].flatMap((text) => parseIpBlock(text) ?? [])
const opened: { readonly server: { close(): Promise<void> } }[] = []
after(async () => {
  for (const { server } of opened) await server.close()
})

/** Who a request is from that came from there with these headers. */
const from = (remoteAddress: string, ...headers: [string, string][]): string => {
  const origin = originOf({ remoteAddress, isSecure: false }, headers, proxies)
  return `${origin.isSecure ? 'https' : 'http'} ${origin.remoteAddress}`
}

test('nobody but a trusted proxy is believed', () => {
  const claims: [string, string][] = [
    ['X-Forwarded-For', '192.0.2.1'],
    ['X-Forwarded-Proto', 'https'],
  ]
  assert.equal(from('203.0.113.9', ...claims), 'http 203.0.113.9')
  assert.equal(from('', ...claims), 'http ')
  assert.equal(from('10.1.1.1', ...claims), 'https 192.0.2.1')
  assert.equal(from('::ffff:10.1.1.1', ...claims), 'https 192.0.2.1')
  assert.equal(from('2001:db8:a:7::1', ...claims), 'https 192.0.2.1')
})

test('what a client made up stands before what the proxies added, and is not read', () => {
  const chain = (...entries: string[]): string =>
    from('10.1.1.1', ...entries.map((entry): [string, string] => ['x-forwarded-for', entry]))
  assert.equal(chain('127.0.0.1, 192.0.2.1, 10.2.2.2'), 'http 192.0.2.1')
  assert.equal(chain('127.0.0.1', '192.0.2.1', '10.2.2.2'), 'http 192.0.2.1')
  assert.equal(chain('10.3.3.3, 10.2.2.2'), 'http 10.3.3.3')
  assert.equal(chain(''), 'http 10.1.1.1')
  assert.equal(chain(Array(100_000).fill('10.0.0.1').join()), 'http 10.0.0.1')
})

test('addresses are read with ports and brackets; what is no address ends the chain', () => {
  const chain = (entry: string): string => from('10.1.1.1', ['X-Forwarded-For', entry])
  assert.equal(chain('192.0.2.1:4711'), 'http 192.0.2.1')
  assert.equal(chain('[2001:db8::1]:4711'), 'http 2001:db8::1')
  assert.equal(chain('2001:db8::1'), 'http 2001:db8::1')
  for (const odd of ['unknown', '_hidden', '0.0.0.0/0', '1.2.3', '<script>']) {
    assert.equal(chain(`192.0.2.1, ${odd}`), 'http 10.1.1.1', odd)
  }
})

test('the scheme is the last word; any but https and wss is not secure', () => {
  const proto = (text: string): string => from('10.1.1.1', ['X-Forwarded-Proto', text])
  assert.equal(proto('http, HTTPS'), 'https 10.1.1.1')
  assert.equal(proto('https, http'), 'http 10.1.1.1')
  assert.equal(proto('wss'), 'https 10.1.1.1')
  const plain = originOf(
    { remoteAddress: '10.1.1.1', isSecure: true },
    [['X-Forwarded-Proto', 'http']],
    proxies,
  )
  assert.equal(plain.isSecure, false)
})

test('a request over the server carries what the proxy says to the API', async () => {
  const headers = { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': 'https' }
  const plain = await openLoopback()
  const behind = await openLoopback({
    trustedProxies: ['127.0.0.0/8'].flatMap((text) => parseIpBlock(text) ?? []),
  })
  opened.push(plain, behind)
  for (const loopback of [plain, behind]) await ask(loopback, 'POST', '/', { headers })
  assert.deepEqual(
    [...plain.calls, ...behind.calls].map(({ remoteAddress, isSecure }) => [
      remoteAddress,
      isSecure,
    ]),
    [
      ['127.0.0.1', false],
      ['192.0.2.1', true],
    ],
  )
})

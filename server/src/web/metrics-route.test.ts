import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseIpBlock } from '../base/ip-block.ts'
import { ask, openLoopback } from './loopback.ts'
import { answerMetrics, METRICS_PATH, type Metrics } from './metrics-route.ts'

const asked = (
  readers: Metrics['readers'],
  remoteAddress: string,
  headers: Readonly<Record<string, string>> = {},
): number | undefined =>
  answerMetrics(
    {
      method: 'GET',
      target: METRICS_PATH,
      headers: Object.entries(headers),
      body: new Uint8Array(),
      isSecure: false,
      remoteAddress,
    },
    { metrics: { readers, text: () => 'a 1\n' } },
  )?.status

test('only this machine reads the metrics, unless something else is said', () => {
  for (const address of ['127.0.0.1', '127.3.2.1', '::1', '::ffff:127.0.0.1']) {
    assert.equal(asked('local', address), 200, address)
  }
  for (const address of ['192.0.2.1', '::2', '1::1', '::ffff:10.0.0.1']) {
    assert.equal(asked('local', address), undefined, address)
  }
  assert.equal(asked('off', '127.0.0.1'), undefined)
  assert.equal(asked('all', '192.0.2.1'), 200)
  const block = parseIpBlock('10.0.0.0/8')
  assert.ok(block !== undefined)
  assert.equal(asked([block], '10.9.8.7'), 200)
  assert.equal(asked([block], '127.0.0.1'), undefined)
})

test('a proxy on this machine does not let the world in', () => {
  for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
    assert.equal(asked('local', '127.0.0.1', { [name]: '192.0.2.1' }), undefined, name)
  }
})

test('who may not read them is not told that there are any', async (t) => {
  const closed = await openLoopback({ metrics: { readers: 'off', text: () => '' } })
  t.after(() => closed.server.close())
  assert.equal((await ask(closed, 'GET', METRICS_PATH)).headers['x-answered-by'], 'api')
  const open = await openLoopback({ metrics: { readers: 'local', text: () => 'a 1\n' } })
  t.after(() => open.server.close())
  const answer = await ask(open, 'GET', METRICS_PATH)
  assert.deepEqual([answer.status, answer.text], [200, 'a 1\n'])
  assert.match(String(answer.headers['content-type']), /^text\/plain; version=0\.0\.4/)
  assert.equal((await ask(open, 'POST', METRICS_PATH)).status, 405)
})

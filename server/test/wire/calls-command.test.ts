import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { calls } from '../../src/cli/calls.ts'
import { runCommand } from '../../src/cli/run.ts'
import { openLoopback, type Loopback } from '../../src/web/loopback.ts'
import { apiUnderTest, clockAt } from './api-under-test.ts'

const AGENT_ID = 'a'.repeat(32)
const KEY = { id: 'key', secret: 'secret' }
const folder = mkdtempSync(join(tmpdir(), 'antiphon-calls-'))
let web: Loopback
const ids: string[] = []

before(async () => {
  const startMs = Date.now()
  const principal = { type: 'Account', id: '1', accountId: '1' } as const
  const api = apiUnderTest({
    // The command stamps its requests with the machine's time.
    clock: clockAt(startMs),
    findKey: (id) =>
      id === KEY.id ? { secret: KEY.secret, status: 'Active', principal } : undefined,
  })
  web = await openLoopback({ api: api.api.handle })
  const config = { agentConfig: '{}', providers: '{}', createdMs: 1, modifiedMs: 1 }
  await api.store.putAgent({ agentId: AGENT_ID, name: 'A', type: 'VoiceChat', ...config })
  for (let index = 0; index < 450; index += 1) {
    const UserData = JSON.stringify({ customer: { id: index } })
    const made = await api.call('GenerateAIAgentCall', { AIAgentId: AGENT_ID, UserData })
    const id = String(made.json['InstanceId'])
    ids.push(id)
    const atMs = api.clock.wallMs()
    await api.store.recordCall(id, [
      { type: 'executing', atMs },
      { type: 'finished', atMs: atMs + index * 1000, reason: index === 3 ? 'idle' : 'user-left' },
    ])
    api.clock.advance(10)
  }
})
after(async () => {
  await web.server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What a command line prints and its exit code. */
async function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommand([calls], ['calls', ...args], {
    out: async (text) => void out.push(text),
    err: (line) => void err.push(line),
    environment: {
      ANTIPHON_URL: `http://127.0.0.1:${web.port}`,
      ANTIPHON_ACCESS_KEY_ID: KEY.id,
      ANTIPHON_ACCESS_KEY_SECRET: KEY.secret,
    },
  })
  return { code, out: out.join(''), err: err.join('\n') }
}

/** The instances in a table, as numbers in the order of their making. */
const numbersIn = (text: string): number[] =>
  text.split('\n').flatMap((line) => {
    const index = ids.indexOf(line.split(' ')[0] ?? '')
    return index < 0 ? [] : [index]
  })

test('calls lists the newest calls and tells how to go on', async () => {
  const first = await run('--limit', '3', '--total')
  assert.equal(first.code, 0, first.err)
  assert.deepEqual(numbersIn(first.out), [449, 448, 447])
  assert.match(first.out, /^INSTANCE +CREATED +STATUS/)
  assert.match(first.out, /Finished +449 s +user-left/)
  assert.match(first.out, /\n450 in all\n$/)
  const token = /--next (\S+)/.exec(first.err)?.[1] ?? ''
  const second = await run('list', '--limit', '3', '--next', token)
  assert.deepEqual(numbersIn(second.out), [446, 445, 444])
})

test('filters and orders are flags', async () => {
  const found = async (...args: string[]): Promise<number[]> => {
    const { code, out, err } = await run(...args)
    assert.equal(code, 0, err)
    return numbersIn(out)
  }
  assert.deepEqual(await found('--user-data', 'customer.id=42'), [42])
  assert.deepEqual(await found('--reason', 'idle', '--agent', AGENT_ID), [3])
  assert.deepEqual(
    await found('--min-duration', '5s', '--max-duration', '0.1m', '--reverse'),
    [5, 6],
  )
  assert.deepEqual(await found('--order', 'Duration', '--limit', '2'), [449, 448])
  assert.deepEqual(await found('--instance', ids[7] ?? ''), [7])
  assert.deepEqual(await found('--since', '1h', '--limit', '1'), [449])
  assert.deepEqual(await found('--until', '1h'), [])
  assert.deepEqual((await run('--until', '1h')).out, 'No calls.\n')
})

test('an export goes to standard output or into a new file, whole', async () => {
  const idsIn = (text: string): string[] =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [String(JSON.parse(line).InstanceId)]))
  const { out } = await run('export', '--reverse')
  assert.deepEqual(idsIn(out), ids)
  const file = join(folder, 'calls.ndjson')
  assert.equal((await run('export', '--out', file)).code, 0)
  assert.deepEqual(idsIn(readFileSync(file, 'utf8')), ids.toReversed())
  const again = await run('export', '--out', file)
  assert.equal(again.code, 1)
  assert.match(again.err, /calls\.ndjson exists already\.$/)
})

test('one call is shown with its figures and its configuration', async () => {
  const { out } = await run('show', ids[5] ?? '')
  const call = JSON.parse(out)
  assert.equal(call.InstanceId, ids[5])
  assert.equal(call.DurationMs, 5000)
  assert.equal(typeof call.AgentConfig, 'object')
  const unknown = await run('show', 'nothing')
  assert.equal(unknown.code, 1)
  assert.match(unknown.err, /^InstanceNotFound: /)
})

test('wrong use is told with what is right; the server’s refusals by the names of the flags', async () => {
  const errorOf = async (...args: string[]): Promise<string> => {
    const { code, err } = await run(...args)
    return `${code} ${err}`
  }
  assert.match(await errorOf('burn'), /^2 There is no burn/)
  assert.match(await errorOf('list', 'x'), /^2 There is too much: x/)
  assert.match(await errorOf('show'), /^2 The id of the instance is missing/)
  assert.match(await errorOf('--colour', 'red'), /^2 .*--colour/)
  assert.match(await errorOf('--min-duration', 'long'), /^2 --min-duration must be a length/)
  assert.match(await errorOf('--user-data', 'x'), /^2 --user-data must be <path>=<value>/)
  assert.match(await errorOf('--since', 'yesterday'), /^2 --since must be a time like .*yesterday/)
  assert.match(
    await errorOf('--status', 'Over'),
    /^1 InvalidParameter: .* --status value .*Created/,
  )
  assert.match(await errorOf('--limit', '101'), /^1 InvalidParameter: .* --limit value .*1 to 100/)
  assert.match(await errorOf('export', '--text', '!'), /^1 InvalidParameter: .* --text value/)
})

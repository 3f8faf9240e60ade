import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { callbacks } from '../../src/cli/callbacks.ts'
import { runCommand } from '../../src/cli/run.ts'
import { openLoopback, type Loopback } from '../../src/web/loopback.ts'
import { apiUnderTest, clockAt } from './api-under-test.ts'

const AGENT_ID = 'a'.repeat(32)
let web: Loopback

before(async () => {
  const principal = { type: 'Account', id: '1', accountId: '1' } as const
  const api = apiUnderTest({
    // The command stamps its requests with the machine's time.
    clock: clockAt(Date.now()),
    findKey: () => ({ secret: 'secret', status: 'Active', principal }),
  })
  web = await openLoopback({ api: api.api.handle })
  const config = { agentConfig: '{}', providers: '{}', createdMs: 1, modifiedMs: 1 }
  await api.store.putAgent({ agentId: AGENT_ID, name: 'A', type: 'VoiceChat', ...config })
})
after(() => web.server.close())

/** What a command line prints and its exit code. */
async function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommand([callbacks], ['callbacks', ...args], {
    out: async (text) => void out.push(text),
    err: (line) => void err.push(line),
    environment: {
      ANTIPHON_URL: `http://127.0.0.1:${web.port}`,
      ANTIPHON_ACCESS_KEY_ID: 'key',
      ANTIPHON_ACCESS_KEY_SECRET: 'secret',
    },
  })
  return { code, out: out.join(''), err: err.join('\n') }
}

test('when there is nothing, it is said; programs get nothing', async () => {
  assert.deepEqual(await run('list'), { code: 0, out: '', err: 'No events.' })
  assert.deepEqual(await run('list', '--waiting', '--json'), { code: 0, out: '', err: '' })
  const resent = await run('resend', '--agent', AGENT_ID)
  assert.deepEqual(resent, { code: 1, out: '0 events are on their way again.\n', err: '' })
})

test('a secret is made for one agent', async () => {
  const made = await run('secret', AGENT_ID)
  assert.match(made.out, /^whsec_[A-Za-z0-9+/]{43}=\n$/)
  assert.equal(made.code, 0)
  for (const ids of [[], [AGENT_ID, AGENT_ID]]) {
    const { code, err } = await run('secret', ...ids)
    assert.equal(code, 2)
    assert.match(err, /^Give the id of one agent\./)
  }
  assert.match((await run('secret', 'x')).err, /^AgentNotFound: /)
})

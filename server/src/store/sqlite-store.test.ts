import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import type { Clock } from '../base/clock.ts'
import { silentLog, type Log } from '../base/log.ts'
import type { Result } from '../base/result.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { storeContract } from '../ports/store.contract.ts'
import type { StoreUnderTest } from '../ports/store-samples.contract.ts'
import type { AgentRecord, Store } from '../ports/store.ts'
import { createSecretBox } from './secret-box.ts'
import { openSqliteStore } from './sqlite-store.ts'

const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-store-'))
  folders.push(folder)
  return folder
}
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const clock: Clock = new SimulatedClock({ wallMs: Date.UTC(2026, 2, 1) })
const open = (folder: string, log: Log = silentLog): Promise<Result<Store, string>> =>
  openSqliteStore({ folder, log, clock })

async function opened(folder: string, log?: Log): Promise<Store> {
  const result = await open(folder, log)
  assert.ok(result.ok, result.ok ? '' : result.error)
  return result.value
}

async function errorOf(folder: string): Promise<string> {
  const result = await open(folder)
  if (!result.ok) return result.error
  await result.value.close()
  throw new Error('The store opened, but should have refused.')
}

const agent: AgentRecord = {
  agentId: 'a'.repeat(32),
  name: 'Ann',
  type: 'VoiceChat',
  agentConfig: '{}',
  providers: '{}',
  createdMs: 1,
  modifiedMs: 1,
}

const secrets = createSecretBox({ serverSecret: new Uint8Array(32).fill(7), ids: simulatedIds() })

async function underTest(folder: string, ofTest: Clock): Promise<StoreUnderTest> {
  const result = await openSqliteStore({ folder, log: silentLog, clock: ofTest, secrets })
  assert.ok(result.ok, result.ok ? '' : result.error)
  const store = result.value
  return {
    store,
    async restart() {
      await store.close()
      return underTest(folder, ofTest)
    },
    close: () => store.close(),
  }
}

storeContract('SQLite', (ofTest) => underTest(newFolder(), ofTest))

test('the data folder is made, for its owner alone', async () => {
  const folder = join(newFolder(), 'deep', 'data')
  const store = await opened(folder)
  await store.putAgent(agent)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  for (const file of ['antiphon.db', 'antiphon.db-wal', 'antiphon.lock']) {
    assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file)
  }
  await store.close()
})

test('a second store on the same folder is refused, and does not disturb the first', async () => {
  const folder = newFolder()
  const first = await opened(folder)
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const error = await errorOf(folder)
    assert.ok(error.includes(folder), error)
    assert.match(error, /another antiphon is running on it/)
  }
  await first.putAgent(agent)
  await first.close()
  const next = await opened(folder)
  assert.deepEqual(await next.getAgent(agent.agentId), agent)
  await next.close()
})

test('a folder that cannot be made is named', async () => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  const error = await errorOf(join(file, 'data'))
  assert.ok(error.includes(join(file, 'data')), error)
  assert.match(error, /cannot be written/)
})

test('a database of a newer version is refused, and can be opened by that version', async () => {
  const folder = newFolder()
  await (await opened(folder)).close()
  const database = new DatabaseSync(join(folder, 'antiphon.db'))
  const { user_version: version } = database.prepare('pragma user_version').get() ?? {}
  database.exec(`pragma user_version = ${Number(version) + 1}`)
  const versions = `schema ${Number(version) + 1}; this one knows schemas up to ${version}`
  assert.ok((await errorOf(folder)).includes(`newer antiphon (${versions})`))
  database.exec(`pragma user_version = ${Number(version)}`)
  database.close()
  await (await opened(folder)).close()
})

test('a file that is no database is refused', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'antiphon.db'), 'not a database, by any means '.repeat(100))
  assert.match(await errorOf(folder), /antiphon\.db cannot be used: file is not a database/)
})

test('close waits for what was queued', async () => {
  const folder = newFolder()
  const store = await opened(folder)
  const ids = Array.from({ length: 3000 }, (_, index) => index.toString(16).padStart(32, '0'))
  const writes = ids.map((agentId) => store.putAgent({ ...agent, agentId }))
  const closed = store.close()
  await Promise.all(writes)
  await closed
  const next = await opened(folder)
  assert.equal((await next.listAgents({ pageSize: 5000, pageNumber: 1 })).length, 3000)
  await next.close()
})

test('a write to an unknown instance leaves a warning', async () => {
  const warnings: unknown[] = []
  const log: Log = { ...silentLog, warn: (message, fields) => warnings.push([message, fields]) }
  const store = await opened(newFolder(), log)
  await store.recordCall('no-such', [{ type: 'executing', atMs: 1 }])
  await store.close()
  assert.deepEqual(warnings, [
    ['write to an unknown instance ignored', { instanceId: 'no-such', write: 'call-record' }],
  ])
})

test('a value that the database refuses fails its own write only', async () => {
  const store = await opened(newFolder())
  const broken = { ...agent, agentId: 'b'.repeat(32), name: undefined as unknown as string }
  const results = await Promise.allSettled([store.putAgent(broken), store.putAgent(agent)])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  )
  assert.deepEqual(await store.getAgent(agent.agentId), agent)
  await store.close()
})

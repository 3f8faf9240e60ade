import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { silentLog, type Log } from '../base/log.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import { accessStoreContract, type AccessStoreUnderTest } from '../ports/access-store.contract.ts'
import type { AccessChange, AccessStore } from '../ports/access-store.ts'
import type { Store } from '../ports/store.ts'
import { MIGRATIONS, takeStep } from './migrations.ts'
import { createSecretBox } from './secret-box.ts'
import { openSqliteStore } from './sqlite-store.ts'

const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-access-'))
  folders.push(folder)
  return folder
}
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const boxOf = (seed: number) =>
  createSecretBox({ serverSecret: new Uint8Array(32).fill(seed), ids: simulatedIds(seed) })

async function opened(
  folder: string,
  seed = 1,
  log: Log = silentLog,
): Promise<Store & AccessStore> {
  const result = await openSqliteStore({ folder, log, secrets: boxOf(seed) })
  assert.ok(result.ok, result.ok ? '' : result.error)
  return result.value
}

async function underTest(folder: string): Promise<AccessStoreUnderTest> {
  const store = await opened(folder)
  return {
    store,
    async restart() {
      await store.close()
      return underTest(folder)
    },
    close: () => store.close(),
  }
}

accessStoreContract('SQLite', () => underTest(newFolder()))

const SECRET = 'mySecretThatNobodyElseMayRead1'
const TOKEN = 'CAISmyTokenThatNobodyElseMayRead'
const CHANGES: readonly AccessChange[] = [
  {
    type: 'key-put',
    key: { accessKeyId: 'LTAI1', userId: 'u', secret: SECRET, status: 'Active', createdMs: 1 },
  },
  {
    type: 'token-put',
    token: {
      accessKeyId: 'STS.1',
      secret: SECRET,
      securityToken: TOKEN,
      roleId: 'r',
      roleName: 'r',
      sessionName: 's',
      expiresMs: 2,
    },
  },
]

test('neither a secret nor a token stands readable in the data folder', async () => {
  const folder = newFolder()
  const store = await opened(folder)
  await store.changeAccess(CHANGES)
  const texts = (): string[] =>
    readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'))
  const whileOpen = texts()
  await store.close()
  for (const text of [...whileOpen, ...texts()]) {
    assert.ok(!text.includes(SECRET) && !text.includes(TOKEN))
  }
  assert.ok(whileOpen.some((text) => text.includes('LTAI1')))
})

test('with another server secret the keys are left out, and the log says which', async () => {
  const folder = newFolder()
  const store = await opened(folder)
  await store.changeAccess(CHANGES)
  await store.close()
  const errors: unknown[] = []
  const log: Log = { ...silentLog, error: (_, fields) => errors.push(fields?.['accessKeyId']) }
  const other = await opened(folder, 2, log)
  const { keys, tokens } = await other.accessRecords()
  assert.deepEqual([keys, tokens], [[], []])
  assert.ok(errors.includes('LTAI1') && errors.includes('STS.1'))
  await other.close()
})

test('a sealed text opens in its own place only, and not when it was changed', () => {
  const box = boxOf(1)
  const sealed = box.seal('text', 'a')
  assert.equal(box.open(sealed, 'a'), 'text')
  assert.equal(box.open(sealed, 'b'), undefined)
  assert.equal(boxOf(2).open(sealed, 'a'), undefined)
  assert.equal(
    box.open(
      sealed.map((byte, index) => (index === 30 ? byte ^ 1 : byte)),
      'a',
    ),
    undefined,
  )
  assert.equal(box.open(new Uint8Array(3), 'a'), undefined)
  assert.notDeepEqual(box.seal('text', 'a'), sealed)
})

test('of several changes all are made or none', async () => {
  const store = await opened(newFolder())
  const user = { userId: 'u1', name: 'ann', displayName: '', createdMs: 1 }
  await store.changeAccess([{ type: 'user-put', user }])
  const changes: readonly AccessChange[] = [
    { type: 'attach', attachment: { holderId: 'u1', policyName: 'p' } },
    { type: 'user-put', user: { ...user, userId: 'u2' } },
  ]
  await assert.rejects(store.changeAccess(changes), /name/)
  const { users, attachments } = await store.accessRecords()
  assert.deepEqual([users, attachments], [[user], []])
  await store.close()
})

test('a database from before there were users is brought up to date', async () => {
  const folder = newFolder()
  const database = new DatabaseSync(join(folder, 'antiphon.db'))
  takeStep(database, MIGRATIONS[0] ?? '')
  database.exec(`
    insert into agent (agent_id, name, type, agent_config, providers, created_ms, modified_ms)
    values ('a', 'Ann', 'VoiceChat', '{}', '{}', 1, 1);
    pragma user_version = 1`)
  database.close()
  const store = await opened(folder)
  assert.equal((await store.getAgent('a'))?.name, 'Ann')
  await store.changeAccess(CHANGES)
  assert.equal((await store.accessRecords()).keys[0]?.secret, SECRET)
  await store.close()
})

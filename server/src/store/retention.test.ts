import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { instance, said, sentence, T0, turn } from '../ports/store-samples.contract.ts'
import type { NewInstance, Store } from '../ports/store.ts'
import { BatchWriter } from './batch-writer.ts'
import { openForReading, openForWriting, prepareDatabase } from './database.ts'
import { MIGRATIONS, takeStep } from './migrations.ts'
import { StoreReader } from './reader.ts'
import { RETENTION_SCHEMA } from './retention-schema.ts'
import { openSqliteStore } from './sqlite-store.ts'
import type { WriteOutcome } from './write.ts'

const folder = mkdtempSync(join(tmpdir(), 'retention-test-'))
after(() => rmSync(folder, { recursive: true }))

let opened = 0
const nextPath = (): string => join(folder, `${opened++}.db`)

interface Writing {
  readonly path: string
  readonly database: DatabaseSync
  readonly writer: BatchWriter
  create(call: NewInstance): WriteOutcome | undefined
  remove(call: NewInstance): WriteOutcome | undefined
  count(table: string): unknown
}

function openWriting(): Writing {
  const path = nextPath()
  const prepared = prepareDatabase(path)
  assert.ok(prepared.ok, prepared.ok ? '' : prepared.error)
  const database = openForWriting(path)
  const writer = new BatchWriter(database, 1)
  const finish = ({ instanceId }: NewInstance): void => {
    const finished = { type: 'finished', atMs: T0, reason: 'stopped' } as const
    writer.apply([{ type: 'call-record', instanceId, records: [finished], wallMs: T0 }])
  }
  return {
    path,
    database,
    writer,
    create: (call) => writer.apply([{ type: 'instance-create', instance: call }])[0],
    remove: (call) => {
      finish(call)
      return writer.apply([{ type: 'call-delete', instanceId: call.instanceId }])[0]
    },
    count: (table) => database.prepare(`select count(*) as n from ${table}`).get()?.['n'],
  }
}

const config = (name: string): Partial<NewInstance> => ({
  agentConfig: `{"Greeting":"${name}"}`,
  templateConfig: `{"VoiceChat":{"Greeting":"${name}"}}`,
  providers: '{}',
})

test('a configuration lives as long as a call that has it, and its number is not given again', () => {
  const { create, remove, count, database, writer } = openWriting()
  const calls = [
    instance(0, 0, config('one')),
    instance(1, 0, config('one')),
    instance(2, 0, config('two')),
  ] as const
  for (const call of calls) create(call)
  assert.equal(count('configuration'), 5)
  remove(calls[0])
  assert.equal(count('configuration'), 5)
  remove(calls[2])
  assert.equal(count('configuration'), 3)
  const change = { ...config('three'), modifiedMs: T0 } as const
  const { instanceId } = calls[1]
  writer.apply([{ type: 'instance-update', instanceId, change }])
  // What was changed is in use no more; the providers still are.
  assert.equal(count('configuration'), 3)
  const last = database.prepare('select max(configuration_no) as no from configuration').get()
  assert.equal(last?.['no'], 7)
  remove(calls[1])
  assert.equal(count('configuration'), 0)
  assert.equal(count('configuration_use'), 0)
  create(instance(3, 0, config('four')))
  const first = database.prepare('select min(configuration_no) as no from configuration').get()
  assert.equal(first?.['no'], 8)
})

test('a list that meets a configuration just deleted is read again', () => {
  const { path, create, writer } = openWriting()
  const call = instance(0, 0, config('old'))
  create(call)
  const connection = openForReading(path)
  // Between the row and its configuration, as when the other thread commits just then.
  let isChanged = false
  const prepare = connection.prepare.bind(connection)
  connection.prepare = (sql) => {
    const statement = prepare(sql)
    if (!sql.includes('select body from configuration')) return statement
    const get = statement.get.bind(statement)
    return Object.assign(statement, {
      get: (no: number) => {
        if (!isChanged) {
          isChanged = true
          const change = { ...config('new'), modifiedMs: T0 } as const
          const { instanceId } = call
          writer.apply([{ type: 'instance-update', instanceId, change }])
        }
        return get(no)
      },
    })
  }
  const reader = new StoreReader(connection)
  const [listed] = reader.listInstances({ agentId: call.agentId, pageSize: 1, pageNumber: 1 })
  assert.equal(new TextDecoder().decode(listed?.agentConfig), '{"Greeting":"new"}')
  reader.close()
})

test('a database of before has its uses counted, and configurations nobody uses deleted', () => {
  const path = nextPath()
  const before = openForWriting(path)
  const steps = MIGRATIONS.indexOf(RETENTION_SCHEMA)
  for (const step of MIGRATIONS.slice(0, steps)) takeStep(before, step)
  before.exec(`pragma user_version = ${steps}`)
  for (const no of [1, 2, 3, 4])
    before.exec(`insert into configuration values (${no}, x'0${no}', x'7b7d')`)
  for (const agentConfigNo of [1, 2])
    before.exec(`
      insert into instance (instance_id, agent_id, type, status, channel_id, agent_user_id,
        runtime_config, agent_config_no, template_config_no, providers_no, token_life_s,
        created_ms, modified_ms, run)
      values ('${agentConfigNo}', 'a', 'VoiceChat', 'Finished', 'c', 'u', x'7b7d',
        ${agentConfigNo}, 3, 3, 1, 1, 1, 1)`)
  before.close()
  assert.ok(prepareDatabase(path).ok)
  const again = openForReading(path)
  const uses = again.prepare('select * from configuration_use order by 1').all()
  assert.deepEqual(
    uses.map((row) => [row['configuration_no'], row['uses']]),
    [
      [1, 1],
      [2, 1],
      [3, 4],
    ],
  )
  assert.equal(again.prepare('select count(*) as n from configuration').get()?.['n'], 3)
  assert.equal(again.prepare('select * from server').get()?.['last_configuration_no'], 4)
  again.close()
})

test('of a deleted call nothing is left in the files', async () => {
  const data = join(folder, 'data')
  const store = await open(data)
  const call = instance(0, 0, { ...config('xyzzy-greeting'), userData: 'xyzzy-user' })
  const other = instance(1)
  for (const one of [call, other]) await store.createInstance(one)
  const { instanceId } = call
  for (let entry = 1; entry <= 200; entry += 1) {
    const text = `xyzzy-said ${entry} ${'long '.repeat(50)}`
    await store.recordCall(instanceId, said(sentence(entry, { text })))
    await store.recordCall(other.instanceId, said(sentence(entry, { text: 'plugh' })))
    const content = 'xyzzy-history'
    const one = turn(entry, { history: [{ role: 'user', content }] })
    await store.recordCall(instanceId, [{ type: 'turn', turn: one }])
  }
  await store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + 9, reason: 'stopped' }])
  await store.close()
  assert.ok(bytesOf(data).includes('xyzzy-said'))
  const again = await open(data)
  assert.ok((await again.retention.deleteCall(instanceId)).ok)
  await again.close()
  const bytes = bytesOf(data)
  assert.ok(bytes.includes('plugh'))
  for (const word of ['xyzzy-said', 'xyzzy-history', 'xyzzy-greeting', 'xyzzy-user']) {
    assert.ok(!bytes.includes(word), word)
  }
})

async function open(data: string): Promise<Store> {
  const store = await openSqliteStore({ folder: data, log: silentLog })
  assert.ok(store.ok, store.ok ? '' : store.error)
  return store.value
}

/** All that is in the data folder. */
const bytesOf = (data: string): string =>
  readdirSync(data)
    .map((name) => readFileSync(join(data, name), 'latin1'))
    .join('\n')

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BatchWriter } from './batch-writer.ts'
import { openForWriting, prepareDatabase } from './database.ts'
import { StoreReader } from './reader.ts'
import type { Write } from './write.ts'

const create = (instanceId: string, agentConfig: string): Write => ({
  type: 'instance-create',
  instance: {
    instanceId,
    agentId: 'agent',
    type: 'VoiceChat',
    channelId: 'channel',
    agentUserId: 'user',
    runtimeConfig: '{}',
    agentConfig,
    templateConfig: '{"T":1}',
    providers: '{}',
    createdMs: 1,
    tokenLifeS: 60,
  },
})

test('a full disk refuses the write that does not fit, keeps the rest, and is got over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-store-'))
  const path = join(folder, 'antiphon.db')
  const prepared = prepareDatabase(path)
  assert.ok(prepared.ok)
  const database = openForWriting(path)
  const writer = new BatchWriter(database, prepared.value.run)
  const pages = Number(database.prepare('pragma page_count').get()?.['page_count'])
  database.exec(`pragma max_page_count = ${pages + 10}`)
  const big = JSON.stringify('x'.repeat(200_000))
  const writes = [create('small', '{}'), create('big', big), create('small', '{}')]
  assert.deepEqual(writer.apply(writes), [
    { type: 'done' },
    { type: 'failed', message: 'database or disk is full' },
    { type: 'exists' },
  ])
  database.exec('pragma max_page_count = 1000000')
  assert.deepEqual(writer.apply([create('big', big)]), [{ type: 'done' }])
  const reader = new StoreReader(database)
  assert.equal(reader.instance('big')?.agentConfig, big)
  assert.equal(reader.instance('small')?.agentConfig, '{}')
  reader.close()
  rmSync(folder, { recursive: true })
})

test('a configuration that calls share is stored once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-store-'))
  const path = join(folder, 'antiphon.db')
  const prepared = prepareDatabase(path)
  assert.ok(prepared.ok)
  const database = openForWriting(path)
  const writer = new BatchWriter(database, prepared.value.run)
  const ids = Array.from({ length: 50 }, (_, index) => `instance-${index}`)
  writer.apply(ids.map((id) => create(id, '{"A":1}')))
  const { count } = database.prepare('select count(*) as count from configuration').get() ?? {}
  assert.equal(count, 3)
  database.close()
  rmSync(folder, { recursive: true })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import type { CallCursor, CallFilter } from '../ports/search-store.ts'
import { instance, said, sentence, T0, turn } from '../ports/store-samples.contract.ts'
import { openForReading, openForWriting, prepareDatabase } from './database.ts'
import { MIGRATIONS, takeStep } from './migrations.ts'
import { SearchReader } from './search-reader.ts'
import { addSearch } from './search-schema.ts'
import { openSqliteStore } from './sqlite-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'antiphon-search-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('calls are counted stretch by stretch, and estimated from the newest', async () => {
  const opened = await openSqliteStore({ folder: join(folder, 'counted'), log: silentLog })
  assert.ok(opened.ok)
  const store = opened.value
  for (let index = 0; index < 10; index += 1) {
    const { instanceId } = instance(index)
    await store.createInstance(instance(index, 0, { sessionId: 's' }))
    await store.recordCall(instanceId, said(sentence(1, { text: index < 9 ? 'hello' : 'bye' })))
    const isOver = index !== 4
    if (isOver) {
      await store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + 99, reason: 'idle' }])
    }
  }
  const database = openForReading(join(folder, 'counted', 'antiphon.db'))
  const reader = new SearchReader(database, { stretch: 2, sample: 4 })
  const stretches = (filter: CallFilter): number[] => {
    const counts: number[] = []
    let behind: CallCursor | undefined
    do {
      const { count, next } = reader.countSome(filter, behind)
      counts.push(count)
      behind = next
    } while (behind !== undefined)
    return counts
  }
  assert.deepEqual(stretches({}), [2, 2, 2, 2, 2, 0])
  assert.deepEqual(stretches({ sessionId: 's', createdFromMs: T0 + 3 }), [2, 2, 2, 1])
  // The live one is counted with the first stretch.
  assert.deepEqual(stretches({ said: { text: 'hello' } }), [3, 2, 2, 2, 0])
  const together = { said: { text: 'hello' }, createdUntilMs: T0 + 5 }
  assert.deepEqual(stretches(together), [3, 2, 1])
  assert.deepEqual(reader.estimate({}), { count: 10, isExact: false })
  assert.deepEqual(reader.estimate({ createdFromMs: T0 + 7 }), { count: 3, isExact: true })
  reader.close()
  await store.close()
})

test('a database from before searches has its calls found after the update', () => {
  const path = join(folder, 'old.db')
  const old = new DatabaseSync(path)
  const steps = MIGRATIONS.slice(0, MIGRATIONS.indexOf(addSearch))
  for (const step of steps) takeStep(old, step)
  old.exec(`pragma user_version = ${steps.length}`)
  const body = JSON.stringify(turn(1, { speechEndMs: T0, turnEndMs: T0 + 5, firstAudioMs: T0 + 9 }))
  old.exec(
    `insert into configuration (configuration_no, sha256, body) values (1, x'00', cast('{}' as blob))`,
  )
  // The calls are filled in by so many thousand at a time.
  const numbers = [1, 20_000, 20_001, 60_001]
  for (const [index, no] of numbers.entries()) {
    old.exec(`
    insert into instance (instance_no, instance_id, agent_id, type, status, channel_id, agent_user_id,
      runtime_config, agent_config_no, template_config_no, providers_no, user_data, token_life_s,
      created_ms, modified_ms, executing_ms, finished_ms, end_reason, run)
    values (${no}, '${instance(index).instanceId}', 'a', 'VoiceChat', 'Finished', 'c', 'u',
      cast('{}' as blob), 1, 1, 1, cast('"{\\"order\\":${no}}"' as blob), 3600, ${T0}, ${T0},
      ${T0 + 10}, ${T0 + 60}, 'idle', 1);
    insert into sentence (instance_no, entry_id, turn_id, role, kind, text, begin_ms, is_final)
      values (${no}, 1, 1, 'user', 'normal', '我要退款 now number${no}', ${T0}, 1);
    insert into turn (instance_no, turn_id, body, last_ms) values (${no}, 1, '${body}', ${T0 + 9});
  `)
  }
  old.close()
  const prepared = prepareDatabase(path)
  assert.ok(prepared.ok, prepared.ok ? '' : prepared.error)
  const reader = new SearchReader(openForReading(path))
  const found = (filter: CallFilter) =>
    reader.page({ filter, orderBy: 'duration', direction: 'desc', limit: 5 }).calls
  for (const filter of [
    { said: { text: '退款' } },
    ...numbers.map((no) => ({ userData: { path: 'order', value: String(no) } })),
    ...numbers.map((no) => ({ said: { text: `退款 number${no}` } })),
    { agentId: 'a', minDurationMs: 50, maxDurationMs: 50 },
    { finishedFromMs: T0 + 60, finishedUntilMs: T0 + 60 },
  ]) {
    const [call] = found(filter)
    assert.deepEqual([call?.turns, call?.answerP50Ms, call?.durationMs], [1, 9, 50])
  }
  reader.close()
})

test('what a search looks at goes with a deleted call', async () => {
  const path = join(folder, 'gone.db')
  assert.ok(prepareDatabase(path).ok)
  const database = openForWriting(path)
  const counts = () =>
    ['user_data_leaf', 'call_text'].map(
      (table) => database.prepare(`select count(*) as n from ${table}`).get()?.['n'],
    )
  database.exec(`
    insert into sentence (instance_no, entry_id, turn_id, role, kind, text, begin_ms, is_final)
      values (1, 1, 1, 'user', 'normal', 'hello', 1, 1);
    insert into instance (instance_no, instance_id, agent_id, type, status, channel_id,
      agent_user_id, runtime_config, agent_config_no, template_config_no, providers_no, user_data,
      token_life_s, created_ms, modified_ms, run)
    values (1, 'i', 'a', 'VoiceChat', 'Finished', 'c', 'u', cast('{}' as blob), 1, 1, 1,
      cast('"{\\"a\\":1,\\"b\\":[1,1]}"' as blob), 3600, 1, 1, 1);
  `)
  assert.deepEqual(counts(), [2, 1])
  database.exec('delete from instance')
  assert.deepEqual(counts(), [0, 0])
  database.close()
})

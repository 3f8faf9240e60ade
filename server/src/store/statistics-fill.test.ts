import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { HOUR_MS } from '../ports/statistics-store.ts'
import { instance, T0, turn } from '../ports/store-samples.contract.ts'
import { holdDataFolder } from './data-folder.ts'
import { openSqliteStore } from './sqlite-store.ts'
import { addStatisticsFunctions, STATISTICS_SCHEMA } from './statistics-rows.ts'

test('a database of before is counted as it would have been as it grew', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-statistics-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const opened = await openSqliteStore({ folder, log: silentLog })
  assert.ok(opened.ok)
  const store = opened.value
  for (const index of Array(40).keys()) {
    const atMs = index * 0.1 * HOUR_MS
    const made = instance(atMs, 0, { agentId: String(index % 3).repeat(32) })
    await store.createInstance(made)
    const from = T0 + atMs
    const spoken = { speechEndMs: from + 900, turnEndMs: from + 1300 }
    const heard = { firstAudioMs: from + 1500 + index * 9, interruptedMs: from + 3000 }
    const decision = { kind: 'no-interruption', atMs: from + 2000, words: '' }
    const finished = { type: 'finished', atMs: from + 60_000, reason: 'idle' } as const
    await store.recordCall(made.instanceId, [
      { type: 'executing', atMs: from + 100 },
      { type: 'turn', turn: turn(1, { ...spoken, ...(index % 4 > 0 && heard) }) },
      { type: 'decision', decision: { ...decision, figures: index % 2 ? { heardMs: 70 } : {} } },
      ...(index < 35 ? [finished] : []),
    ])
  }
  await store.close()
  const held = holdDataFolder(folder)
  assert.ok(held.ok)
  held.value.release()
  const database = new DatabaseSync(held.value.databasePath)
  t.after(() => database.close())
  // The most at a time is known only to who was there.
  const counted = (): unknown =>
    database.prepare(`select * from hourly where figure <> 'most' order by 1, 2, 3, 4`).all()
  const before = counted()
  database.exec('drop table hourly')
  addStatisticsFunctions(database)
  database.exec(STATISTICS_SCHEMA)
  assert.deepEqual(counted(), before)
})

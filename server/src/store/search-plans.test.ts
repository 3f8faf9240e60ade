import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import type { CallFilter, CallSearch } from '../ports/search-store.ts'
import { openForReading, prepareDatabase } from './database.ts'
import { LIST_FIRST_SQL, LIST_SQL } from './reader.ts'
import { countSql, liveSql, pageSql, type Sql } from './search-sql.ts'

const folder = mkdtempSync(join(tmpdir(), 'antiphon-plans-'))
const path = join(folder, 'antiphon.db')
const prepared = prepareDatabase(path)
const database: DatabaseSync = openForReading(path)
after(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const plan = ({ text, values }: Sql): string =>
  database
    .prepare(`explain query plan ${text}`)
    .all(...values)
    .map((row) => String(row['detail']))
    .join('; ')

/** How a statement gets at the calls: by seeking in this index, in its order. */
function goesAlong(sql: Sql, index: RegExp, about: unknown): void {
  const found = plan(sql)
  const where = `${JSON.stringify(about)}: ${found}`
  assert.match(found, index, where)
  assert.doesNotMatch(found, /TEMP B-TREE/, where)
  // Only the newest calls of all and the live ones, which are few, are gone through without a place to start at.
  const scans = found.match(/SCAN [^;]+/g) ?? []
  const allowed =
    /^SCAN (i USING (COVERING INDEX instance_by_time|INDEX instance_live)|t VIRTUAL|\()/
  assert.deepEqual(
    scans.filter((scan) => !allowed.test(scan)),
    [],
    where,
  )
}

test('a page of the list skips within one index and is not sorted', () => {
  assert.ok(prepared.ok)
  const found = plan({ text: LIST_SQL, values: ['a', '', 'g', 10, 990] })
  assert.match(found, /SEARCH i USING COVERING INDEX instance_by_agent/)
  const first = plan({ text: LIST_FIRST_SQL, values: ['a', '', 'g', 10] })
  assert.match(first, /^SEARCH i USING INDEX instance_by_agent/)
  for (const one of [found, first]) assert.doesNotMatch(one, /TEMP B-TREE|SCAN (?!page)/)
})

const AGENT = { agentId: 'a'.repeat(32) }
const CREATED = { createdFromMs: 1e12, createdUntilMs: 2e12 }
const ENDED = { finishedFromMs: 1e12, finishedUntilMs: 2e12 }
const byDefault = { orderBy: 'created', direction: 'desc', limit: 20 } as const

/** Filters that are fast, with the index that makes them so. */
const FAST: readonly (readonly [CallFilter, RegExp])[] = [
  [{}, /SCAN i USING COVERING INDEX instance_by_time(;|$)/],
  [CREATED, /SEARCH i USING COVERING INDEX instance_by_time \(instance_id>\? AND instance_id<\?\)/],
  [AGENT, /SEARCH i USING COVERING INDEX instance_by_agent \(agent_id=\?\)/],
  [
    { ...AGENT, ...CREATED },
    /SEARCH i USING COVERING INDEX instance_by_agent \(agent_id=\? AND instance_id>\? AND instance_id<\?\)/,
  ],
  [ENDED, /SEARCH i USING COVERING INDEX instance_by_time \(instance_id>\? AND instance_id<\?\)/],
  [
    { ...AGENT, ...ENDED },
    /SEARCH i USING COVERING INDEX instance_by_agent \(agent_id=\? AND instance_id>\? AND instance_id<\?\)/,
  ],
  [{ ...AGENT, status: 'Finished' }, /SEARCH i USING COVERING INDEX instance_by_agent/],
  [{ status: 'Executing' }, /i USING INDEX instance_live/],
  [{ ...AGENT, status: 'Created', ...CREATED }, /SEARCH i USING INDEX instance_live/],
  [{ endReason: 'error' }, /SEARCH i USING (COVERING )?INDEX instance_by_end \(end_reason=\?/],
  [
    { ...AGENT, endReason: 'error', ...CREATED },
    /INDEX instance_by_agent_end \(agent_id=\? AND end_reason=\? AND instance_id>\? AND instance_id<\?\)/,
  ],
  [{ sessionId: 's' }, /SEARCH i USING (COVERING )?INDEX instance_by_session \(session_id=\?/],
  [
    { sessionId: 's', ...AGENT, ...CREATED },
    /INDEX instance_by_session \(session_id=\? AND instance_id/,
  ],
  [
    { userData: { path: 'a', value: 'b' }, ...CREATED },
    /SEARCH l USING PRIMARY KEY \(leaf=\? AND instance_id>\? AND instance_id<\?\)/,
  ],
  [{ said: { text: 'word' } }, /SCAN t VIRTUAL TABLE INDEX \d+:M\d/],
  [{ said: { text: 'word' }, ...AGENT, ...CREATED }, /SCAN t VIRTUAL TABLE INDEX \d+:M\d[<>]/],
]

test('every search that claims to be fast goes along its index, in its order, on any page', () => {
  for (const [filter, index] of FAST) {
    for (const direction of ['asc', 'desc'] as const) {
      const search: CallSearch = { ...byDefault, direction, filter }
      goesAlong(pageSql(search, { longestMs: 0 }), index, filter)
      const next = { ...search, after: { instanceId: 'b', number: 7 } }
      const onward = new RegExp(
        index.source.replace('SCAN i', '(SCAN|SEARCH) i').replace(/ ?\\\(.*|\(;\|\$\)$/, ''),
      )
      goesAlong(pageSql(next, { longestMs: 0 }), onward, filter)
    }
  }
})

test('the order of duration has its own indexes, a range included', () => {
  const RANGE = { minDurationMs: 1, maxDurationMs: 2 }
  const cases: readonly (readonly [CallFilter, RegExp])[] = [
    [{}, /i USING (COVERING )?INDEX instance_by_duration/],
    [
      RANGE,
      /SEARCH i USING (COVERING )?INDEX instance_by_duration \(duration_ms>\? AND duration_ms<\?\)/,
    ],
    [AGENT, /SEARCH i USING (COVERING )?INDEX instance_by_agent_duration \(agent_id=\?/],
    [
      { ...AGENT, ...RANGE },
      /INDEX instance_by_agent_duration \(agent_id=\? AND duration_ms>\? AND duration_ms<\?\)/,
    ],
  ]
  for (const [filter, index] of cases) {
    for (const direction of ['asc', 'desc'] as const) {
      const search: CallSearch = { ...byDefault, orderBy: 'duration', direction, filter }
      goesAlong(pageSql(search, { longestMs: 0 }), index, filter)
      const next = { ...search, after: { instanceId: 'b', number: 7, durationMs: 3 } }
      const onward = new RegExp(index.source.replace(/ ?\\\(.*/, ''))
      goesAlong(pageSql(next, { longestMs: 0 }), onward, filter)
    }
  }
})

test('counting and looking through live calls go along the same indexes', () => {
  for (const [filter, index] of FAST)
    goesAlong(countSql(filter, { longestMs: 0 }, { limit: 10 }), index, filter)
  goesAlong(
    liveSql({ ...AGENT, ...CREATED }, { longestMs: 0 }),
    /SEARCH i USING INDEX instance_live/,
    'live',
  )
})

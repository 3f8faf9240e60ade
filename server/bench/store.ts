/**
 * `node server/bench/store.ts [instances]`: how fast the SQLite store makes things durable and lists them. It works
 * in a folder of its own under the system's temporary folder.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeInstanceId } from '../src/base/ids.ts'
import { silentLog } from '../src/base/log.ts'
import type { InstanceQuery, Store } from '../src/ports/store.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'

const AGENT_ID = 'a'.repeat(32)
const T0 = Date.UTC(2026, 0, 1)
const DAY_MS = 86_400_000
const SPAN_MS = 30 * DAY_MS
const APPEND_MS = 5000
const idOf = (index: number, createdMs: number): string =>
  composeInstanceId(createdMs, index.toString(16).padStart(20, '0'))

/** Fills a store with `instances` calls of one agent in 30 days, then appends and lists; prints the rates. */
export async function benchStore(instances = 200_000): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-bench-'))
  try {
    const opened = await openSqliteStore({ folder, log: silentLog })
    if (!opened.ok) throw new Error(opened.error)
    const store = opened.value
    const ids = await fill(store, instances)
    console.log(`size on disk: ${(sizeOf(folder) / 1e6).toFixed(0)} MB for ${instances} calls`)
    for (const [name, query] of queries(instances)) await benchList(store, name, query)
    for (const inFlight of [1, 16, 1000]) await benchAppend(store, ids, inFlight)
    await store.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A configuration of some 6 KB; agents change theirs now and then. */
const configuration = (version: number): string =>
  JSON.stringify({
    VoiceChat: { LlmSystemPrompt: `Version ${version}. `.padEnd(6000, 'Be kind. ') },
  })

async function fill(store: Store, instances: number): Promise<string[]> {
  const ids = Array.from({ length: instances }, (_, index) =>
    idOf(index, T0 + Math.floor((index * SPAN_MS) / instances)),
  )
  const startedMs = performance.now()
  let next = 0
  await inParallel(500, async () => {
    for (let index = next++; index < instances; index = next++) {
      const instanceId = ids[index] ?? ''
      const agentConfig = configuration(Math.floor(index / 1000))
      const created = await store.createInstance({
        instanceId,
        agentId: AGENT_ID,
        type: 'VoiceChat',
        channelId: instanceId,
        agentUserId: instanceId,
        runtimeConfig: JSON.stringify({ AgentUserId: instanceId, ChannelId: instanceId }),
        agentConfig,
        templateConfig: agentConfig,
        providers: '{}',
        userData: `{"order":${index}}`,
        createdMs: Number.parseInt(instanceId.slice(0, 12), 16),
        tokenLifeS: 3600,
      })
      if (!created.ok) throw new Error(created.error)
    }
  })
  console.log(`calls created, 500 in flight: ${rate(instances, performance.now() - startedMs)}`)
  return ids
}

function queries(instances: number): (readonly [string, InstanceQuery])[] {
  const all = { agentId: AGENT_ID, pageSize: 10, pageNumber: 1 }
  const dayMs = T0 + 12 * DAY_MS
  return [
    ['first page of 10', all],
    ['first page of 100', { ...all, pageSize: 100 }],
    [`page 100 of 100 (of ${instances})`, { ...all, pageSize: 100, pageNumber: 100 }],
    ['a day in the middle, 10', { ...all, fromMs: dayMs, untilMs: dayMs + DAY_MS - 1 }],
    [
      'a day in the middle, its page 50 of 100',
      { ...all, fromMs: dayMs, untilMs: dayMs + DAY_MS - 1, pageSize: 100, pageNumber: 50 },
    ],
  ]
}

async function benchList(store: Store, name: string, query: InstanceQuery): Promise<void> {
  const tookMs = await listFor(store, query, 1000)
  console.log(`list, ${name}: ${percentiles(tookMs)}`)
}

/** Lists again and again for `lengthMs`, and tells how long each took. */
async function listFor(store: Store, query: InstanceQuery, lengthMs: number): Promise<number[]> {
  const tookMs: number[] = []
  const untilMs = performance.now() + lengthMs
  while (performance.now() < untilMs) {
    const startedMs = performance.now()
    await store.listInstances(query)
    tookMs.push(performance.now() - startedMs)
    // Listing must leave room for the acknowledgements of what is being written.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return tookMs
}

/** Appends sentences to `inFlight` calls, each waiting for its last one to be durable; lists meanwhile. */
async function benchAppend(store: Store, ids: readonly string[], inFlight: number): Promise<void> {
  const startedMs = performance.now()
  const untilMs = startedMs + APPEND_MS
  const tookMs: number[] = []
  const appending = inParallel(inFlight, async (lane) => {
    const instanceId = ids[ids.length - 1 - lane] ?? ''
    for (let entryId = 1; performance.now() < untilMs; entryId += 1) {
      const beforeMs = performance.now()
      const sentence = {
        entryId,
        turnId: entryId,
        role: 'agent' as const,
        kind: 'normal' as const,
        text: 'This is a sentence of the length that people and agents say in one go.',
        beginMs: T0 + SPAN_MS + entryId,
        isFinal: true,
      }
      await store.recordCall(instanceId, [{ type: 'sentence', sentence }])
      tookMs.push(performance.now() - beforeMs)
    }
  })
  const query = { agentId: AGENT_ID, pageSize: 10, pageNumber: 1 }
  const [listMs] = await Promise.all([listFor(store, query, APPEND_MS), appending])
  const lengthMs = performance.now() - startedMs
  console.log(`durable appends, ${inFlight} in flight: ${rate(tookMs.length, lengthMs)}`)
  console.log(`  until durable: ${percentiles(tookMs)}`)
  console.log(`  first page of 10 listed meanwhile: ${percentiles(listMs)}`)
}

async function inParallel(lanes: number, run: (lane: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)))
}

const rate = (count: number, ms: number): string => `${Math.round((count / ms) * 1000)} a second`

function percentiles(samplesMs: number[]): string {
  samplesMs.sort((a, b) => a - b)
  const at = (share: number): string =>
    (samplesMs[Math.min(samplesMs.length - 1, Math.floor(samplesMs.length * share))] ?? 0).toFixed(
      3,
    )
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${samplesMs.length} samples)`
}

const sizeOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)

if (import.meta.main) await benchStore(Number(process.argv[2] ?? 200_000))

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import type { RetentionStore, WordsState } from '../ports/retention-store.ts'
import { instance, said, sentence, T0 } from '../ports/store-samples.contract.ts'
import type { NewInstance } from '../ports/store.ts'
import { openForReading } from './database.ts'
import { openSqliteStore, type SqliteStore } from './sqlite-store.ts'
import { Sweeper } from './sweeper.ts'
import { WordScrubber } from './word-scrubber.ts'

const folder = mkdtempSync(join(tmpdir(), 'word-scrubber-test-'))
after(() => rmSync(folder, { recursive: true }))

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** A server's store in virtual time, with what keeps its index of words, and a sweeper. */
class Server {
  readonly store: SqliteStore
  readonly clock = new SimulatedClock({ wallMs: T0 + DAY_MS })
  readonly #sweepers: readonly { close(): void }[]
  readonly #underWay = new Set<Promise<unknown>>()
  lastWords: WordsState | undefined

  constructor(store: SqliteStore, keep: { readonly calls?: number; readonly logs?: number }) {
    this.store = store
    const { retention } = store
    const watched: RetentionStore = {
      ...retention,
      sweep: (...step) => this.#watch(retention.sweep(...step)),
      dropOldPages: () => this.#watch(retention.dropOldPages()),
      stepWords: async (step) => (this.lastWords = await this.#watch(retention.stepWords(step))),
    }
    const options = { clock: this.clock, log: silentLog, store: watched }
    this.#sweepers = [new Sweeper({ ...options, keep }), new WordScrubber(options)]
  }

  /** Lets time pass until `isOver`, an hour at most. */
  async run(isOver: () => boolean): Promise<void> {
    const endMs = this.clock.nowMs() + HOUR_MS
    while (!isOver() && this.clock.nowMs() < endMs) {
      this.clock.advance(25)
      while (this.#underWay.size > 0) await Promise.all(this.#underWay)
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    }
    assert.ok(isOver(), 'not within an hour')
  }

  async close(): Promise<void> {
    for (const sweeper of this.#sweepers) sweeper.close()
    await this.store.close()
    assert.equal(this.clock.pending, 0)
  }

  async #watch<T>(step: Promise<T>): Promise<T> {
    this.#underWay.add(step)
    try {
      return await step
    } finally {
      this.#underWay.delete(step)
    }
  }
}

async function start(data: string, keep: ConstructorParameters<typeof Server>[1] = {}) {
  const store = await openSqliteStore({ folder: data, log: silentLog })
  assert.ok(store.ok, store.ok ? '' : store.error)
  return new Server(store.value, keep)
}

/** Stores a call that has ended. */
async function say({ store }: Server, call: NewInstance, text: string): Promise<void> {
  await store.createInstance(call)
  await store.recordCall(call.instanceId, [
    ...said(sentence(1, { text })),
    { type: 'finished', atMs: call.createdMs, reason: 'stopped' },
  ])
}

/** Enough words that the index is not rewritten in one step. */
const MANY = Array.from({ length: 40_000 }, (_, word) => `w${word * 7919}`).join(' ')

/** Whether a word stands in any file, as it stands in sentences, or in the index behind the word before it. */
const isOnDisk = (data: string, word: string): boolean =>
  readdirSync(data).some((name) => readFileSync(join(data, name)).includes(word.slice(3)))

const finds = async ({ store }: Server, text: string): Promise<number> => {
  const { calls } = await store.search.page({
    filter: { said: { text } },
    orderBy: 'created',
    direction: 'desc',
    limit: 10,
  })
  return calls.length
}

const isScrubbed = (server: Server) => (): boolean =>
  server.lastWords !== undefined && server.lastWords.gone === server.lastWords.deletions

test('a word of a call deleted on request leaves the disk, over a restart in the middle', async () => {
  const data = join(folder, 'asked')
  const before = await start(data)
  await say(before, instance(0), MANY)
  const secret = instance(1)
  await say(before, secret, 'the secret is zyzzyva plover')
  await say(before, instance(2), 'the plover is a bird')
  await before.run(isScrubbed(before))
  assert.ok((await before.store.retention.deleteCall(secret.instanceId)).ok)
  assert.equal(await finds(before, 'zyzzyva'), 0)
  const deletedMs = before.clock.nowMs()
  await before.run(() => before.lastWords?.isScrubbing === true)
  const waitedMs = before.clock.nowMs() - deletedMs
  assert.ok(waitedMs > MINUTE_MS && waitedMs < 2 * MINUTE_MS)
  await before.close()
  assert.ok(isOnDisk(data, 'zyzzyva'), 'it stands near the end')

  const server = await start(data)
  await server.run(() => server.lastWords !== undefined)
  assert.ok(server.lastWords?.isScrubbing, 'it goes on at once')
  await server.run(isScrubbed(server))
  const endedMs = server.clock.nowMs()
  await server.run(() => server.clock.nowMs() > endedMs + MINUTE_MS)
  assert.ok(!isOnDisk(data, 'zyzzyva'), 'while the server runs')
  assert.ok(isOnDisk(data, 'plover'))
  assert.deepEqual([await finds(server, 'plover'), await finds(server, 'w7919')], [1, 1])
  await server.close()
  assert.ok(!isOnDisk(data, 'zyzzyva'))
})

test('words of swept calls, and of calls whose log was swept, leave the disk', async () => {
  const data = join(folder, 'swept')
  const before = await start(data)
  await say(before, instance(-9 * DAY_MS), `${MANY} zyzzyva`)
  await say(before, instance(-4 * DAY_MS), 'quixotic plover')
  await say(before, instance(1), 'the plover is a bird')
  await before.close()

  const server = await start(data, { calls: 8 * DAY_MS, logs: 3 * DAY_MS })
  await server.run(() => (server.lastWords?.deletions ?? 0) > 2)
  assert.ok(isOnDisk(data, 'zyzzyva') && isOnDisk(data, 'quixotic'))
  await server.run(isScrubbed(server))
  await server.run(() => server.lastWords?.worked === false)
  assert.deepEqual([isOnDisk(data, 'zyzzyva'), isOnDisk(data, 'quixotic')], [false, false])
  assert.deepEqual([await finds(server, 'plover'), await finds(server, 'quixotic')], [1, 0])
  await server.close()
})

test('old copies of pages are let go of when nobody reads any more', async () => {
  const data = join(folder, 'reading')
  const server = await start(data)
  await say(server, instance(0), 'zyzzyva')
  await say(server, instance(1), 'plover')
  await server.run(isScrubbed(server))
  const reader = openForReading(join(data, 'antiphon.db'))
  reader.exec('begin')
  reader.prepare('select count(*) from instance').get()
  assert.ok((await server.store.retention.deleteCall(instance(0).instanceId)).ok)
  await server.run(() => (server.lastWords?.deletions ?? 0) > 1 && isScrubbed(server)())
  const scrubbedMs = server.clock.nowMs()
  await server.run(() => server.clock.nowMs() > scrubbedMs + MINUTE_MS)
  assert.ok(isOnDisk(data, 'zyzzyva'), 'somebody reads as it was')
  reader.close()
  await server.run(() => server.clock.nowMs() > scrubbedMs + 2 * MINUTE_MS)
  assert.ok(!isOnDisk(data, 'zyzzyva'))
  await server.close()
})

test('a minute after it was asked for, once a day after sweeps, never more than a tenth of the time', async () => {
  const { clock, state, begun, run } = scripted()
  state.deletions = 1
  await run(2 * MINUTE_MS)
  // A sweep of before: at its end, a minute after it was first seen.
  assert.equal(begun.length, 1)
  state.deletions = 2
  await run(HOUR_MS)
  assert.equal(begun.length, 1)
  state.deletions = state.asked = 3
  const askedMs = clock.nowMs()
  await run(5 * MINUTE_MS)
  const [, asked = 0] = begun
  assert.ok(asked - askedMs >= MINUTE_MS && asked - askedMs < MINUTE_MS + 25_000)
  // It takes ten minutes: the next has to wait for ninety.
  state.takesMs = 10 * MINUTE_MS
  state.deletions = state.asked = 4
  await run(15 * MINUTE_MS)
  assert.equal(begun.length, 3)
  state.deletions = state.asked = 5
  await run(85 * MINUTE_MS)
  assert.equal(begun.length, 3)
  await run(15 * MINUTE_MS)
  assert.equal(begun.length, 4)
  state.deletions = 6
  await run(23 * HOUR_MS)
  assert.equal(begun.length, 4)
  await run(2 * HOUR_MS)
  assert.equal(begun.length, 5)
})

/** A store whose rewritings take as long as they are told to. */
function scripted() {
  const clock = new SimulatedClock()
  const state = { deletions: 0, asked: 0, gone: 0, takesMs: 0 }
  const begun: number[] = []
  let goal: number | undefined
  let endMs = 0
  const stepWords: RetentionStore['stepWords'] = async ({ mayBegin }) => {
    const worked = goal !== undefined || mayBegin
    if (goal === undefined && mayBegin) {
      begun.push(clock.nowMs())
      goal = state.deletions
      endMs = clock.nowMs() + state.takesMs
    }
    if (goal !== undefined && clock.nowMs() >= endMs) {
      state.gone = goal
      goal = undefined
      state.takesMs = 0
    }
    return { ...state, worked, isScrubbing: goal !== undefined }
  }
  const store = { stepWords, dropOldPages: async () => true }
  const scrubber = new WordScrubber({ clock, log: silentLog, store })
  after(() => scrubber.close())
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1000) {
      clock.advance(1000)
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    }
  }
  return { clock, state, begun, run }
}

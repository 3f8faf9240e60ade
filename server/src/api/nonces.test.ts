import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog, type Log } from '../base/log.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { Nonces, NONCES_WRITE_MS } from './nonces.ts'

const START_MS = Date.parse('2026-03-01T12:00:00Z')
const MINUTE_MS = 60_000

function setUp(limit = 10) {
  const clock = new SimulatedClock({ wallMs: START_MS })
  const store = new MemoryStore({ clock })
  const make = () => new Nonces({ clock, log: silentLog, store, limit })
  return { clock, store, make, nonces: make() }
}

test('a nonce is used once for each key until it expires', () => {
  const { clock, nonces } = setUp()
  const expiresMs = START_MS + 15 * MINUTE_MS
  assert.equal(nonces.use('key', 'n', expiresMs), 'fresh')
  assert.equal(nonces.use('key', 'n', expiresMs), 'used')
  assert.equal(nonces.use('other key', 'n', expiresMs), 'fresh')
  clock.advance(15 * MINUTE_MS)
  assert.ok(nonces.isUsed('key', 'n'))
  clock.advance(1)
  assert.ok(!nonces.isUsed('key', 'n'))
})

test('past the limit requests are refused until nonces expire', () => {
  const { clock, nonces } = setUp(2)
  nonces.use('key', 'a', START_MS + MINUTE_MS)
  nonces.use('key', 'b', START_MS + 20 * MINUTE_MS)
  assert.equal(nonces.use('key', 'c', START_MS + MINUTE_MS), 'full')
  clock.advance(2 * MINUTE_MS)
  assert.equal(nonces.use('key', 'c', START_MS + 20 * MINUTE_MS), 'fresh')
  assert.ok(nonces.isUsed('key', 'b'))
})

test('nonces are written in batches and found again by the next process', async () => {
  const { clock, store, make, nonces } = setUp()
  await nonces.recall()
  nonces.use('key', 'a', START_MS + MINUTE_MS)
  nonces.use('key', 'x'.repeat(5000), START_MS + MINUTE_MS)
  assert.equal((await store.recalledNonces(START_MS)).length, 0)
  clock.advance(NONCES_WRITE_MS)
  await nonces.close()
  const recalled = await store.recalledNonces(START_MS)
  assert.equal(recalled.length, 2)
  assert.ok(recalled.every(({ key }) => key.length < 200))
  const next = make()
  await next.recall()
  assert.equal(next.use('key', 'a', START_MS + MINUTE_MS), 'used')
  assert.equal(next.use('key', 'x'.repeat(5000), START_MS + MINUTE_MS), 'used')
  assert.equal(clock.pending, 0)
})

test('closing writes what is not written yet', async () => {
  const { clock, store, nonces } = setUp()
  nonces.use('key', 'a', START_MS + MINUTE_MS)
  await nonces.close()
  await nonces.close()
  assert.equal((await store.recalledNonces(START_MS)).length, 1)
  assert.equal(clock.pending, 0)
})

test('a store that cannot write is told of in the log and harms no request', async () => {
  const { clock, store } = setUp()
  const said: string[] = []
  const log: Log = { ...silentLog, error: (message) => void said.push(message) }
  const rememberNonces = () => Promise.reject(new Error('disk full'))
  const recalledNonces = store.recalledNonces.bind(store)
  const nonces = new Nonces({ clock, log, store: { rememberNonces, recalledNonces } })
  assert.equal(nonces.use('key', 'a', START_MS + MINUTE_MS), 'fresh')
  await nonces.close()
  assert.deepEqual(said, ['nonces not written'])
  assert.equal(nonces.use('key', 'a', START_MS + MINUTE_MS), 'used')
})

test('recalling is tried again after the store failed', async () => {
  const { clock } = setUp()
  let tries = 0
  const store = {
    rememberNonces: () => Promise.resolve(),
    recalledNonces: () => {
      tries += 1
      return tries === 1 ? Promise.reject(new Error('locked')) : Promise.resolve([])
    },
  }
  const nonces = new Nonces({ clock, log: silentLog, store })
  await assert.rejects(async () => nonces.recall())
  await nonces.recall()
  assert.equal(nonces.recall(), undefined)
  assert.equal(tries, 2)
})

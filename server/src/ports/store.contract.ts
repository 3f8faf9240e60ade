import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Clock } from '../base/clock.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { composeInstanceId } from '../base/ids.ts'
import { ok, fail } from '../base/result.ts'
import { callbackTests } from './callback-store.contract.ts'
import { searchTests } from './search-store.contract.ts'
import { statisticsTests } from './statistics-store.contract.ts'
import { dialogueTests, lifeTests, statusTests } from './store-calls.contract.ts'
import { keepingTests } from './keeping.contract.ts'
import { traceTests } from './trace-store.contract.ts'
import {
  agent,
  AGENT_ID,
  instance,
  said,
  sentence,
  T0,
  turn,
  type StoreHarness,
  type StoreUnderTest,
} from './store-samples.contract.ts'
import type { InstanceQuery, Store } from './store.ts'

const decoder = new TextDecoder()

/** Registers what every store must do. `open` gives an empty one. */
export function storeContract(name: string, open: (clock: Clock) => Promise<StoreUnderTest>): void {
  describe(`store contract: ${name}`, () => {
    const opened: StoreUnderTest[] = []
    const opens = async (
      clock: Clock = new SimulatedClock({ wallMs: T0 }),
    ): Promise<StoreUnderTest> => {
      const one = await open(clock)
      opened.push(one)
      return one
    }
    const restarts = async (before: StoreUnderTest): Promise<StoreUnderTest> => {
      const one = await before.restart()
      opened.push(one)
      return one
    }
    after(async () => {
      for (const one of opened) await one.close()
    })
    const harness: StoreHarness = { opens, restarts }
    agentTests(harness)
    instanceTests(harness)
    listTests(harness)
    timeRangeTests(harness)
    statusTests(harness)
    dialogueTests(harness)
    traceTests(harness)
    lifeTests(harness)
    nonceTests(harness)
    restartTests(harness)
    callbackTests(harness)
    keepingTests(harness)
    searchTests(harness)
    statisticsTests(harness)
  })
}

function agentTests({ opens }: StoreHarness): void {
  test('an agent is given back as it was put', async () => {
    const { store } = await opens()
    assert.equal(await store.getAgent(AGENT_ID), undefined)
    await store.putAgent(agent())
    assert.deepEqual(await store.getAgent(AGENT_ID), agent())
    const renamed = agent({ name: 'B', modifiedMs: T0 + 1, agentConfig: '{}' })
    await store.putAgent(renamed)
    assert.deepEqual(await store.getAgent(AGENT_ID), renamed)
  })

  test('agents are listed newest first, page by page, without the deleted', async () => {
    const { store } = await opens()
    const ids = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(32))
    assert.equal(await store.hasAgents(), false)
    for (const [index, agentId] of ids.entries()) {
      // The last two are of one millisecond.
      await store.putAgent(agent({ agentId, createdMs: T0 + Math.min(index, 3) }))
    }
    await store.putAgent(agent({ agentId: '2'.repeat(32), createdMs: T0 + 1, deletedMs: T0 + 9 }))
    const page = async (pageNumber: number): Promise<string[]> =>
      (await store.listAgents({ pageSize: 3, pageNumber })).map(({ agentId }) =>
        agentId.slice(0, 1),
      )
    assert.deepEqual(await page(1), ['5', '4', '3'])
    assert.deepEqual(await page(2), ['1'])
    assert.deepEqual(await page(3), [])
    assert.equal((await store.getAgent('2'.repeat(32)))?.deletedMs, T0 + 9)
    assert.equal(await store.hasAgents(), true)
  })
}

function instanceTests({ opens }: StoreHarness): void {
  test('an instance is given back as it was created, as Created', async () => {
    const { store } = await opens()
    const full = instance(0, 0, { userData: '{"a":"\\"x\\""}\n\u2028', sessionId: 'session' })
    assert.deepEqual(await store.createInstance(full), ok(undefined))
    assert.deepEqual(await store.createInstance(instance(1)), ok(undefined))
    const fresh = { status: 'Created' as const }
    assert.deepEqual(await store.getInstance(full.instanceId), {
      ...full,
      ...fresh,
      modifiedMs: T0,
    })
    assert.deepEqual(await store.getInstance(instance(1).instanceId), {
      ...instance(1),
      ...fresh,
      modifiedMs: T0 + 1,
    })
    assert.equal(await store.getInstance('0'.repeat(32)), undefined)
  })

  test('an instance id can be taken once, even by two at the same time', async () => {
    const { store } = await opens()
    const other = instance(0, 0, { channelId: 'other' })
    const results = await Promise.all([
      store.createInstance(instance()),
      store.createInstance(other),
    ])
    assert.deepEqual(results, [ok(undefined), fail('exists')])
    assert.equal((await store.getInstance(other.instanceId))?.channelId, 'channel-0-0')
  })

  test('an update changes what it names and nothing else', async () => {
    const { store } = await opens()
    const { instanceId } = instance()
    await store.createInstance(instance())
    await store.createInstance(instance(1))
    await store.updateInstance(instanceId, { userData: '', modifiedMs: T0 + 5 })
    const agentConfig = '{"VoiceChat":{"Volume":1}}'
    await store.updateInstance(instanceId, { agentConfig, modifiedMs: T0 + 6 })
    assert.deepEqual(await store.getInstance(instanceId), {
      ...instance(),
      status: 'Created',
      userData: '',
      agentConfig,
      modifiedMs: T0 + 6,
    })
    assert.equal(
      (await store.getInstance(instance(1).instanceId))?.agentConfig,
      instance(1).agentConfig,
    )
  })

  test('an update of an unknown instance is ignored', async () => {
    const { store } = await opens()
    await store.updateInstance('0'.repeat(32), { userData: 'x', modifiedMs: T0 })
    assert.equal(await store.getInstance('0'.repeat(32)), undefined)
  })
}

async function list(store: Store, query: Partial<InstanceQuery> = {}): Promise<string[]> {
  const whole = { agentId: AGENT_ID, pageSize: 100, pageNumber: 1, ...query }
  const listed = await store.listInstances(whole)
  return listed.map(({ instanceId }) => instanceId)
}

/** Times after T0, ms, with the number that tells apart those of one millisecond. */
const asIds = (...created: (readonly [number, number])[]): string[] =>
  created.map(([afterMs, tail]) => instance(afterMs, tail).instanceId)

function listTests({ opens }: StoreHarness): void {
  test('a listed instance carries its bodies as they were stored', async () => {
    const { store } = await opens()
    await store.createInstance(instance(0, 0, { userData: 'say "你好"\n' }))
    await store.createInstance(instance(1))
    const listed = await store.listInstances({ agentId: AGENT_ID, pageSize: 10, pageNumber: 1 })
    const [newer, older] = listed
    assert.ok(newer && older)
    assert.equal(older.runtimeConfig, instance().runtimeConfig)
    assert.equal(decoder.decode(older.agentConfig), instance().agentConfig)
    assert.equal(decoder.decode(older.templateConfig), instance().templateConfig)
    assert.equal(JSON.parse(older.userData ?? ''), 'say "你好"\n')
    assert.equal(newer.userData, undefined)
    assert.equal('userData' in newer, false)
  })

  test('the list is newest first, with ties by descending id, of one agent only', async () => {
    const { store } = await opens()
    for (const [afterMs, tail] of [
      [5, 1],
      [7, 0],
      [5, 2],
      [0, 0],
    ] as const) {
      await store.createInstance(instance(afterMs, tail))
    }
    await store.createInstance(instance(6, 0, { agentId: 'b'.repeat(32) }))
    assert.deepEqual(await list(store), asIds([7, 0], [5, 2], [5, 1], [0, 0]))
    assert.deepEqual(await list(store, { agentId: 'c'.repeat(32) }), [])
  })

  test('pages follow each other without gap or overlap', async () => {
    const { store } = await opens()
    await Promise.all(
      Array.from({ length: 25 }, (_, index) => store.createInstance(instance(index))),
    )
    const pages = await Promise.all(
      [1, 2, 3, 4].map((pageNumber) => list(store, { pageSize: 10, pageNumber })),
    )
    assert.deepEqual(
      pages.map((page) => page.length),
      [10, 10, 5, 0],
    )
    assert.deepEqual(pages.flat(), await list(store))
    assert.deepEqual(await list(store, { pageSize: 0 }), [])
  })
}

function timeRangeTests({ opens }: StoreHarness): void {
  test('a time range includes both its ends', async () => {
    const { store } = await opens()
    // The greatest and the least id of a millisecond must fall within it.
    for (const afterMs of [0, 1, 2, 3, 4]) await store.createInstance(instance(afterMs))
    const last = { instanceId: composeInstanceId(T0 + 3, 'f'.repeat(20)) }
    await store.createInstance(instance(3, 9, last))
    const range = async (query: Partial<InstanceQuery>): Promise<string[]> => list(store, query)
    assert.deepEqual(await range({ fromMs: T0 + 1, untilMs: T0 + 3 }), [
      last.instanceId,
      ...asIds([3, 0], [2, 0], [1, 0]),
    ])
    assert.deepEqual(await range({ fromMs: T0 + 4 }), asIds([4, 0]))
    assert.deepEqual(await range({ untilMs: T0 }), asIds([0, 0]))
    assert.deepEqual(await range({ fromMs: T0 + 5 }), [])
    assert.deepEqual(await range({ untilMs: T0 - 1 }), [])
    assert.deepEqual(await range({ fromMs: T0 + 2, untilMs: T0 + 1 }), [])
    assert.deepEqual(await range({ fromMs: 0, untilMs: 8.64e15 }), await list(store))
    assert.deepEqual(await range({ fromMs: -1 }), await list(store))
    assert.deepEqual(await range({ fromMs: T0 + 1, untilMs: T0 + 3, pageSize: 1, pageNumber: 3 }), [
      instance(2).instanceId,
    ])
  })
}

function nonceTests({ opens, restarts }: StoreHarness): void {
  test('nonces are recalled after a restart until they expire', async () => {
    const clock = new SimulatedClock({ wallMs: T0 })
    const first = await opens(clock)
    await first.store.rememberNonces([
      { key: 'a', expiresMs: T0 + 10 },
      { key: 'b', expiresMs: T0 + 20 },
    ])
    await first.store.rememberNonces([{ key: 'b', expiresMs: T0 + 15 }])
    const { store } = await restarts(first)
    const keys = async (wallMs: number): Promise<string[]> =>
      (await store.recalledNonces(wallMs)).map(({ key }) => key).sort()
    assert.deepEqual(await keys(T0), ['a', 'b'])
    assert.deepEqual(await keys(T0 + 10), ['b'])
    assert.deepEqual(await keys(T0 + 20), [])
    assert.deepEqual(await store.recalledNonces(T0 + 19), [{ key: 'b', expiresMs: T0 + 20 }])
  })

  test('expired nonces are forgotten when new ones come', async () => {
    const clock = new SimulatedClock({ wallMs: T0 })
    const { store } = await opens(clock)
    await store.rememberNonces([{ key: 'old', expiresMs: T0 + 10 }])
    clock.advance(10)
    await store.rememberNonces([{ key: 'new', expiresMs: T0 + 30 }])
    assert.deepEqual(await store.recalledNonces(T0), [{ key: 'new', expiresMs: T0 + 30 }])
  })
}

function restartTests({ opens, restarts }: StoreHarness): void {
  test('all that was acknowledged is there after a restart', async () => {
    const first = await opens()
    await first.store.putAgent(agent())
    await first.store.createInstance(instance())
    await first.store.recordCall(instance().instanceId, [
      { type: 'executing', atMs: T0 + 1 },
      ...said(sentence(1)),
      { type: 'turn', turn: turn(1) },
    ])
    const before = await first.store.getCall(instance().instanceId)
    const { store } = await restarts(first)
    assert.deepEqual(await store.getAgent(AGENT_ID), agent())
    assert.deepEqual(await store.getCall(instance().instanceId), before)
    assert.deepEqual(await store.createInstance(instance()), fail('exists'))
  })

  test('a closed store refuses, and may be closed twice', async () => {
    const { store } = await opens()
    await Promise.all([store.close(), store.close()])
    await store.close()
    await assert.rejects(store.putAgent(agent()), /store is closed/)
    await assert.rejects(store.getAgent(AGENT_ID), /store is closed/)
    await assert.rejects(
      store.listInstances({ agentId: AGENT_ID, pageSize: 1, pageNumber: 1 }),
      /store is closed/,
    )
  })
}

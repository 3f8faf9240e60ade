import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallEndReason } from './call-record.ts'
import type { CallFilter, CallPage, CallSearch } from './search-store.ts'
import {
  AGENT_ID,
  instance,
  said,
  sentence,
  T0,
  turn,
  type StoreHarness,
} from './store-samples.contract.ts'
import type { NewInstance, Store } from './store.ts'

const OTHER_AGENT = 'b'.repeat(32)

interface Told {
  readonly change?: Partial<NewInstance>
  readonly executingMs?: number
  readonly finishedMs?: number
  readonly reason?: CallEndReason
  readonly user?: string
  readonly agent?: string
}

/** A call made `afterMs` after T0; its other times count from there. */
async function makeCall(store: Store, afterMs: number, told: Told = {}): Promise<void> {
  const { change, executingMs, finishedMs, user, agent, reason = 'user-left' } = told
  const made = instance(afterMs, 0, change)
  await store.createInstance(made)
  const atMs = (ms: number): number => T0 + afterMs + ms
  await store.recordCall(made.instanceId, [
    ...(executingMs === undefined ? [] : [{ type: 'executing' as const, atMs: atMs(executingMs) }]),
    ...(user === undefined ? [] : said(sentence(1, { text: user }))),
    ...(agent === undefined ? [] : said(sentence(2, { role: 'agent', text: agent }))),
    ...(finishedMs === undefined
      ? []
      : [{ type: 'finished' as const, atMs: atMs(finishedMs), reason }]),
  ])
}

/** How long after T0 the calls of a page were made. */
const timesOf = ({ calls }: CallPage): number[] => calls.map(({ createdMs }) => createdMs - T0)

const NEWEST = { orderBy: 'created', direction: 'desc', limit: 100 } as const

const find = async (store: Store, filter: CallFilter): Promise<number[]> =>
  timesOf(await store.search.page({ ...NEWEST, filter }))

export function searchTests(harness: StoreHarness): void {
  filterTests(harness)
  wordTests(harness)
  orderTests(harness)
  figureTests(harness)
  agreementTests(harness)
}

function filterTests({ opens }: StoreHarness): void {
  test('calls are found by agent, status, session, end reason and the time of their making', async () => {
    const { store } = await opens()
    await makeCall(store, 1, { change: { agentId: OTHER_AGENT } })
    await makeCall(store, 2, { executingMs: 1, change: { sessionId: 's' } })
    await makeCall(store, 3, { finishedMs: 5, reason: 'user-never-came' })
    await makeCall(store, 4, { executingMs: 1, finishedMs: 9, change: { sessionId: 's' } })
    assert.deepEqual(await find(store, {}), [4, 3, 2, 1])
    assert.deepEqual(await find(store, { agentId: AGENT_ID }), [4, 3, 2])
    assert.deepEqual(await find(store, { agentId: 'c'.repeat(32) }), [])
    assert.deepEqual(await find(store, { status: 'Created' }), [1])
    assert.deepEqual(await find(store, { status: 'Executing', agentId: AGENT_ID }), [2])
    assert.deepEqual(await find(store, { status: 'Finished' }), [4, 3])
    assert.deepEqual(await find(store, { sessionId: 's' }), [4, 2])
    assert.deepEqual(await find(store, { endReason: 'user-never-came' }), [3])
    assert.deepEqual(await find(store, { endReason: 'user-left', agentId: AGENT_ID }), [4])
    const range = { createdFromMs: T0 + 2, createdUntilMs: T0 + 3 }
    assert.deepEqual(await find(store, range), [3, 2])
    assert.deepEqual(await find(store, { ...range, agentId: OTHER_AGENT }), [])
  })

  test('calls are found by when they ended and by how long they took, ends included', async () => {
    const { store } = await opens()
    await makeCall(store, 0, { executingMs: 10, finishedMs: 1010 })
    await makeCall(store, 100, { executingMs: 0, finishedMs: 50 })
    await makeCall(store, 200, { finishedMs: 300 })
    await makeCall(store, 300, { executingMs: 5 })
    assert.deepEqual(
      await find(store, { finishedFromMs: T0 + 150, finishedUntilMs: T0 + 500 }),
      [200, 100],
    )
    assert.deepEqual(await find(store, { finishedFromMs: T0 + 1010 }), [0])
    assert.deepEqual(await find(store, { finishedUntilMs: T0 + 149 }), [])
    assert.deepEqual(await find(store, { minDurationMs: 50 }), [100, 0])
    assert.deepEqual(await find(store, { minDurationMs: 51, maxDurationMs: 1000 }), [0])
    // Nobody came: it took no time.
    assert.deepEqual(await find(store, { maxDurationMs: 0 }), [200])
  })

  test('a member of UserData is found by its path and value', async () => {
    const { store } = await opens()
    const data = (value: unknown): Told => ({ change: { userData: JSON.stringify(value) } })
    await makeCall(store, 1, data({ customer: { id: 42, tags: ['vip', 'new'] }, ok: true }))
    await makeCall(store, 2, data({ customer: { id: '42' } }))
    await makeCall(store, 3, data({ id: 42 }))
    await makeCall(store, 4, { change: { userData: 'customer.id=42' } })
    const at = (path: string, value: string): Promise<number[]> =>
      find(store, { userData: { path, value } })
    assert.deepEqual(await at('customer.id', '42'), [2, 1])
    assert.deepEqual(await at('customer.tags', 'vip'), [1])
    assert.deepEqual(await at('ok', 'true'), [1])
    assert.deepEqual(await at('customer', '42'), [])
    assert.deepEqual(await at('customer.id', '4'), [])
    const { instanceId } = instance(1)
    await store.updateInstance(instanceId, { userData: '{"id":42}', modifiedMs: T0 + 9 })
    assert.deepEqual(await at('customer.id', '42'), [2])
    assert.deepEqual(await at('id', '42'), [3, 1])
    const both = { userData: { path: 'id', value: '42' }, createdFromMs: T0 + 2 }
    assert.deepEqual(await find(store, both), [3])
  })
}

function wordTests({ opens }: StoreHarness): void {
  test('words are found whatever their case and accents, in live and in finished calls', async () => {
    const { store } = await opens()
    await makeCall(store, 1, { user: 'My REFUND, please!', agent: 'Of course.', finishedMs: 2 })
    await makeCall(store, 2, { agent: 'A refund? At the café.', executingMs: 1 })
    await makeCall(store, 3, { user: 'refunded', finishedMs: 9, change: { agentId: OTHER_AGENT } })
    const says = (text: string, by?: 'user' | 'agent'): Promise<number[]> =>
      find(store, { said: { text, ...(by && { by }) } })
    assert.deepEqual(await says('refund'), [2, 1])
    assert.deepEqual(await says('refund', 'user'), [1])
    assert.deepEqual(await says('refund', 'agent'), [2])
    assert.deepEqual(await says('refund*'), [3, 2, 1])
    assert.deepEqual(await says('CAFE refund'), [2])
    assert.deepEqual(await says('"my refund"'), [1])
    assert.deepEqual(await says('"refund my"'), [])
    // Both sides said something, but nobody all of it in one go.
    assert.deepEqual(await says('"please of course"'), [])
    assert.deepEqual(await says('?!'), [])
    assert.deepEqual(await find(store, { said: { text: 'refund*' }, agentId: AGENT_ID }), [2, 1])
    assert.deepEqual(await find(store, { said: { text: 'refund' }, status: 'Finished' }), [1])
    assert.deepEqual(await find(store, { said: { text: 'refund' }, status: 'Executing' }), [2])
    const late = { said: { text: 'refund*' }, createdFromMs: T0 + 2, createdUntilMs: T0 + 3 }
    assert.deepEqual(await find(store, late), [3, 2])
  })

  test('any part of a Chinese sentence is found', async () => {
    const { store } = await opens()
    await makeCall(store, 1, { user: '我要退款，订单A1023', finishedMs: 2 })
    await makeCall(store, 2, { user: '退回款项', executingMs: 2 })
    const says = (text: string): Promise<number[]> => find(store, { said: { text } })
    assert.deepEqual(await says('退款'), [1])
    assert.deepEqual(await says('款'), [2, 1])
    assert.deepEqual(await says('要退款订'), [1])
    assert.deepEqual(await says('订单 a1023'), [1])
    assert.deepEqual(await says('款退'), [])
  })

  test('what is said after the end, and what is corrected, is found too', async () => {
    const { store } = await opens()
    const { instanceId } = instance(1)
    await makeCall(store, 1, { user: 'first', finishedMs: 2 })
    await store.recordCall(instanceId, said(sentence(1, { text: 'second' }), sentence(3)))
    assert.deepEqual(await find(store, { said: { text: 'first' } }), [])
    assert.deepEqual(await find(store, { said: { text: 'second "sentence 3"' } }), [1])
  })
}

function orderTests({ opens }: StoreHarness): void {
  test('pages in any order follow each other while calls are added', async () => {
    const { store } = await opens()
    const durations = [30, 10, 20, 10, 50, 40]
    for (const [index, finishedMs] of durations.entries()) {
      await makeCall(store, index, { executingMs: 0, finishedMs, user: 'hello' })
    }
    const orders: [Pick<CallSearch, 'orderBy' | 'direction'>, number[]][] = [
      [{ orderBy: 'created', direction: 'desc' }, [5, 4, 3, 2, 1, 0]],
      [{ orderBy: 'created', direction: 'asc' }, [0, 1, 2, 3, 4, 5]],
      [{ orderBy: 'duration', direction: 'desc' }, [4, 5, 0, 2, 3, 1]],
      [{ orderBy: 'duration', direction: 'asc' }, [1, 3, 2, 0, 5, 4]],
    ]
    const filters: CallFilter[] = [
      {},
      { agentId: AGENT_ID },
      { said: { text: 'hello' } },
      { endReason: 'user-left' },
    ]
    let added = 100
    for (const [order, expected] of orders) {
      for (const filter of filters) {
        const seen: number[] = []
        const limit = 2
        for (
          let after: CallPage['next'], pages = 0;
          pages === 0 || after !== undefined;
          pages += 1
        ) {
          const page: CallPage = await store.search.page({
            ...order,
            filter,
            limit,
            ...(after && { after }),
          })
          seen.push(...timesOf(page))
          after = page.next
          if (pages > 2) continue
          added += 1
          await makeCall(store, added, { executingMs: 0, finishedMs: 25, user: 'hello' })
        }
        const old = seen.filter((ms) => ms < 100)
        assert.deepEqual(old, expected, JSON.stringify({ order, filter }))
        assert.equal(new Set(seen).size, seen.length, 'no call twice')
      }
    }
  })

  test('live calls in which words are said stand among the finished ones', async () => {
    const { store } = await opens()
    for (let index = 0; index < 7; index += 1) {
      await makeCall(store, index, { user: 'hi', ...(index % 2 === 0 && { finishedMs: 9 }) })
    }
    const search: CallSearch = { ...NEWEST, filter: { said: { text: 'hi' } }, limit: 3 }
    const first = await store.search.page(search)
    assert.deepEqual(timesOf(first), [6, 5, 4])
    const second = await store.search.page({ ...search, ...(first.next && { after: first.next }) })
    assert.deepEqual(timesOf(second), [3, 2, 1])
    const third = await store.search.page({ ...search, ...(second.next && { after: second.next }) })
    assert.deepEqual([timesOf(third), third.next], [[0], undefined])
    assert.deepEqual(await store.search.count(search.filter, 'exact'), { count: 7, isExact: true })
  })
}

function figureTests({ opens }: StoreHarness): void {
  test('a found call tells its times, its turns and how long answers took', async () => {
    const { store } = await opens()
    const { instanceId } = instance(1)
    const change = { sessionId: 's', userData: '{"a":1}' }
    await makeCall(store, 1, { executingMs: 10, change, user: 'Hi' })
    const answered = (turnId: number, delayMs: number) => ({
      type: 'turn' as const,
      turn: turn(turnId, {
        speechEndMs: T0 + 100,
        turnEndMs: T0 + 150,
        firstAudioMs: T0 + 100 + delayMs,
      }),
    })
    const greeting = turn(1, { firstAudioMs: T0 + 1, interruptedMs: T0 + 2 })
    const typed = turn(2, { turnEndMs: T0 + 7, firstAudioMs: T0 + 12 })
    await store.recordCall(instanceId, [
      { type: 'turn', turn: greeting },
      { type: 'turn', turn: typed },
      answered(3, 900),
      answered(4, 400),
    ])
    // A turn that is recorded again counts as it is now.
    await store.recordCall(instanceId, [answered(3, 700)])
    await store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + 61, reason: 'client-stop' }])
    const { calls } = await store.search.page({ ...NEWEST, filter: {}, withSentences: true })
    const { channelId, agentUserId } = instance(1)
    assert.deepEqual(calls, [
      {
        instanceId,
        agentId: AGENT_ID,
        status: 'Finished',
        channelId,
        agentUserId,
        sessionId: 's',
        userData: '{"a":1}',
        createdMs: T0 + 1,
        executingMs: T0 + 11,
        finishedMs: T0 + 61,
        endReason: 'client-stop',
        durationMs: 50,
        turns: 3,
        interruptions: 1,
        answerP50Ms: 400,
        answerP95Ms: 700,
        sentences: [sentence(1, { text: 'Hi' })],
      },
    ])
  })

  test('what is found is counted, exactly or by an estimate that is exact when they are few', async () => {
    const { store } = await opens()
    for (let index = 0; index < 5; index += 1) await makeCall(store, index)
    const counted = { count: 3, isExact: true }
    const filter = { createdFromMs: T0 + 2 }
    assert.deepEqual(await store.search.count(filter, 'exact'), counted)
    assert.deepEqual(await store.search.count(filter, 'estimated'), counted)
  })
}

/** Filters of which each has to agree with what an obvious look through all calls gives. */
const COMBINED: readonly CallFilter[] = [
  { agentId: AGENT_ID, status: 'Finished', minDurationMs: 20 },
  { agentId: AGENT_ID, endReason: 'idle', maxDurationMs: 60 },
  { endReason: 'idle', sessionId: 's1' },
  { sessionId: 's0', finishedFromMs: T0 + 30, finishedUntilMs: T0 + 70 },
  { userData: { path: 'n', value: '1' }, agentId: OTHER_AGENT, minDurationMs: 1 },
  { said: { text: 'hello' }, userData: { path: 'n', value: '1' } },
  { said: { text: 'world' }, sessionId: 's1', agentId: AGENT_ID },
  { said: { text: 'hello', by: 'user' }, endReason: 'idle', finishedFromMs: T0 + 20 },
  { said: { text: 'hello' }, createdFromMs: T0 + 11, createdUntilMs: T0 + 40 },
  { status: 'Executing', createdUntilMs: T0 + 30 },
  { status: 'Created', sessionId: 's0' },
  { finishedFromMs: T0 + 30, finishedUntilMs: T0 + 45, createdFromMs: T0 + 5 },
]

function agreementTests({ opens }: StoreHarness): void {
  test('filters together find what meets all of them', async () => {
    const { store } = await opens()
    const told = Array.from({ length: 48 }, (_, index): Told => {
      const isFinished = index % 4 < 2
      return {
        change: {
          agentId: index % 3 === 0 ? OTHER_AGENT : AGENT_ID,
          sessionId: `s${index % 5}`,
          userData: JSON.stringify({ n: index % 2 }),
        },
        ...(index % 8 < 6 && { executingMs: 1 }),
        ...(isFinished && { finishedMs: 1 + ((index * 7) % 90) }),
        reason: index % 6 === 0 ? 'idle' : 'user-left',
        user: index % 3 === 1 ? 'Hello there' : 'bye',
        agent: index % 4 === 1 ? 'hello world' : 'yes',
      }
    })
    for (const [index, one] of told.entries()) await makeCall(store, index, one)
    let found = 0
    for (const filter of COMBINED) {
      const expected = told.flatMap((one, index) => (meets(one, index, filter) ? [index] : []))
      assert.deepEqual(await find(store, filter), expected.toReversed(), JSON.stringify(filter))
      const { count } = await store.search.count(filter, 'exact')
      assert.equal(count, expected.length, JSON.stringify(filter))
      found += count
    }
    assert.ok(found > 30, `${found} found`)
  })
}

function meets({ change, ...told }: Told, createdMs: number, filter: CallFilter): boolean {
  const finishedMs = told.finishedMs === undefined ? undefined : createdMs + told.finishedMs
  const durationMs =
    told.finishedMs === undefined
      ? undefined
      : told.finishedMs - (told.executingMs ?? told.finishedMs)
  const status =
    told.finishedMs !== undefined
      ? 'Finished'
      : told.executingMs === undefined
        ? 'Created'
        : 'Executing'
  const { user = '', agent = '' } = told
  const texts = filter.said?.by === 'user' ? user : `${user} ${agent}`
  const within = (ms: number | undefined, from = -Infinity, until = Infinity): boolean =>
    (from === -Infinity && until === Infinity) || (ms !== undefined && ms >= from && ms <= until)
  const after = (ms: number | undefined) => (ms === undefined ? undefined : ms - T0)
  return (
    (filter.agentId ?? change?.agentId) === change?.agentId &&
    (filter.sessionId ?? change?.sessionId) === change?.sessionId &&
    (filter.status ?? status) === status &&
    (filter.endReason === undefined ||
      (finishedMs !== undefined && filter.endReason === told.reason)) &&
    (filter.userData === undefined || change?.userData === `{"n":${filter.userData.value}}`) &&
    (filter.said === undefined || texts.toLowerCase().includes(filter.said.text)) &&
    within(createdMs, after(filter.createdFromMs), after(filter.createdUntilMs)) &&
    within(finishedMs, after(filter.finishedFromMs), after(filter.finishedUntilMs)) &&
    within(durationMs, filter.minDurationMs, filter.maxDurationMs)
  )
}

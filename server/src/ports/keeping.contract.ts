import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../base/result.ts'
import type { DialogueQuery } from './dialogue-store.ts'
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

const DAY_MS = 86_400_000

/** What a store must do about dialogues, and about deleting. */
export function keepingTests(harness: StoreHarness): void {
  listTests(harness)
  eraseTests(harness)
  deleteTests(harness)
  sweepTests(harness)
}

/** Ends a call at that time after T0. */
const end = (store: Store, { instanceId }: NewInstance, afterMs: number): Promise<void> =>
  store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + afterMs, reason: 'stopped' }])

async function textsOf(store: Store, change: Partial<DialogueQuery> = {}): Promise<string[]> {
  const found = await store.dialogues.listDialogues({
    sessionId: 's',
    fromMs: 0,
    untilMs: Number.MAX_SAFE_INTEGER,
    isAscending: true,
    part: { type: 'page', pageSize: 100, pageNumber: 1 },
    ...change,
  })
  return found.map((one) => one.sentence.text)
}

/** Two calls of session `s` that overlap, one of another, one of none. */
async function fill(store: Store): Promise<readonly NewInstance[]> {
  const calls = [
    instance(0, 0, { sessionId: 's' }),
    instance(5, 0, { sessionId: 's' }),
    instance(6, 0, { sessionId: 'other' }),
    instance(7),
  ]
  for (const call of calls) await store.createInstance(call)
  const say = (call: number, ...entries: Parameters<typeof sentence>[]): Promise<void> =>
    store.recordCall(
      calls[call]?.instanceId ?? '',
      said(...entries.map((entry) => sentence(...entry))),
    )
  await say(
    0,
    [1, { turnId: 0, text: 'a1', role: 'agent', kind: 'greeting' }],
    [2, { turnId: 1, text: 'a2', beginMs: T0 + 10.4 }],
    [3, { turnId: 1, text: 'a3', beginMs: T0 + 20, role: 'agent' }],
    [4, { turnId: 2, text: '', beginMs: T0 + 21 }],
  )
  await say(
    1,
    [1, { turnId: 1, text: 'b1', beginMs: T0 + 15 }],
    [2, { turnId: 1, text: 'b2', beginMs: T0 + 20 }],
    [3, { turnId: 2, text: 'b3', beginMs: T0 + 30.6 }],
  )
  await say(2, [1, { text: 'c1' }])
  await say(3, [1, { text: 'd1' }])
  return calls
}

function listTests({ opens }: StoreHarness): void {
  test('a session gives what was said in its calls, by time, from either end', async () => {
    const { store } = await opens()
    const calls = await fill(store)
    const all = ['a1', 'a2', 'b1', 'a3', 'b2', 'b3']
    assert.deepEqual(await textsOf(store), all)
    assert.deepEqual(await textsOf(store, { isAscending: false }), all.toReversed())
    assert.deepEqual(await textsOf(store, { sessionId: 'other' }), ['c1'])
    assert.deepEqual(await textsOf(store, { sessionId: 'nobody' }), [])
    // A call without a session is found by its own id, one with a session is not.
    assert.deepEqual(await textsOf(store, { sessionId: calls[3]?.instanceId ?? '' }), ['d1'])
    assert.deepEqual(await textsOf(store, { sessionId: calls[0]?.instanceId ?? '' }), [])
  })

  test('the range of time is inclusive, to the millisecond that is told', async () => {
    const { store } = await opens()
    await fill(store)
    const range = (fromMs: number, untilMs: number): Promise<string[]> =>
      textsOf(store, { fromMs: T0 + fromMs, untilMs: T0 + untilMs })
    assert.deepEqual(await range(10, 20), ['a2', 'b1', 'a3', 'b2'])
    assert.deepEqual(await range(11, 19), ['b1'])
    assert.deepEqual(await range(31, 31), ['b3'])
    assert.deepEqual(await range(32, 99), [])
  })

  test('pages follow each other; of rounds the newest are given whole', async () => {
    const { store } = await opens()
    await fill(store)
    const page = (pageNumber: number): Promise<string[]> =>
      textsOf(store, { part: { type: 'page', pageSize: 4, pageNumber }, isAscending: false })
    assert.deepEqual(await page(1), ['b3', 'b2', 'a3', 'b1'])
    assert.deepEqual(await page(2), ['a2', 'a1'])
    assert.deepEqual(await page(3), [])
    const newest = (rounds: number, isAscending: boolean): Promise<string[]> =>
      textsOf(store, { part: { type: 'newest', rounds }, isAscending })
    assert.deepEqual(await newest(1, true), ['b3'])
    assert.deepEqual(await newest(2, false), ['b3', 'b2', 'b1'])
    assert.deepEqual(await newest(3, true), ['a2', 'b1', 'a3', 'b2', 'b3'])
    assert.deepEqual(await newest(99, true), ['a1', 'a2', 'b1', 'a3', 'b2', 'b3'])
  })
}

function eraseTests({ opens, restarts }: StoreHarness): void {
  test('what is erased is gone from the dialogues and from the call, once', async () => {
    const first = await opens()
    const [call] = await fill(first.store)
    assert.ok(call)
    const { instanceId } = call
    await end(first.store, call, 40)
    await first.store.recordCall(instanceId, [{ type: 'turn', turn: turn(1, { turnEndMs: T0 }) }])
    const dialogue = { sessionId: 's', instanceId, entryId: 2 }
    for (const wrong of [{ sessionId: 'other' }, { entryId: 9 }, { entryId: 4 }]) {
      const asked = { ...dialogue, ...wrong }
      assert.equal(await first.store.dialogues.deleteDialogue(asked), false, JSON.stringify(wrong))
    }
    assert.equal(await first.store.dialogues.deleteDialogue(dialogue), true)
    assert.equal(await first.store.dialogues.deleteDialogue(dialogue), false)
    const { store } = await restarts(first)
    assert.deepEqual(await textsOf(store), ['a1', 'b1', 'a3', 'b2', 'b3'])
    const stored = await store.getCall(instanceId)
    assert.equal(stored?.sentences[1]?.text, '')
    assert.deepEqual(stored?.turns, [turn(1, { turnEndMs: T0, history: [] })])
  })

  test('a call that is still running does not bring back what was erased', async () => {
    const { store } = await opens()
    const [call] = await fill(store)
    assert.ok(call)
    const { instanceId } = call
    await store.recordCall(instanceId, [{ type: 'turn', turn: turn(1) }])
    await store.dialogues.deleteDialogue({ sessionId: 's', instanceId, entryId: 3 })
    // It needs its history until it ends.
    assert.deepEqual((await store.getCall(instanceId))?.turns, [turn(1)])
    await store.recordCall(instanceId, said(sentence(3, { turnId: 1, text: 'a3 and more' })))
    assert.deepEqual(await textsOf(store), ['a1', 'a2', 'b1', 'b2', 'b3'])
    await end(store, call, 50)
    assert.deepEqual((await store.getCall(instanceId))?.turns, [turn(1, { history: [] })])
  })
}

function deleteTests({ opens, restarts }: StoreHarness): void {
  test('a finished call is deleted with all about it, and nothing of another', async () => {
    const first = await opens()
    const calls = await fill(first.store)
    const [call, other] = calls
    assert.ok(call && other)
    const { retention } = first.store
    assert.deepEqual(await retention.deleteCall('0'.repeat(32)), fail('unknown'))
    assert.deepEqual(await retention.deleteCall(call.instanceId), fail('running'))
    assert.deepEqual(await textsOf(first.store), ['a1', 'a2', 'b1', 'a3', 'b2', 'b3'])
    await first.store.recordCall(call.instanceId, [{ type: 'turn', turn: turn(1) }])
    await end(first.store, call, 40)
    assert.deepEqual(await retention.deleteCall(call.instanceId), ok(undefined))
    assert.deepEqual(await retention.deleteCall(call.instanceId), fail('unknown'))
    const { store } = await restarts(first)
    assert.equal(await store.getInstance(call.instanceId), undefined)
    assert.equal(await store.getCall(call.instanceId), undefined)
    assert.deepEqual(await textsOf(store), ['b1', 'b2', 'b3'])
    const listed = await store.listInstances({ agentId: AGENT_ID, pageSize: 9, pageNumber: 1 })
    assert.deepEqual(
      listed.map(({ instanceId }) => instanceId),
      calls
        .slice(1)
        .map(({ instanceId }) => instanceId)
        .toReversed(),
    )
    assert.equal(new TextDecoder().decode(listed[0]?.agentConfig), call.agentConfig)
  })
}

function sweepTests({ opens }: StoreHarness): void {
  test('a sweep takes old finished calls alone, in steps, until nothing is left', async () => {
    const { store } = await opens()
    const calls = Array.from({ length: 12 }, (_, index) => instance(index, 0, { sessionId: 's' }))
    for (const [index, call] of calls.entries()) {
      await store.createInstance(call)
      await store.recordCall(call.instanceId, said(sentence(1), sentence(2)))
      // The last two are running, the two before them ended later.
      if (index < 10) await end(store, call, index < 8 ? 100 : DAY_MS)
    }
    const before = T0 + DAY_MS
    let steps = 0
    while ((await store.retention.sweep('calls', before, 3)) > 0) steps += 1
    assert.ok(steps >= 3 && steps <= 12, String(steps))
    const left = await store.listInstances({ agentId: AGENT_ID, pageSize: 99, pageNumber: 1 })
    assert.deepEqual(
      left.map(({ instanceId }) => instanceId),
      calls
        .slice(8)
        .map(({ instanceId }) => instanceId)
        .toReversed(),
    )
    assert.equal((await textsOf(store)).length, 8)
  })

  test('a sweep of what was said leaves the call in the list, and says so', async () => {
    const { store } = await opens()
    const [call, other] = await fill(store)
    assert.ok(call && other)
    await store.recordCall(call.instanceId, [{ type: 'turn', turn: turn(1) }])
    await end(store, call, 40)
    while ((await store.retention.sweep('logs', T0 + 41, 2)) > 0);
    assert.equal(await store.retention.sweep('logs', T0 + 41, 2), 0)
    const swept = await store.getCall(call.instanceId)
    assert.deepEqual([swept?.sentences, swept?.turns], [[], []])
    assert.equal(swept?.instance.isLogDeleted, true)
    assert.equal(swept?.instance.status, 'Finished')
    assert.deepEqual(await textsOf(store), ['b1', 'b2', 'b3'])
    assert.equal((await store.getInstance(other.instanceId))?.isLogDeleted, undefined)
    // Later its time as a call comes too.
    while ((await store.retention.sweep('calls', T0 + 41, 2)) > 0);
    assert.equal(await store.getInstance(call.instanceId), undefined)
  })
}

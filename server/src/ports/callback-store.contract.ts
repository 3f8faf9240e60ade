import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../base/simulated-clock.ts'
import type { CallRecord } from './call-record.ts'
import type { NotifyConfig, StoredCallback } from './callback-store.ts'
import {
  AGENT_ID,
  instance,
  said,
  sentence,
  T0,
  type StoreHarness,
} from './store-samples.contract.ts'
import type { Store } from './store.ts'

const DAY_MS = 24 * 3_600_000

export const notifyConfig = (change: Partial<NotifyConfig> = {}): NotifyConfig => ({
  isEnabled: true,
  callbackUrl: 'https://hooks.example/calls?x=1',
  eventTypes: [],
  token: 'Bearer tökén',
  signingSecret: 'whsec_c2VjcmV0',
  recordsAudio: false,
  audioOssPath: '',
  ...change,
})

/** What a call of one question records. */
const LIFE: readonly CallRecord[] = [
  { type: 'ready', atMs: T0 + 1 },
  { type: 'executing', atMs: T0 + 2 },
  ...said(
    sentence(1, { isFinal: false, text: 'hel' }),
    sentence(1, { text: 'hello' }),
    sentence(2, { turnId: 1, role: 'agent', isFinal: false, text: 'Hi there' }),
  ),
  { type: 'finished', atMs: T0 + 9, reason: 'client-stop' },
]

/** Registers what every store must do about callbacks. */
export function callbackTests({ opens, restarts }: StoreHarness): void {
  /** A store with an agent that has a receiver, and a call of it. */
  const opensWithReceiver: OpensWithReceiver = async (change = {}, userData) => {
    const clock = new SimulatedClock({ wallMs: T0 })
    const opened = await opens(clock)
    await opened.store.callbacks.putNotifyConfig(AGENT_ID, notifyConfig(change), T0)
    await opened.store.createInstance(instance(0, 0, userData === undefined ? {} : { userData }))
    return { store: opened.store, opened, clock }
  }
  test('a callback configuration is given back as it was put, also after a restart', async () => {
    const { store, opened } = await opensWithReceiver()
    assert.deepEqual(await store.callbacks.notifyConfig(AGENT_ID), notifyConfig())
    assert.equal(await store.callbacks.notifyConfig('other'), undefined)
    const other = notifyConfig({
      isEnabled: false,
      callbackUrl: '',
      eventTypes: ['agent_stop', 'error'],
      token: '',
      signingSecret: '',
      recordsAudio: true,
      audioOssPath: 'oss://bucket/path',
    })
    await store.callbacks.putNotifyConfig(AGENT_ID, other, T0)
    const next = await restarts(opened)
    assert.deepEqual(await next.store.callbacks.notifyConfig(AGENT_ID), other)
  })

  queueTests(opensWithReceiver)
  deliveryTests(opensWithReceiver, restarts)
  resendTests(opensWithReceiver)
}

type OpensWithReceiver = (
  change?: Partial<NotifyConfig>,
  userData?: string,
) => Promise<{
  readonly store: Store
  readonly clock: SimulatedClock
  readonly opened: Awaited<ReturnType<StoreHarness['opens']>>
}>

function queueTests(opensWithReceiver: OpensWithReceiver): void {
  const { instanceId } = instance()
  test('records queue their events once, in order, with what the call is', async () => {
    const { store, clock } = await opensWithReceiver({}, '{"key":"ü"}')
    const heard: string[] = []
    store.callbacks.onQueued((agentId) => heard.push(agentId))
    clock.advance(100)
    await store.recordCall(instanceId, LIFE)
    // The same again, as from a worker that took the call up, is no news.
    const again = LIFE.filter((record) => record.type !== 'sentence' || record.sentence.isFinal)
    await store.recordCall(instanceId, again)
    const queue = await waiting(store)
    assert.deepEqual(
      queue.map(({ body }) => JSON.parse(body)).map(({ event, code, data }) => [event, code, data]),
      [
        ['agent_start', 1001, undefined],
        ['session_start', 1002, undefined],
        ['chat_record', 1000, { role: 'user', text: 'hello', sentence_id: 1 }],
        ['chat_record', 1000, { role: 'agent', text: 'Hi there', sentence_id: 1 }],
        ['agent_stop', 2005, undefined],
      ],
    )
    assert.ok(heard.length > 0 && heard.every((agentId) => agentId === AGENT_ID))
    const last = queue.at(-1)
    assert.deepEqual(JSON.parse(last?.body ?? ''), {
      aiAgentId: AGENT_ID,
      instanceId,
      event: 'agent_stop',
      code: 2005,
      message: 'The call was stopped by the client.',
      timestamp: new Date(T0 + 9).toISOString(),
      userData: '{"key":"ü"}',
      extendData: { reason: 'client-stop' },
    })
    const { attempts, createdMs, deadlineMs, lastError, failedMs } = last ?? assert.fail('none')
    assert.deepEqual([attempts, createdMs, deadlineMs], [0, T0 + 100, T0 + 100 + DAY_MS])
    assert.deepEqual([lastError, failedMs], [undefined, undefined])
    assert.equal(new Set(queue.map(({ eventId }) => eventId)).size, 5)
  })

  test('only the events asked for are queued, and none while it is switched off', async () => {
    const { store } = await opensWithReceiver({ eventTypes: ['agent_stop', 'error'] })
    await store.recordCall(instanceId, [
      ...LIFE.slice(0, -1),
      { type: 'event', event: { name: 'error', code: 4002, message: 'm', atMs: T0 + 5 } },
      { type: 'event', event: { name: 'intent_detected', code: 1000, message: 'm', atMs: T0 } },
    ])
    await store.callbacks.putNotifyConfig(AGENT_ID, notifyConfig({ isEnabled: false }), T0)
    await store.recordCall(instanceId, LIFE.slice(-1))
    await store.createInstance(instance(1, 0, { agentId: 'b'.repeat(32) }))
    await store.recordCall(instance(1).instanceId, LIFE)
    assert.deepEqual(await events(store), ['error'])
  })
}

function deliveryTests(
  opensWithReceiver: OpensWithReceiver,
  restarts: StoreHarness['restarts'],
): void {
  const { instanceId } = instance()
  const other = instance(1)

  test('the events of a call wait behind its oldest, those of another call do not', async () => {
    const { store, opened } = await opensWithReceiver()
    await store.createInstance(other)
    await store.recordCall(instanceId, LIFE.slice(0, 2))
    await store.recordCall(other.instanceId, LIFE.slice(0, 1))
    const [first, second] = await store.callbacks.nextCallbacks(AGENT_ID, 10)
    assert.deepEqual(
      [first?.callback.event, second?.callback.event],
      ['agent_start', 'agent_start'],
    )
    const no = (await heads(store)).get(instanceId)?.callbackNo ?? 0
    const retry = { type: 'retry', atMs: T0 + 5, dueMs: T0 + 1005, error: 'answered 500' } as const
    await store.callbacks.settleCallback(no, retry)
    const next = await store.callbacks.nextCallbacks(AGENT_ID, 10)
    assert.deepEqual(
      next.map(({ callback, dueMs }) => [callback.instanceId, dueMs - T0]),
      [
        [other.instanceId, 0],
        [instanceId, 1005],
      ],
    )
    assert.deepEqual(await store.callbacks.nextCallbacks('other', 10), [])
    const restarted = (await restarts(opened)).store
    const head = (await heads(restarted)).get(instanceId)
    assert.deepEqual([head?.callbackNo, head?.attempts, head?.lastError], [no, 1, 'answered 500'])
    assert.deepEqual(await restarted.callbacks.receivers(), [{ agentId: AGENT_ID, dueMs: T0 }])
  })

  test('a delivered event is forgotten, and a failed one lets the next go', async () => {
    const { store } = await opensWithReceiver()
    await store.recordCall(instanceId, LIFE.slice(0, 2))
    await store.recordCall(instanceId, LIFE.slice(-1))
    await settle(store, instanceId, { type: 'delivered', atMs: T0 + 50, wakes: false })
    const [next] = await store.callbacks.nextCallbacks(AGENT_ID, 1)
    assert.deepEqual([next?.callback.event, next?.dueMs], ['session_start', T0 + 50])
    await settle(store, instanceId, { type: 'failed', atMs: T0 + 60, error: 'timeout' })
    assert.deepEqual(await events(store), ['agent_stop'])
    await settle(store, instanceId, { type: 'delivered', atMs: T0 + 70, wakes: false })
    assert.deepEqual(await store.callbacks.nextCallbacks(AGENT_ID, 1), [])
    assert.deepEqual(await store.callbacks.receivers(), [])
    const status = 'failed'
    const page = { status, pageSize: 10, pageNumber: 1 } as const
    const failed = await store.callbacks.listCallbacks(page)
    assert.deepEqual(
      failed.map(({ event, failedMs, lastError }) => [event, failedMs, lastError]),
      [['session_start', T0 + 60, 'timeout']],
    )
  })

  test('a receiver that answers again, or is set anew, ends the waiting of its calls', async () => {
    const { store } = await opensWithReceiver()
    await store.createInstance(other)
    const late = { type: 'retry', atMs: T0, dueMs: T0 + 9999, error: 'down' } as const
    for (const one of [instanceId, other.instanceId]) {
      await store.recordCall(one, LIFE.slice(0, 2))
      await settle(store, one, late)
    }
    await settle(store, other.instanceId, { type: 'delivered', atMs: T0 + 100, wakes: true })
    assert.deepEqual(await dues(store), [100, 100])
    await settle(store, instanceId, late)
    await store.callbacks.putNotifyConfig(AGENT_ID, notifyConfig(), T0 + 200)
    assert.deepEqual(await dues(store), [100, 200])
  })
}

function resendTests(opensWithReceiver: OpensWithReceiver): void {
  const { instanceId } = instance()
  const other = instance(1)
  const failsTwoCalls = async (): Promise<Store> => {
    const { store } = await opensWithReceiver()
    await store.createInstance(other)
    for (const one of [instanceId, other.instanceId]) {
      await store.recordCall(one, LIFE.slice(0, 2))
      for (const atMs of [T0 + 1, T0 + 2])
        await settle(store, one, { type: 'failed', atMs, error: 'down' })
    }
    return store
  }
  const failed = (store: Store, filter: { instanceId?: string; eventIds?: string[] } = {}) =>
    store.callbacks.listCallbacks({ ...filter, status: 'failed', pageSize: 10, pageNumber: 1 })

  test('failed events are listed newest first, and found by agent, call and id', async () => {
    const store = await failsTwoCalls()
    const all = await failed(store)
    assert.deepEqual(
      all.map((one) => [one.instanceId, one.event]),
      [
        [other.instanceId, 'session_start'],
        [other.instanceId, 'agent_start'],
        [instanceId, 'session_start'],
        [instanceId, 'agent_start'],
      ],
    )
    assert.deepEqual(await failed(store, { instanceId }), all.slice(2))
    const eventIds = [all[1]?.eventId ?? '', 'no-such', `x-${all[0]?.callbackNo}`]
    assert.deepEqual(await failed(store, { eventIds }), all.slice(1, 2))
    const second = { status: 'failed', pageSize: 3, pageNumber: 2 } as const
    assert.deepEqual(await store.callbacks.listCallbacks(second), all.slice(3))
    assert.equal(await store.callbacks.countCallbacks({ status: 'failed' }), 4)
    assert.equal(await store.callbacks.countCallbacks({ status: 'failed', agentId: 'x' }), 0)
    assert.equal(await store.callbacks.countCallbacks({ status: 'waiting' }), 0)
  })

  test('what is sent again keeps its id, goes first in its call, and gets another day', async () => {
    const store = await failsTwoCalls()
    const ids = new Set((await failed(store, { instanceId })).map(({ eventId }) => eventId))
    await store.recordCall(instanceId, LIFE.slice(-1))
    assert.equal(await store.callbacks.resendCallbacks({ instanceId }, T0 + 500), 2)
    const queue = await waiting(store)
    assert.deepEqual(
      queue.map(({ event }) => event),
      ['agent_start', 'session_start', 'agent_stop'],
    )
    const [first] = queue
    assert.ok(ids.has(first?.eventId ?? ''))
    assert.deepEqual([first?.attempts, first?.deadlineMs], [0, T0 + 500 + DAY_MS])
    assert.equal((await failed(store)).length, 2)
  })

  test('events that were given up long ago are swept, in small steps', async () => {
    const store = await failsTwoCalls()
    assert.equal(await store.callbacks.sweepCallbacks(T0 + 2, 1), 1)
    assert.equal(await store.callbacks.sweepCallbacks(T0 + 2, 10), 1)
    assert.equal(await store.callbacks.sweepCallbacks(T0 + 2, 10), 0)
    assert.equal((await failed(store)).length, 2)
  })
}

/** All that waits, oldest first. */
const waiting = async (store: Store): Promise<readonly StoredCallback[]> => {
  const page = { status: 'waiting', pageSize: 100, pageNumber: 1 } as const
  return (await store.callbacks.listCallbacks(page)).toReversed()
}
const events = async (store: Store): Promise<string[]> =>
  (await waiting(store)).map(({ event }) => event)

const heads = async (store: Store): Promise<Map<string, StoredCallback>> => {
  const next = await store.callbacks.nextCallbacks(AGENT_ID, 10)
  return new Map(next.map(({ callback }) => [callback.instanceId, callback]))
}
const dues = async (store: Store): Promise<number[]> =>
  (await store.callbacks.nextCallbacks(AGENT_ID, 10)).map(({ dueMs }) => dueMs - T0)

/** Settles the oldest event of a call. */
async function settle(
  store: Store,
  instanceId: string,
  outcome: Parameters<Store['callbacks']['settleCallback']>[1],
): Promise<void> {
  const head = (await heads(store)).get(instanceId)
  assert.ok(head)
  await store.callbacks.settleCallback(head.callbackNo, outcome)
}

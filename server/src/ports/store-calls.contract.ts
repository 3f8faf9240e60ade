import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../base/result.ts'
import type { CallRecord } from './call-record.ts'
import type { Store } from './store.ts'
import {
  AGENT_ID,
  instance,
  said,
  sentence,
  T0,
  turn,
  type StoreHarness,
} from './store-samples.contract.ts'

export function statusTests({ opens }: StoreHarness): void {
  const { instanceId } = instance()

  test('the status goes from Created over Executing to Finished and never back', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    await store.recordCall(instanceId, [{ type: 'executing', atMs: T0 + 10 }])
    assert.equal((await store.getInstance(instanceId))?.status, 'Executing')
    await store.recordCall(instanceId, [{ type: 'executing', atMs: T0 + 11 }])
    await store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + 20, reason: 'stopped' }])
    await store.recordCall(instanceId, [{ type: 'executing', atMs: T0 + 21 }])
    await store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + 22, reason: 'lost' }])
    assert.deepEqual(await store.getInstance(instanceId), {
      ...instance(),
      status: 'Finished',
      modifiedMs: T0 + 20,
      executingMs: T0 + 10,
      finishedMs: T0 + 20,
      endReason: 'stopped',
    })
    const [listed] = await store.listInstances({ agentId: AGENT_ID, pageSize: 1, pageNumber: 1 })
    assert.equal(listed?.status, 'Finished')
  })

  test('a call that nobody came to goes from Created to Finished', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    await store.recordCall(instanceId, [
      { type: 'finished', atMs: T0 + 5, reason: 'user-never-came' },
      { type: 'executing', atMs: T0 + 6 },
    ])
    const found = await store.getInstance(instanceId)
    assert.equal(found?.status, 'Finished')
    assert.equal(found?.executingMs, undefined)
  })
}

export function dialogueTests(harness: StoreHarness): void {
  configurationTests(harness)
  conversationTests(harness)
}

function configurationTests({ opens }: StoreHarness): void {
  const { instanceId } = instance()

  test('a configuration that the client changed is the instance’s from then on', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    const other = '{"Greeting":"Hi","MaxIdleTime":7}'
    const change = { agentConfig: other, templateConfig: '{}', modifiedMs: T0 + 6 }
    assert.deepEqual(await store.updateInstance(instanceId, change), ok(undefined))
    // The call has not heard of that change yet: both count.
    const patch = '{"Greeting":"a"}'
    await store.recordCall(instanceId, [
      { type: 'settings', atMs: T0 + 7, patch, agentConfig: patch },
    ])
    const found = await store.getInstance(instanceId)
    assert.equal(found?.agentConfig, '{"Greeting":"a","MaxIdleTime":7}')
    assert.equal(found?.templateConfig, '{"VoiceChat":{"Greeting":"a","MaxIdleTime":7}}')
    assert.equal(found?.modifiedMs, T0 + 7)
  })

  test('a change that was made from an older configuration is not written', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    const before = instance().agentConfig
    const change = (agentConfig: string, basedOn: string): ReturnType<Store['updateInstance']> =>
      store.updateInstance(instanceId, { agentConfig, basedOn, userData: 'x', modifiedMs: T0 + 5 })
    assert.deepEqual(await change('{"a":1}', before), ok(undefined))
    assert.deepEqual(await change('{"a":2}', before), fail('changed'))
    assert.equal((await store.getInstance(instanceId))?.agentConfig, '{"a":1}')
    assert.deepEqual(await change('{"a":2}', '{"a":1}'), ok(undefined))
  })
}

function conversationTests({ opens }: StoreHarness): void {
  const { instanceId } = instance()

  test('a human in the agent’s place is remembered, and which words are theirs', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    assert.ok(!('takeover' in ((await store.getInstance(instanceId)) ?? {})))
    const awaited = { userId: 'jo', voice: 'agent', phase: 'awaited' } as const
    await store.recordCall(instanceId, [{ type: 'takeover', atMs: T0 + 7, takeover: awaited }])
    const here = { ...awaited, phase: 'here' } as const
    const words = sentence(1, { role: 'agent', saidBy: 'jo' })
    await store.recordCall(instanceId, [
      { type: 'takeover', atMs: T0 + 8, takeover: here },
      ...said(words),
    ])
    const call = await store.getCall(instanceId)
    assert.deepEqual(call?.instance.takeover, here)
    assert.equal(call?.instance.modifiedMs, T0 + 8)
    assert.deepEqual(call?.sentences, [words])
  })

  test('what was said and done comes back in order; a repeated number replaces', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    await store.createInstance(instance(1))
    const greeting = sentence(1, { role: 'agent', kind: 'greeting', text: 'Hel', isFinal: false })
    const whole = { ...greeting, text: 'Hello there', isFinal: true, spokenText: 'Hello' }
    const timed = turn(1, { speechStartMs: T0 + 0.25, endpointReason: 'silence' })
    await store.recordCall(instanceId, [
      ...said(greeting, sentence(10), sentence(2)),
      { type: 'turn', turn: turn(2, { history: [] }) },
      { type: 'turn', turn: turn(1) },
    ])
    await store.recordCall(instanceId, [...said(whole), { type: 'turn', turn: timed }])
    await store.recordCall(instance(1).instanceId, said(sentence(3)))
    const call = await store.getCall(instanceId)
    assert.deepEqual(call?.sentences, [whole, sentence(2), sentence(10)])
    assert.deepEqual(call?.turns, [timed, turn(2, { history: [] })])
    assert.deepEqual(call?.instance, await store.getInstance(instanceId))
    const other = await store.getCall(instance(1).instanceId)
    assert.deepEqual([other?.sentences, other?.turns], [[sentence(3)], []])
    assert.equal(await store.getCall('0'.repeat(32)), undefined)
  })

  test('records that were handed over without waiting are applied in their order', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    const texts = Array.from({ length: 50 }, (_, index) => 'x'.repeat(index + 1))
    await Promise.all(
      texts.map((text) => store.recordCall(instanceId, said(sentence(1, { text })))),
    )
    assert.equal((await store.getCall(instanceId))?.sentences[0]?.text.length, 50)
  })

  test('a sentence may still come after the end', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    await store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + 5, reason: 'client-stop' }])
    await store.recordCall(instanceId, said(sentence(1)))
    assert.deepEqual((await store.getCall(instanceId))?.sentences, [sentence(1)])
  })

  test('records of an unknown instance are ignored', async () => {
    const { store } = await opens()
    await store.recordCall(instanceId, said(sentence(1)))
    await store.createInstance(instance())
    assert.deepEqual((await store.getCall(instanceId))?.sentences, [])
  })
}

export function lifeTests({ opens, restarts }: StoreHarness): void {
  const { instanceId } = instance()
  const executing: CallRecord = { type: 'executing', atMs: T0 + 10 }

  test('live instances are those that are not Finished', async () => {
    const { store } = await opens()
    for (const afterMs of [0, 1, 2]) await store.createInstance(instance(afterMs))
    await store.recordCall(instance(1).instanceId, [executing])
    await store.recordCall(instanceId, [{ type: 'finished', atMs: T0 + 9, reason: 'idle' }])
    const live = await store.liveInstances()
    assert.deepEqual(
      live.map(({ status, channelId }) => [status, channelId]),
      [
        ['Created', 'channel-2-0'],
        ['Executing', 'channel-1-0'],
      ],
    )
  })

  test('a call shows life by what it records; beats of its own server do not count', async () => {
    const { store } = await opens()
    assert.equal(store.lastBeatMs, undefined)
    assert.equal(await store.lastSignOfLifeMs(instanceId), undefined)
    await store.createInstance(instance())
    assert.equal(await store.lastSignOfLifeMs(instanceId), T0)
    await store.recordCall(instanceId, [executing])
    assert.equal(await store.lastSignOfLifeMs(instanceId), T0 + 10)
    await store.recordCall(instanceId, said(sentence(30), sentence(20)))
    assert.equal(await store.lastSignOfLifeMs(instanceId), T0 + 30)
    const timed = turn(1, { speechStartMs: T0 + 31, playoutEndMs: T0 + 40 })
    await store.recordCall(instanceId, [{ type: 'turn', turn: timed }])
    await store.beat(T0 + 50)
    assert.equal(await store.lastSignOfLifeMs(instanceId), T0 + 40)
    assert.equal(store.lastBeatMs, undefined)
  })

  test('after a restart a live call was alive until the last beat, a finished one until its end', async () => {
    const first = await opens()
    const finished = instance(1).instanceId
    const late = instance(200).instanceId
    for (const afterMs of [0, 1, 200]) await first.store.createInstance(instance(afterMs))
    await first.store.recordCall(finished, [{ type: 'finished', atMs: T0 + 5, reason: 'idle' }])
    await first.store.beat(T0 + 90)
    await first.store.beat(T0 + 100)
    const { store } = await restarts(first)
    assert.equal(store.lastBeatMs, T0 + 100)
    assert.equal(await store.lastSignOfLifeMs(instanceId), T0 + 100)
    assert.equal(await store.lastSignOfLifeMs(finished), T0 + 5)
    assert.equal(await store.lastSignOfLifeMs(late), T0 + 200)
    // The new server's beats are no sign of life of a call that nobody has come back to.
    await store.beat(T0 + 300)
    assert.equal(await store.lastSignOfLifeMs(instanceId), T0 + 100)
    assert.equal(store.lastBeatMs, T0 + 100)
  })

  test('a server that dies again before a call came back does not lengthen that call', async () => {
    const first = await opens()
    await first.store.createInstance(instance())
    await first.store.createInstance(instance(1))
    await first.store.beat(T0 + 100)
    const second = await restarts(first)
    await second.store.recordCall(instance(1).instanceId, said(sentence(150)))
    await second.store.beat(T0 + 200)
    const { store } = await restarts(second)
    assert.equal(await store.lastSignOfLifeMs(instanceId), T0 + 100)
    assert.equal(await store.lastSignOfLifeMs(instance(1).instanceId), T0 + 200)
  })
}

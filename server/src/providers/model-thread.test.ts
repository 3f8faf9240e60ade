import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { machinePump, until } from '../ports/pump.contract.ts'
import { ModelThread } from './model-thread.ts'

/** A model that gives back what it is asked, in capitals, and dies of a certain word. */
const ECHO = `
  import { parentPort } from 'node:worker_threads'
  parentPort.postMessage({ type: 'ready', loadMs: 0 })
  parentPort.on('message', ({ type, ask }) => {
    if (type === 'ping') return parentPort.postMessage({ type: 'pong' })
    if (ask === 'die') throw new Error('as asked')
    if (ask === 'hang') for (;;);
    parentPort.postMessage({ type: 'reply', reply: ask.toUpperCase() })
  })`
const BROKEN = `
  import { parentPort } from 'node:worker_threads'
  parentPort.postMessage({ type: 'failure', message: 'no such file' })`

function start(code: string, clock?: Clock) {
  const replies: string[] = []
  const state = { lost: 0 }
  const thread = new ModelThread<string, string>({
    name: 'test model',
    file: new URL(`data:text/javascript,${encodeURIComponent(code)}`),
    setup: undefined,
    log: silentLog,
    ...(clock === undefined ? {} : { clock }),
    onReply: (reply) => replies.push(reply),
    onLost: () => (state.lost += 1),
  })
  return { thread, replies, state }
}

test('a thread that dies is told, and replaced with the next question', async () => {
  const { thread, replies, state } = start(ECHO)
  assert.deepEqual(await thread.load(), { ok: true, value: undefined })
  thread.post('one')
  await until(machinePump, () => replies.length === 1, 'the answer')
  thread.post('die')
  await until(machinePump, () => state.lost === 1, 'the loss')
  assert.equal(thread.post('two'), true)
  await until(machinePump, () => replies.length === 2, 'the answer of the other thread')
  assert.deepEqual(replies, ['ONE', 'TWO'])
  thread.close()
  thread.close()
  assert.equal(thread.post('three'), false)
})

test('a thread that hangs is told as lost, and replaced with the next question', async () => {
  const clock = new SimulatedClock()
  const { thread, replies, state } = start(ECHO, clock)
  await thread.load()
  thread.post('one')
  await until(machinePump, () => replies.length === 1 && clock.pending === 0, 'the answer')
  clock.advance(3_600_000)
  assert.equal(state.lost, 0)
  thread.post('two')
  thread.post('hang')
  await until(machinePump, () => replies.length === 2, 'the second answer')
  clock.advance(29_000)
  assert.equal(state.lost, 0)
  clock.advance(1000)
  assert.equal(state.lost, 1)
  thread.post('three')
  await until(machinePump, () => replies.length === 3, 'the answer of the other thread')
  assert.deepEqual(replies, ['ONE', 'TWO', 'THREE'])
  thread.close()
  assert.deepEqual([state.lost, clock.pending], [1, 0])
})

test('a model that hangs while it is loading is not waited for', async () => {
  const clock = new SimulatedClock()
  const { thread, state } = start('for (;;);', clock)
  const loading = thread.load()
  clock.advance(120_000)
  assert.deepEqual(await loading, { ok: false, error: 'test model hangs while it is loading' })
  assert.equal(state.lost, 1)
  thread.close()
})

test('a thread that keeps dying is given up', async () => {
  const { thread, state } = start(ECHO)
  for (let deaths = 1; thread.post('die'); deaths++) {
    await until(machinePump, () => state.lost === deaths, 'the loss')
    assert.ok(deaths <= 11)
  }
  assert.match(thread.failure ?? '', /test model keeps dying/)
  thread.close()
})

test('a model that cannot be loaded says why', async () => {
  const { thread } = start(BROKEN)
  const loaded = await thread.load()
  assert.deepEqual(loaded, {
    ok: false,
    error: 'test model could not be loaded: no such file',
  })
  assert.equal(thread.post('one'), false)
  thread.close()
})

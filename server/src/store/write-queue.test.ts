import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { FromWriter, ToWriter, Write } from './write.ts'
import { BATCH_LIMIT, WRITE_QUEUE_LIMIT, WriteQueue } from './write-queue.ts'

/** Stands in for the writer thread: keeps what it is told and answers when the test says so. */
class ScriptedThread extends EventEmitter {
  readonly told: ToWriter[] = []

  postMessage(message: ToWriter): void {
    this.told.push(message)
  }

  /** Acknowledges the newest batch. */
  acknowledge(): void {
    const last = this.told.at(-1)
    assert.equal(last?.type, 'batch')
    this.say({ type: 'outcomes', outcomes: last.writes.map(() => ({ type: 'done' })) })
  }

  say(message: FromWriter): void {
    this.emit('message', message)
  }

  get batchSizes(): number[] {
    return this.told.map((message) => (message.type === 'batch' ? message.writes.length : 0))
  }
}

const beat = (wallMs: number): Write => ({ type: 'beat', wallMs })
const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function start(): { thread: ScriptedThread; queue: WriteQueue; deaths: string[] } {
  const thread = new ScriptedThread()
  const deaths: string[] = []
  const queue = new WriteQueue(thread, (error) => deaths.push(error.message))
  return { thread, queue, deaths }
}

test('what arrives during a batch becomes the next one', async () => {
  const { thread, queue } = start()
  const writes = [queue.write(beat(1)), queue.write(beat(2))]
  await turnOfLoop()
  writes.push(queue.write(beat(3)), queue.write(beat(4)), queue.write(beat(5)))
  await turnOfLoop()
  assert.deepEqual(thread.batchSizes, [2])
  thread.acknowledge()
  await turnOfLoop()
  assert.deepEqual(thread.batchSizes, [2, 3])
  thread.acknowledge()
  await Promise.all(writes)
})

test('a batch is limited', async () => {
  const { thread, queue } = start()
  const writes = Array.from({ length: BATCH_LIMIT + 1 }, (_, index) => queue.write(beat(index)))
  await turnOfLoop()
  thread.acknowledge()
  await turnOfLoop()
  assert.deepEqual(thread.batchSizes, [BATCH_LIMIT, 1])
  thread.acknowledge()
  await Promise.all(writes)
})

test('a full queue refuses at once and takes more when it has drained', async () => {
  const { thread, queue } = start()
  const writes = Array.from({ length: WRITE_QUEUE_LIMIT }, () => queue.write(beat(0)))
  await assert.rejects(queue.write(beat(1)), /writes waiting for the disk and takes no more/)
  while (thread.batchSizes.length * BATCH_LIMIT < WRITE_QUEUE_LIMIT) {
    await turnOfLoop()
    thread.acknowledge()
  }
  await Promise.all(writes)
  const next = queue.write(beat(2))
  await turnOfLoop()
  thread.acknowledge()
  assert.deepEqual(await next, { type: 'done' })
})

test('a refused write rejects with the reason, the others of its batch resolve', async () => {
  const { thread, queue } = start()
  const [first, second] = [queue.write(beat(1)), queue.write(beat(2))]
  await turnOfLoop()
  const message = 'database or disk is full'
  thread.say({ type: 'outcomes', outcomes: [{ type: 'failed', message }, { type: 'done' }] })
  await assert.rejects(first, /database or disk is full/)
  assert.deepEqual(await second, { type: 'done' })
})

test('the death of the thread rejects what is under way, what waits and what comes', async () => {
  const { thread, queue, deaths } = start()
  const underWay = queue.write(beat(1))
  await turnOfLoop()
  const waiting = queue.write(beat(2))
  thread.emit('error', new Error('out of memory'))
  thread.emit('exit', 1)
  await assert.rejects(underWay, /out of memory/)
  await assert.rejects(waiting, /out of memory/)
  await assert.rejects(queue.write(beat(3)), /out of memory/)
  assert.deepEqual(deaths, ['out of memory'])
  await queue.close()
})

test('close sends what waits, then ends the thread, and refuses what comes', async () => {
  const { thread, queue, deaths } = start()
  const write = queue.write(beat(1))
  const closed = queue.close()
  await assert.rejects(queue.write(beat(2)), /store is closed/)
  await turnOfLoop()
  assert.deepEqual(thread.batchSizes, [1])
  thread.acknowledge()
  await turnOfLoop()
  assert.deepEqual(thread.told.at(-1), { type: 'close' })
  thread.emit('exit', 0)
  await Promise.all([write, closed])
  assert.deepEqual(deaths, [])
})

test('a write that cannot cross to the thread is refused and the queue goes on', async () => {
  const { thread, queue } = start()
  const send = thread.postMessage.bind(thread)
  thread.postMessage = () => {
    throw new Error('could not be cloned')
  }
  await assert.rejects(queue.write(beat(1)), /could not be cloned/)
  thread.postMessage = send
  const next = queue.write(beat(2))
  await turnOfLoop()
  thread.acknowledge()
  assert.deepEqual(await next, { type: 'done' })
})

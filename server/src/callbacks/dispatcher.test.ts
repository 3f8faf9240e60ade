import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { notifyConfig } from '../ports/callback-store.contract.ts'
import type { StoredCallback } from '../ports/callback-store.ts'
import { instance, T0 } from '../ports/store-samples.contract.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { CallbackDispatcher, FAILED_KEPT_MS, RECEIVER_LIMIT } from './dispatcher.ts'

const HOUR_MS = 3_600_000
const A = 'a'.repeat(32)
const B = 'b'.repeat(32)

interface Sent {
  readonly agentId: string
  readonly call: string
  readonly text: string
  readonly eventId: string
  /** Since the clock began. */
  readonly atMs: number
}
type Answer = (sent: Sent) => Result<void, string> | Promise<Result<void, string>>

/** A dispatcher on a store in memory, in virtual time. */
class Desk {
  readonly clock: SimulatedClock
  readonly store: MemoryStore
  readonly sent: Sent[] = []
  readonly dispatcher: CallbackDispatcher
  mostUnderWay = 0
  #underWay = 0

  constructor(answer: Answer, before?: Desk) {
    this.clock = before?.clock ?? new SimulatedClock({ wallMs: T0 })
    this.store = new MemoryStore({
      clock: this.clock,
      ...(before === undefined ? {} : { before: before.store }),
    })
    this.dispatcher = new CallbackDispatcher({
      store: this.store.callbacks,
      clock: this.clock,
      log: silentLog,
      deliver: (callback) => this.#deliver(callback, answer),
    })
  }

  async #deliver(callback: StoredCallback, answer: Answer): Promise<Result<void, string>> {
    const { agentId, instanceId, eventId, body } = callback
    const { message } = JSON.parse(body) as { message: string }
    const call = instanceId.slice(-1)
    const sent = { agentId, call, text: message, eventId, atMs: this.clock.wallMs() - T0 }
    this.sent.push(sent)
    this.#underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay)
    const result = await answer(sent)
    this.#underWay -= 1
    return result
  }

  async open(...agents: string[]): Promise<void> {
    for (const agentId of agents)
      await this.store.callbacks.putNotifyConfig(agentId, notifyConfig(), T0)
    await this.dispatcher.start()
  }

  /** Something happens in a call, whose number is one hex digit. */
  async happen(agentId: string, call: number, ...texts: string[]): Promise<void> {
    const one = instance(0, call, { agentId })
    await this.store.createInstance(one)
    for (const message of texts) {
      const event = { name: 'error' as const, code: 1000, message, atMs: this.clock.wallMs() }
      await this.store.recordCall(one.instanceId, [{ type: 'event', event }])
    }
    await settled()
  }

  /** Lets time pass, in steps that are short enough for what follows from each. */
  async pass(ms: number, stepMs = ms): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed))
      await settled()
    }
  }

  /** At once, whatever is under way. */
  async close(): Promise<void> {
    const closing = this.dispatcher.close(0)
    this.clock.advance(0)
    await closing
  }

  texts = (agentId: string): string[] =>
    this.sent.filter((one) => one.agentId === agentId).map(({ text }) => text)
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve()
}

/** Answers after so long. */
const after = (desk: () => Desk, ms: number, result: Result<void, string> = ok(undefined)) =>
  new Promise<Result<void, string>>((resolve) => desk().clock.after(ms, () => resolve(result)))

test('events of a call arrive in order, the next when the one before was taken', async () => {
  let failures = 2
  const desk = new Desk(({ text }) =>
    text === 'one' && failures-- > 0 ? fail('answered 500') : ok(undefined),
  )
  await desk.open(A)
  await desk.happen(A, 1, 'one', 'two', 'three')
  await desk.happen(A, 2, 'other call')
  await desk.pass(10_000, 500)
  assert.deepEqual(
    desk.sent.map(({ text, atMs }) => [text, atMs]),
    [
      ['one', 0],
      ['other call', 0],
      ['one', 1000],
      ['one', 6000],
      ['two', 6000],
      ['three', 6000],
    ],
  )
  assert.deepEqual(desk.dispatcher.counters, { delivered: 4, failedAttempts: 2, givenUp: 0 })
  await desk.close()
  assert.equal(desk.clock.pending, 0)
})

test('a receiver that stays dead is tried for a day; then the event has failed', async () => {
  const desk = new Desk(() => fail('ECONNREFUSED'))
  await desk.open(A)
  await desk.happen(A, 1, 'one', 'two')
  await desk.pass(36_000, 500)
  await desk.pass(25 * HOUR_MS, 12_000)
  const tries = (text: string) => desk.sent.filter((sent) => sent.text === text)
  assert.equal(tries('one').length, 31)
  assert.equal(tries('one').at(-1)?.atMs, 24 * HOUR_MS)
  assert.equal(new Set(tries('one').map(({ eventId }) => eventId)).size, 1)
  // The second one had its chance too, when the first was out of its way.
  assert.equal(tries('two').length, 1)
  const failed = await desk.store.callbacks.listCallbacks({
    status: 'failed',
    pageSize: 10,
    pageNumber: 1,
  })
  assert.deepEqual(
    failed.map(({ lastError, attempts }) => [lastError, attempts]),
    [
      ['ECONNREFUSED', 1],
      ['ECONNREFUSED', 31],
    ],
  )
  const before = desk.sent.length
  await desk.pass(FAILED_KEPT_MS + HOUR_MS, HOUR_MS)
  assert.equal(desk.sent.length, before)
  assert.equal(await desk.store.callbacks.countCallbacks({ status: 'failed' }), 0)
  await desk.close()
})

test('a receiver that hangs holds up nobody else, and takes few connections', async () => {
  const desk: Desk = new Desk(({ agentId }) =>
    agentId === A ? after(() => desk, 5000, fail('timeout')) : ok(undefined),
  )
  await desk.open(A, B)
  for (let call = 0; call < 16; call += 1) await desk.happen(A, call, `a${call}`)
  assert.equal(desk.sent.length, RECEIVER_LIMIT)
  await desk.happen(B, 31, 'b')
  assert.deepEqual(desk.texts(B), ['b'])
  await desk.pass(20_000, 250)
  await desk.happen(B, 31, 'b again')
  assert.deepEqual(desk.texts(B), ['b', 'b again'])
  assert.ok(desk.mostUnderWay <= RECEIVER_LIMIT + 1, `${desk.mostUnderWay}`)
  // Known to hang by now, it gets fewer places still; but every call has its turn.
  const lately = desk.sent.filter(({ agentId, atMs }) => agentId === A && atMs >= 10_000)
  assert.ok(lately.length <= 6, `${lately.length} attempts`)
  await desk.pass(60_000, 250)
  assert.equal(new Set(desk.texts(A)).size, 16)
  await desk.close()
})

test('when a receiver is back, nothing waits any longer', async () => {
  let isUp = false
  const desk = new Desk(() => (isUp ? ok(undefined) : fail('down')))
  await desk.open(A)
  for (const call of [1, 2, 3]) await desk.happen(A, call, `${call} one`, `${call} two`)
  await desk.pass(HOUR_MS, 1000)
  isUp = true
  const before = desk.sent.length
  await desk.happen(A, 4, 'new')
  await desk.pass(1)
  const arrived = desk.sent.slice(before).map(({ text }) => text)
  assert.deepEqual(arrived.toSorted(), [
    '1 one',
    '1 two',
    '2 one',
    '2 two',
    '3 one',
    '3 two',
    'new',
  ])
  await desk.close()
})

test('what was under way when the server died is sent again with the same id', async () => {
  const desk: Desk = new Desk(() => after(() => desk, 1_000_000))
  await desk.open(A)
  await desk.happen(A, 1, 'one', 'two')
  assert.deepEqual(desk.texts(A), ['one'])
  const next = new Desk(() => ok(undefined), desk)
  await next.dispatcher.start()
  await settled()
  assert.deepEqual(next.texts(A), ['one', 'two'])
  assert.equal(next.sent[0]?.eventId, desk.sent[0]?.eventId)
  await next.close()
})

test('what had to wait before a restart waits no longer than it had to', async () => {
  const desk = new Desk(() => fail('down'))
  await desk.open(A)
  await desk.happen(A, 1, 'one')
  await desk.pass(10_000, 500)
  await desk.close()
  const next = new Desk(() => ok(undefined), desk)
  await next.dispatcher.start()
  await next.pass(60_000, 500)
  assert.deepEqual(
    next.sent.map(({ text, atMs }) => [text, atMs]),
    [['one', 36_000]],
  )
  await next.close()
})

test('closing lets what is due arrive, and waits for a dead receiver no longer than it may', async () => {
  const desk: Desk = new Desk(() => after(() => desk, 300))
  await desk.open(A)
  await desk.happen(A, 1, 'one', 'last')
  let isClosed = false
  const close = async (): Promise<void> => {
    await desk.dispatcher.close(1000)
    isClosed = true
  }
  const closing = close()
  await desk.pass(599, 1)
  assert.equal(isClosed, false)
  await desk.pass(2, 1)
  await closing
  assert.deepEqual(desk.texts(A), ['one', 'last'])
  assert.equal(await desk.store.callbacks.countCallbacks({ status: 'waiting' }), 0)

  const dead: Desk = new Desk(() => after(() => dead, 5000))
  await dead.open(A)
  await dead.happen(A, 1, 'one')
  const gone = dead.dispatcher.close(1000)
  await dead.pass(1000)
  await gone
  assert.equal(await dead.store.callbacks.countCallbacks({ status: 'waiting' }), 1)
})

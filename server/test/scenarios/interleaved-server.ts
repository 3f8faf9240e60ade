import type { Dice } from '../wire/byte-soup.ts'
import { diceOf } from '../wire/byte-soup.ts'
import { apiUnderTest, clockAt, NOW_MS, type ApiUnderTest } from '../wire/api-under-test.ts'
import { silentLog, type Log } from '../../src/base/log.ts'
import { fail, ok, type Result } from '../../src/base/result.ts'
import { simulatedIds } from '../../src/base/simulated-ids.ts'
import type { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { Switchboard } from '../../src/call/switchboard.ts'
import { INPUT_FRAME_SAMPLES } from '../../src/media/pcm.ts'
import type { Channel } from '../../src/ports/channel.ts'
import type { FromWorker, ToWorker } from '../../src/ports/worker-protocol.ts'
import { energyVad } from '../../src/providers/energy/energy-vad.ts'
import { scriptedAsr } from '../../src/providers/scripted/asr.ts'
import { scriptedLlm } from '../../src/providers/scripted/llm.ts'
import { scriptedTts } from '../../src/providers/scripted/tts.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { WorkerPool } from '../../src/workers/worker-pool.ts'
import type { Asking, WorkerEvents } from '../../src/workers/worker-process.ts'
import type { WorkerLink } from '../../src/workers/worker-slots.ts'

/** Changes of the store, which one thread carries out one after the other. */
const WRITES: readonly string[] = [
  'putAgent',
  'createInstance',
  'updateInstance',
  'recordCall',
  'beat',
  'rememberNonces',
]
const MOST_STEPS = 20_000

type Reply = Extract<FromWorker, { type: 'reply' }>
type Refusal = Extract<FromWorker, { type: 'refusal' }>

/** A user in a channel. */
export interface JoinedUser {
  leave(): void
  /** A message to the agent. */
  send(type: number, data: object): void
}

/**
 * The whole control plane and one media worker with real calls, in virtual time. Whatever takes its own time in
 * the real server (a commit, the delivery of a result, a message to or from the worker) waits here until it is
 * drawn by lot; what is kept in order there is kept in order here. The same seed draws the same lots.
 */
export class InterleavedServer {
  readonly clock: SimulatedClock = clockAt(NOW_MS)
  /** What is stored, to be looked at without waiting. */
  readonly kept: MemoryStore
  readonly pool: WorkerPool
  readonly call: ApiUnderTest['call']
  readonly dice: Dice
  /** Errors of the log: there must be none. */
  readonly errors: string[] = []
  readonly #log: Log = {
    ...silentLog,
    error: (message, fields) => this.errors.push(`${message} ${JSON.stringify(fields)}`),
    with: () => this.#log,
  }
  /** What a call took to be its configuration when its user changed it last. */
  lastSettings = ''
  readonly #lanes = new Map<string, (() => void)[]>()
  #looseCount = 0
  #switchboard: Switchboard | undefined

  constructor(seed: number) {
    this.dice = diceOf(seed)
    this.kept = new MemoryStore({ clock: this.clock })
    const store = this.#slowed(this.kept)
    this.pool = new WorkerPool({
      entry: new URL('file:///'),
      count: 1,
      setup: () => ({}),
      environment: {},
      store,
      clock: this.clock,
      ids: simulatedIds(seed),
      log: this.#log,
      launch: (_index, events) => this.#launch(events),
    })
    const { clock, pool } = this
    this.call = apiUnderTest({
      store,
      clock,
      calls: pool,
      ids: simulatedIds(seed + 1),
      log: this.#log,
    }).call
  }

  /** Somebody takes a while. */
  pause(): Promise<void> {
    return new Promise((resolve) => this.#later(`loose ${this.#looseCount++}`, resolve))
  }

  /** A user connects to a channel of the worker; nothing when there is no such channel. */
  join(channelId: string): JoinedUser | undefined {
    const joined = this.#switchboard?.join(channelId, 'user')
    if (joined?.ok !== true) return undefined
    const { events, opened } = joined.value
    const silence = new Int16Array(INPUT_FRAME_SAMPLES)
    const channel: Channel = {
      connectionId: 'connection',
      userId: 'user',
      readAudio: () => silence,
      writeAudio: () => {},
      sendMessage: () => {},
      close: () => events.onClose('ended'),
    }
    opened(channel)
    events.onOpen()
    return {
      leave: () => events.onClose('hang-up'),
      send: (type, data) => {
        const envelope = { type, data, seqId: 1, senderId: 'user', receiverId: 'agent' }
        events.onMessage(JSON.stringify(envelope))
      },
    }
  }

  /** Draws lots until all of the clients are done. */
  async run(...clients: readonly Promise<unknown>[]): Promise<void> {
    let isDone = false
    const all = Promise.all(clients).finally(() => {
      isDone = true
    })
    // Seen to at the end.
    all.catch(() => {})
    for (let step = 0; !isDone; step += 1) {
      if (step > MOST_STEPS) throw new Error('somebody waits for ever')
      await this.#step()
    }
    await all
  }

  /** Lets so much time pass, and everything that is under way arrive. */
  async settle(ms: number): Promise<void> {
    const untilMs = this.clock.nowMs() + ms
    while (this.clock.nowMs() < untilMs || this.#lanes.size > 0) {
      if (this.#lanes.size === 0) this.clock.advance(100)
      await this.#step()
    }
  }

  close(): void {
    this.pool.kill()
    this.#switchboard?.close()
  }

  async #step(): Promise<void> {
    // All promises that can go on, go on.
    await new Promise(setImmediate)
    const names = [...this.#lanes.keys()]
    const name = names[this.dice(names.length)]
    if (name === undefined || this.dice(10) === 0) {
      this.clock.advance(1 + this.dice(30))
      return
    }
    const lane = this.#lanes.get(name) ?? []
    const act = lane.shift()
    if (lane.length === 0) this.#lanes.delete(name)
    act?.()
  }

  /** What goes through one lane happens in its order. */
  #later(lane: string, act: () => void): void {
    this.#lanes.set(lane, [...(this.#lanes.get(lane) ?? []), act])
  }

  /** A store whose changes wait for the disk, in order; readings see what is committed, at once. */
  #slowed(store: MemoryStore): MemoryStore {
    const slow = (name: string, method: (...given: unknown[]) => Promise<unknown>) => {
      const isWrite = WRITES.includes(name)
      return (...given: unknown[]): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const arrive = (lane: string, outcome: Promise<unknown>): void => {
            const settled = outcome.then(
              (value) => () => resolve(value),
              (error: unknown) => () => reject(error as Error),
            )
            this.#later(lane, () => void settled.then((act) => act()))
          }
          if (isWrite) this.#later('disk', () => arrive('disk is done', method(...given)))
          else arrive(`loose ${this.#looseCount++}`, method(...given))
        })
    }
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return slow(String(name), (value as () => Promise<unknown>).bind(target))
      },
    })
  }

  #launch(events: WorkerEvents): WorkerLink {
    const open = new Map<number, (answer: Result<Reply, Refusal>) => void>()
    let lastRequestId = 0
    const receive = (message: FromWorker): void => {
      if (message.type === 'reply') open.get(message.requestId)?.(ok(message))
      else if (message.type === 'refusal') open.get(message.requestId)?.(fail(message))
      else events.onMessage(message)
    }
    const say = (message: FromWorker): void => {
      for (const record of message.type === 'record' ? message.records : []) {
        if (record.type === 'settings') this.lastSettings = record.agentConfig
      }
      this.#later('from worker', () => receive(message))
    }
    const send = (message: ToWorker): void => this.#later('to worker', () => this.#obey(message))
    const { clock } = this
    this.#switchboard = new Switchboard({
      clock,
      ids: simulatedIds(3),
      log: this.#log,
      send: say,
      makeToken: () => 'token',
      providersFor: () =>
        ok({
          asr: scriptedAsr(clock),
          llm: scriptedLlm(clock),
          tts: scriptedTts(clock),
          vad: energyVad(),
        }),
    })
    say({ type: 'listening' })
    say({ type: 'ready' })
    return {
      pid: 1,
      send,
      ask: (request: Asking) =>
        new Promise((resolve) => {
          const requestId = (lastRequestId += 1)
          open.set(requestId, resolve)
          send({ ...request, requestId } as ToWorker)
        }),
      kill: () => {},
    }
  }

  #obey(message: ToWorker): void {
    const switchboard = this.#switchboard
    if (message.type === 'call-start') switchboard?.start(message)
    else if (message.type === 'call-update') switchboard?.change(message)
    else if (message.type === 'call-command') switchboard?.command(message)
    else if (message.type === 'call-stop') switchboard?.stop(message)
    else if (message.type === 'stored') switchboard?.stored(message)
    else throw new Error(`no lot for ${message.type}`)
  }
}

import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { CallRecord } from '../ports/call-record.ts'
import type { Calls, CallsError, CallSpec } from '../ports/calls.ts'
import type { Joining, Signalling, SignallingError } from '../ports/signalling.ts'
import type { InstanceRecord, Store } from '../ports/store.ts'
import type { CallPast, FromWorker } from '../ports/worker-protocol.ts'
import { Placements, type Placement, type Slot } from './placements.ts'
import { handleable } from './socket-pair.ts'
import { WorkerProcess, type Refusal } from './worker-process.ts'

/** A call that has brought so many workers down is given up. */
const LOSS_LIMIT = 3
/** Workers that die before they are ready are started anew after so long, doubled each time… */
const RESTART_MS = 250
/** …up to this. */
const RESTART_LIMIT_MS = 30_000
/** A call or a connection waits so long for a worker to become ready. */
const READY_WAIT_MS = 2500
/** How often the store is told that calls are alive. */
const BEAT_MS = 1000

export interface WorkerPoolOptions {
  /** The file that a worker runs. */
  readonly entry: URL
  readonly count: number
  /** What worker `index` is told at its start. */
  readonly setup: (index: number) => object
  /** The environment of the workers. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/** The media workers, and which call is with which: places calls, passes signalling, stores events. */
export class WorkerPool implements Calls, Signalling {
  readonly #options: WorkerPoolOptions
  readonly #placements = new Placements()
  readonly #slots: Slot[] = []
  readonly #readyWaiters = new Set<() => void>()
  #cancelBeat: (() => void) | undefined
  /** Starts under way: their places are taken already. */
  readonly #starting = new Set<string>()
  #failure: string | undefined
  #isClosing = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    for (let index = 0; index < options.count; index += 1) {
      const slot: Slot = {
        index,
        worker: undefined as unknown as WorkerProcess,
        isListening: false,
        isReady: false,
        earlyDeaths: 0,
      }
      this.#slots.push(slot)
      this.#start(slot)
    }
    this.#beat()
  }

  /** Waits until every worker has its port; the error is one line for the operator. */
  async listening(): Promise<Result<void, string>> {
    await this.#until(
      () => this.#failure !== undefined || this.#slots.every((slot) => slot.isListening),
    )
    return this.#failure === undefined ? ok(undefined) : fail(this.#failure)
  }

  /** Whether calls can be taken. */
  readiness(): Result<void, string> {
    if (this.#isClosing) return fail('shutting down')
    if (this.#slots.some((slot) => slot.isReady)) return ok(undefined)
    return fail('the media workers are still loading their models')
  }

  get callCount(): number {
    return this.#placements.count
  }

  isTaken(channelId: string, agentUserId: string): boolean {
    if (this.#starting.has(`${channelId} ${agentUserId}`)) return true
    return this.#placements
      .inChannel(channelId)
      .some((placement) => placement.spec.agentUserId === agentUserId)
  }

  async start(spec: CallSpec): Promise<Result<void, CallsError>> {
    const place = `${spec.channelId} ${spec.agentUserId}`
    this.#starting.add(place)
    try {
      return await this.#startCall(spec)
    } finally {
      this.#starting.delete(place)
    }
  }

  async #startCall(spec: CallSpec): Promise<Result<void, CallsError>> {
    const slot = await this.#slotFor(spec.channelId)
    if (slot === undefined) return fail({ code: 'unavailable', message: this.#unreadiness() })
    const placement: Placement = { spec, slot, losses: 0, onEnd: [] }
    this.#placements.add(placement)
    const answer = await slot.worker.ask({ type: 'call-start', call: spec })
    if (answer.ok) return ok(undefined)
    // A worker that died meanwhile has passed its calls on already.
    if (placement.losses > 0) return ok(undefined)
    this.#placements.remove(spec.instanceId)
    const { code, parameter, message } = answer.error
    if (code === 'unsupported') return fail({ code, parameter: parameter ?? '', message })
    return fail({ code: 'unavailable', message })
  }

  /** Takes up a call that another process had held; `past` is what it had been through. */
  async resume(instance: InstanceRecord, lastSeenMs: number): Promise<void> {
    const spec = specOf(instance)
    const slot = this.#leastBusy(spec.channelId) ?? this.#slots[0]
    if (slot === undefined) return
    const placement: Placement = { spec, slot, losses: 0, onEnd: [] }
    this.#placements.add(placement)
    await this.#place(placement, lastSeenMs)
  }

  async update(
    instanceId: string,
    change: { readonly agentConfig?: string; readonly userData?: string },
  ): Promise<void> {
    const placement = this.#placements.get(instanceId)
    placement?.slot.worker.send({ type: 'call-update', instanceId, ...change })
  }

  async stop(instanceId: string): Promise<void> {
    await this.#stop(instanceId, 'stopped')
  }

  async offer(
    joining: Joining,
    sdp: string,
  ): Promise<Result<{ readonly connectionId: string; readonly sdp: string }, SignallingError>> {
    const slot = await this.#slotOf(joining.channelId)
    if (!slot.ok) return slot
    const connectionId = this.#options.ids.hex32()
    const answer = await slot.value.worker.ask({ type: 'offer', joining, connectionId, sdp })
    if (!answer.ok) return fail(signallingError(answer.error))
    this.#placements.connect(connectionId, joining.channelId, joining.userId)
    return ok({ connectionId, sdp: answer.value.sdp ?? '' })
  }

  async hangUp(channelId: string, connectionId: string, userId: string): Promise<boolean> {
    if (!this.#placements.disconnect(connectionId, channelId, userId)) return false
    const [placement] = this.#placements.inChannel(channelId)
    placement?.slot.worker.send({ type: 'hang-up', channelId, connectionId })
    return true
  }

  async adoptSocket(
    joining: Joining,
    upgrade: Parameters<Signalling['adoptSocket']>[1],
  ): Promise<Result<void, SignallingError>> {
    const slot = await this.#slotOf(joining.channelId)
    if (!slot.ok) return slot
    const connectionId = this.#options.ids.hex32()
    const { head, key, sampleRateHz } = upgrade
    const socket = await handleable(upgrade.socket)
    // From here on the socket is the worker's; an error can no longer be answered.
    const message = { type: 'socket' as const, joining, connectionId, head, key, sampleRateHz }
    void slot.value.worker.ask(message, socket)
    return ok(undefined)
  }

  /** Ends all calls politely, at most `limitMs`, then the workers. */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true
    this.#cancelBeat?.()
    const calls = this.#placements.all.map((placement) => placement.spec.instanceId)
    const ended = Promise.all(calls.map((instanceId) => this.#stop(instanceId, 'shutdown', true)))
    await Promise.race([ended, this.#pause(limitMs)])
    for (const slot of this.#slots) slot.worker.kill()
  }

  async #stop(instanceId: string, reason: 'stopped' | 'shutdown', toTheEnd = false): Promise<void> {
    const placement = this.#placements.get(instanceId)
    if (placement === undefined) return
    const ended = new Promise<void>((resolve) => placement.onEnd.push(resolve))
    await placement.slot.worker.ask({ type: 'call-stop', instanceId, reason })
    if (toTheEnd) await ended
  }

  #start(slot: Slot): void {
    slot.isReady = false
    const { entry, setup, environment, clock, log } = this.#options
    slot.worker = new WorkerProcess({
      entry,
      setup: setup(slot.index),
      environment,
      clock,
      events: {
        onMessage: (message) => this.#receive(slot, message),
        onExit: (reason) => this.#onExit(slot, reason),
      },
    })
    log.debug('worker started', { worker: slot.index, pid: slot.worker.pid })
  }

  #receive(slot: Slot, message: Exclude<FromWorker, { readonly requestId: number }>): void {
    switch (message.type) {
      case 'listening':
        slot.isListening = true
        return this.#wake()
      case 'failed':
        this.#failure ??= message.message
        return this.#wake()
      case 'ready':
        slot.isReady = true
        slot.earlyDeaths = 0
        return this.#wake()
      case 'record':
        void this.#store(slot.worker, message.instanceId, message.seq, message.records)
        return
      case 'call-ended':
        // A worker that was given up may still speak of a call that has moved on.
        if (this.#placements.get(message.instanceId)?.slot === slot) {
          this.#placements.remove(message.instanceId)
        }
        return
    }
  }

  async #store(
    worker: WorkerProcess,
    instanceId: string,
    seq: number,
    records: readonly CallRecord[],
  ): Promise<void> {
    try {
      await this.#options.store.recordCall(instanceId, records)
      worker.send({ type: 'stored', instanceId, seq })
    } catch (error) {
      this.#options.log.error('call record not stored', { instanceId, reason: String(error) })
    }
  }

  /** A worker died: another takes its place at once, and its calls with it. */
  #onExit(slot: Slot, reason: string): void {
    if (this.#isClosing || this.#failure !== undefined) return
    const { clock, log } = this.#options
    const orphans = this.#placements.inSlot(slot)
    log.error('worker died', { worker: slot.index, reason, calls: orphans.length })
    const wasReady = slot.isReady
    slot.isReady = false
    const lastSeenMs = clock.wallMs()
    const delayMs = wasReady ? 0 : Math.min(RESTART_MS * 2 ** slot.earlyDeaths++, RESTART_LIMIT_MS)
    const restart = (): void => {
      if (!this.#isClosing) this.#start(slot)
    }
    if (delayMs === 0) restart()
    else clock.after(delayMs, restart)
    for (const placement of orphans) {
      placement.losses += 1
      void this.#place(placement, lastSeenMs)
    }
  }

  /** Gives a call that has lost its process to a worker that lives. */
  async #place(placement: Placement, lastSeenMs: number): Promise<void> {
    const { instanceId, channelId } = placement.spec
    if (placement.losses > LOSS_LIMIT) return this.#giveUp(placement, lastSeenMs)
    const { store, clock } = this.#options
    const stored = await store.getCall(instanceId)
    if (stored === undefined || stored.instance.status === 'Finished') {
      this.#placements.remove(instanceId)
      return
    }
    const losses = placement.losses
    placement.slot = this.#leastBusy(channelId, placement) ?? placement.slot
    await this.#until(() => placement.slot.isReady || this.#isClosing, RESTART_LIMIT_MS)
    if (this.#isClosing || placement.losses !== losses) return
    const { sentences, turns, instance } = stored
    const begun = instance.executingMs === undefined ? {} : { executingMs: instance.executingMs }
    const past: CallPast = { sentences, turns, lastSeenMs, ...begun }
    const call = specOf(instance)
    const answer = await placement.slot.worker.ask({ type: 'call-start', call, past })
    if (!answer.ok && placement.losses === losses) this.#giveUp(placement, clock.wallMs())
  }

  #giveUp(placement: Placement, atMs: number): void {
    const { instanceId } = placement.spec
    this.#placements.remove(instanceId)
    void this.#options.store.recordCall(instanceId, [{ type: 'finished', atMs, reason: 'lost' }])
  }

  /** The worker that holds the channel, as soon as it is ready. */
  async #slotOf(channelId: string): Promise<Result<Slot, SignallingError>> {
    const [placement] = this.#placements.inChannel(channelId)
    if (placement === undefined) {
      return fail({ code: 'no-such-channel', message: 'There is no call in this channel.' })
    }
    await this.#until(() => placement.slot.isReady, READY_WAIT_MS)
    if (placement.slot.isReady) return ok(placement.slot)
    return fail({ code: 'unavailable', message: this.#unreadiness() })
  }

  async #slotFor(channelId: string): Promise<Slot | undefined> {
    await this.#until(
      () => this.#isClosing || this.#slots.some((slot) => slot.isReady),
      READY_WAIT_MS,
    )
    return this.#isClosing ? undefined : this.#leastBusy(channelId)
  }

  /** Agents of one channel are together; else the ready worker with the fewest calls. */
  #leastBusy(channelId: string, except?: Placement): Slot | undefined {
    const beside = this.#placements.inChannel(channelId).find((placement) => placement !== except)
    if (beside !== undefined) return beside.slot
    const load = (slot: Slot): number => this.#placements.inSlot(slot).length
    const ready = this.#slots.filter((slot) => slot.isReady)
    return ready.sort((one, other) => load(one) - load(other))[0]
  }

  #unreadiness(): string {
    const readiness = this.readiness()
    return readiness.ok ? 'The media worker is being replaced.' : readiness.error
  }

  /** Waits until `holds`, which is looked at whenever a worker's state changes. */
  #until(holds: () => boolean, limitMs = 60_000): Promise<void> {
    if (holds()) return Promise.resolve()
    return new Promise((resolve) => {
      const look = (): void => {
        if (holds()) finish()
      }
      const finish = (): void => {
        cancel()
        this.#readyWaiters.delete(look)
        resolve()
      }
      const cancel = this.#options.clock.after(limitMs, finish)
      this.#readyWaiters.add(look)
    })
  }

  #wake(): void {
    for (const look of this.#readyWaiters) look()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(ms, resolve))
  }

  #beat(): void {
    const { clock, store, log } = this.#options
    if (this.#placements.count > 0) {
      store.beat(clock.wallMs()).catch((error: unknown) => {
        log.error('heartbeat not stored', { reason: String(error) })
      })
    }
    this.#cancelBeat = clock.after(BEAT_MS, () => this.#beat())
  }
}

function specOf(instance: InstanceRecord): CallSpec {
  const { instanceId, agentId, type, channelId, agentUserId, agentConfig, providers } = instance
  const { createdMs, tokenLifeS, userData } = instance
  return {
    instanceId,
    agentId,
    type,
    channelId,
    agentUserId,
    agentConfig,
    providers,
    createdMs,
    tokenLifeS,
    ...(userData === undefined ? {} : { userData }),
  }
}

function signallingError(refusal: Refusal): SignallingError {
  const { code, message } = refusal
  return { code: code === 'unsupported' ? 'unavailable' : code, message }
}

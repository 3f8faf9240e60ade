import type { Ids } from '../base/ids.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { Vitals } from '../base/vitals.ts'
import type { CallEndReason, CallRecord } from '../ports/call-record.ts'
import type {
  CallCommand,
  Calls,
  CallsError,
  CallSpec,
  CommandRefusal,
  SoundRefusal,
} from '../ports/calls.ts'
import type { Joining, Leaving, Signalling, SignallingError } from '../ports/signalling.ts'
import type { InstanceRecord } from '../ports/store.ts'
import type { CallPast } from '../ports/worker-protocol.ts'
import type { CallObserver } from '../ports/call-observer.ts'
import { storeEnd, type CallEndOptions } from './call-end.ts'
import { LiveFeed } from './live-feed.ts'
import { Placements, specOf, type Placement } from './placements.ts'
import { REFUSALS, signallingError } from './refusals.ts'
import { handleable } from './socket-pair.ts'
import { ToldConfigs } from './told-configs.ts'
import {
  WorkerSlots,
  type CallMessage,
  type Slot,
  type SlotsOptions,
  type WorkerLink,
} from './worker-slots.ts'

/** A call that has brought so many workers down is given up. */
const LOSS_LIMIT = 3
/** A call that has lost its worker waits so long for another. */
const REPLACE_LIMIT_MS = 60_000
/** A new call, or a connection, waits so long for its worker; many clients give up after 5 s. */
const READY_WAIT_MS = 4000
/** How often the store is told that calls are alive. */
const BEAT_MS = 1000
/** When all calls have ended, their last messages get so long to leave. */
const LAST_MESSAGES_MS = 400

export interface WorkerPoolOptions extends Omit<SlotsOptions, 'events'>, CallEndOptions {
  readonly ids: Ids
  /** Hears of calls and what they store, besides those who look on. */
  readonly observer?: CallObserver
}

/** The media workers, and which call is with which: places calls, passes signalling, stores events. */
export class WorkerPool implements Calls, Signalling {
  readonly #options: WorkerPoolOptions
  readonly #placements = new Placements()
  readonly #slots: WorkerSlots
  readonly #configs: ToldConfigs
  /** For those who look on. */
  readonly live: LiveFeed
  #cancelBeat: (() => void) | undefined
  /** Starts under way: their places are taken already. */
  readonly #starting = new Set<string>()
  #isClosing = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    this.#configs = new ToldConfigs(this.#placements, options.store, options.log)
    this.#slots = new WorkerSlots({
      ...options,
      events: {
        onMessage: (slot, message) => this.#receive(slot, message),
        onDeath: (slot, reason, atMs) => this.#onDeath(slot, reason, atMs),
        onLive: (states) => this.live.told(states, (id) => this.#placements.get(id)?.spec),
        onReady: ({ worker }) => {
          if (this.live.isWatched) worker.send({ type: 'watch', isOn: true })
        },
      },
    })
    this.live = new LiveFeed({
      specs: () => this.#placements.all.map(({ spec }) => spec),
      ask: (isOn) =>
        this.#slots.ready.forEach(({ worker }) => worker.send({ type: 'watch', isOn })),
    })
    this.#beat()
  }

  /** Waits until every worker has its port; the error is one line for the operator. */
  listening(): Promise<Result<void, string>> {
    return this.#slots.listening()
  }

  /** Whether calls can be taken. */
  readiness(): Result<void, string> {
    return this.#isClosing ? fail('the server is shutting down') : this.#slots.readiness()
  }

  /** What each worker last said of how it feels. */
  get vitals(): readonly (readonly [name: string, vitals: Vitals])[] {
    return this.#slots.all.flatMap(({ index, vitals }) =>
      vitals === undefined ? [] : [[`worker ${index}`, vitals] as const],
    )
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
    await this.#slots.until(() => this.#isClosing || this.#slots.ready.length > 0, READY_WAIT_MS)
    const slot = this.#isClosing ? undefined : this.#leastBusy(spec.channelId)
    if (slot === undefined) return fail({ code: 'unavailable', message: this.#unreadiness() })
    const placement = this.#hold(spec, slot, spec.createdMs)
    const answer = await slot.worker.ask({ type: 'call-start', call: spec })
    if (answer.ok) return ok(undefined)
    // Its worker has died meanwhile: the call waits for another.
    if (placement.losses > 0) return ok(undefined)
    this.#placements.remove(spec.instanceId)
    const { code, parameter, message } = answer.error
    if (code === 'unsupported') return fail({ code, parameter: parameter ?? '', message })
    return fail({ code: 'unavailable', message })
  }

  #hold(spec: CallSpec, slot: Slot | undefined, lostAtMs: number): Placement {
    const { observer } = this.#options
    const { instanceId } = spec
    const onEnd = [() => this.live.ended(instanceId), () => observer?.onGone(instanceId)]
    const placement: Placement = { spec, slot, losses: 0, lostAtMs, onEnd }
    this.#placements.add(placement)
    this.live.started(spec)
    this.#options.observer?.onCall(spec)
    return placement
  }

  /** Takes up a call that an earlier process had held, and that was last seen alive then. */
  resume(instance: InstanceRecord, lastSeenMs: number): void {
    const spec = specOf(instance)
    const placement = this.#hold(spec, undefined, lastSeenMs)
    const { instanceId, executingMs: atMs } = instance
    const begun = atMs === undefined ? [] : [{ type: 'executing' as const, atMs }]
    this.#options.observer?.onRecords(instanceId, begun)
    void this.#place(placement)
  }

  update(instanceId: string): Promise<void> {
    // What is stored: it may be newer than the change.
    return this.#configs.tell(instanceId)
  }

  activeCount(agentId: string): number {
    return this.#placements.all.filter(({ spec }) => spec.agentId === agentId).length
  }

  activeCounts(): ReadonlyMap<string, number> {
    return this.#placements.countsByAgent()
  }

  async command(instanceId: string, command: CallCommand): Promise<Result<void, CommandRefusal>> {
    const slot = this.#placements.get(instanceId)?.slot
    if (slot === undefined) return fail('gone')
    const answer = await slot.worker.ask({ type: 'call-command', instanceId, command })
    if (answer.ok) return ok(undefined)
    const { code } = answer.error
    return fail(REFUSALS.find((refusal) => refusal === code) ?? 'gone')
  }

  async play(
    instanceId: string,
    sound: { readonly url: string; readonly interrupts: boolean },
  ): Promise<Result<void, SoundRefusal>> {
    const slot = this.#placements.get(instanceId)?.slot
    if (slot === undefined) return fail({ code: 'gone', message: '' })
    const answer = await slot.worker.ask({ type: 'call-sound', instanceId, ...sound })
    if (answer.ok) return ok(undefined)
    const { message, code: given } = answer.error
    const code = given === 'bad-sound' ? given : REFUSALS.find((refusal) => refusal === given)
    return fail({ code: code ?? 'gone', message })
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

  async hangUp(leaving: Leaving): Promise<boolean> {
    const { channelId, connectionId, userId } = leaving
    if (!this.#placements.disconnect(connectionId, channelId, userId)) return false
    const [placement] = this.#placements.inChannel(channelId)
    placement?.slot?.worker.send({ type: 'hang-up', leaving })
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
    void slot.value.worker.ask(message, socket).then((answer) => {
      if (!answer.ok) socket.destroy()
    })
    return ok(undefined)
  }

  /** Ends all calls politely, at most `limitMs`, then the workers. */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true
    this.#cancelBeat?.()
    const calls = this.#placements.all.map((placement) => placement.spec.instanceId)
    const ended = Promise.all(calls.map((instanceId) => this.#stop(instanceId, 'shutdown', true)))
    await Promise.race([ended, this.#pause(limitMs)])
    if (calls.length > 0) await this.#pause(LAST_MESSAGES_MS)
    this.#slots.close()
  }

  /** Ends the workers at once. Their calls are left to the next server on this store. */
  kill(): void {
    this.#isClosing = true
    this.#cancelBeat?.()
    this.#slots.close()
  }

  async #stop(instanceId: string, reason: 'stopped' | 'shutdown', toTheEnd = false): Promise<void> {
    const placement = this.#placements.get(instanceId)
    if (placement === undefined) return
    const { slot } = placement
    if (slot === undefined) return this.#finish(placement, reason)
    const ended = new Promise<void>((resolve) => placement.onEnd.push(resolve))
    const answer = await slot.worker.ask({ type: 'call-stop', instanceId, reason })
    // The worker has died over it: the call is to be stopped where it is now.
    if (!answer.ok && placement.slot !== slot) return this.#stop(instanceId, reason, toTheEnd)
    if (toTheEnd) await ended
  }

  #receive(slot: Slot, message: CallMessage): void {
    switch (message.type) {
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
    worker: WorkerLink,
    instanceId: string,
    seq: number,
    records: readonly CallRecord[],
  ): Promise<void> {
    try {
      await this.#options.store.recordCall(instanceId, records)
      worker.send({ type: 'stored', instanceId, seq })
      this.#stored(instanceId, records)
      const settings = records.findLast((record) => record.type === 'settings')
      if (settings !== undefined) await this.#configs.tell(instanceId, settings.agentConfig)
    } catch (error) {
      this.#options.log.error('call record not stored', { instanceId, reason: String(error) })
    }
  }

  #stored(instanceId: string, records: readonly CallRecord[]): void {
    this.live.stored(instanceId, records)
    this.#options.observer?.onRecords(instanceId, records)
  }

  /** The calls of a dead worker go to others that live, or to its successor. */
  #onDeath(slot: Slot, reason: string, atMs: number): void {
    const orphans = this.#placements.inSlot(slot)
    const { log } = this.#options
    log.error('worker died', { worker: slot.index, reason, calls: orphans.length })
    for (const placement of orphans) {
      placement.slot = undefined
      placement.losses += 1
      placement.lostAtMs = atMs
    }
    for (const placement of orphans) void this.#place(placement)
  }

  /** Gives a call that no process holds to a worker that is ready. */
  async #place(placement: Placement): Promise<void> {
    const { losses, lostAtMs, spec } = placement
    const { instanceId, channelId } = spec
    if (this.#isClosing) return this.#finish(placement, 'shutdown')
    if (losses > LOSS_LIMIT) return this.#finish(placement, 'lost')
    const isMoot = (): boolean => this.#isClosing || !this.#placements.has(placement)
    await this.#slots.until(() => isMoot() || this.#slots.ready.length > 0, REPLACE_LIMIT_MS)
    const stored = await this.#options.store.getCall(instanceId)
    if (isMoot()) return
    if (stored === undefined || stored.instance.status === 'Finished') {
      this.#placements.remove(instanceId)
      return
    }
    const slot = this.#leastBusy(channelId)
    if (slot === undefined) return this.#finish(placement, 'lost')
    placement.slot = slot
    const { sentences, turns, instance } = stored
    const begun = instance.executingMs === undefined ? {} : { executingMs: instance.executingMs }
    const takeover = instance.takeover === undefined ? {} : { takeover: instance.takeover }
    const past: CallPast = { sentences, turns, lastSeenMs: lostAtMs, ...begun, ...takeover }
    const asking = slot.worker.ask({ type: 'call-start', call: specOf(instance), past })
    this.#slots.wake()
    const answer = await asking
    // It may have been changed since it was read.
    if (answer.ok) await this.#configs.tell(instanceId, instance.agentConfig)
    if (answer.ok || placement.losses !== losses || isMoot()) return
    await this.#finish(placement, 'lost')
  }

  /** Ends a call that no worker holds, as of when it was lost. */
  async #finish(placement: Placement, reason: CallEndReason): Promise<void> {
    const { instanceId } = placement.spec
    const finished = { type: 'finished', atMs: placement.lostAtMs, reason } as const
    // Told first: with its place it is forgotten.
    this.#options.observer?.onRecords(instanceId, [finished])
    this.#placements.remove(instanceId)
    await storeEnd(instanceId, finished, this.#options)
  }

  /** The worker that holds the channel, as soon as there is one. */
  async #slotOf(channelId: string): Promise<Result<Slot, SignallingError>> {
    const held = (): Slot | undefined =>
      this.#placements.inChannel(channelId).find(({ slot }) => slot !== undefined)?.slot
    const isThere = (): boolean => this.#placements.inChannel(channelId).length > 0
    await this.#slots.until(() => held() !== undefined || !isThere(), READY_WAIT_MS)
    const slot = held()
    if (slot !== undefined) return ok(slot)
    if (isThere()) return fail({ code: 'unavailable', message: this.#unreadiness() })
    return fail({ code: 'no-such-channel', message: 'There is no call in this channel.' })
  }

  /** Agents of one channel are together; else the ready worker with the fewest calls. */
  #leastBusy(channelId: string): Slot | undefined {
    const beside = this.#placements.inChannel(channelId).find(({ slot }) => slot !== undefined)
    if (beside !== undefined) return beside.slot
    const load = (slot: Slot): number => this.#placements.inSlot(slot).length
    return this.#slots.ready.toSorted((one, other) => load(one) - load(other))[0]
  }

  #unreadiness(): string {
    const readiness = this.readiness()
    return readiness.ok ? 'The media worker is being replaced.' : readiness.error
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

import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Vitals } from '../base/vitals.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { LiveState } from '../ports/live-calls.ts'
import type { FromWorker } from '../ports/worker-protocol.ts'
import { Watchdog } from './watchdog.ts'
import { WorkerProcess, type WorkerEvents } from './worker-process.ts'

/** Workers that die before they are ready are started anew after so long, doubled each time… */
const RESTART_MS = 250
/** …up to this. */
const RESTART_LIMIT_MS = 30_000
/** A server whose worker dies so often at its first start does not start. */
const FIRST_STARTS = 3
/** The workers' ports are bound by then, or the server does not start. */
const LISTEN_LIMIT_MS = 30_000

/** A worker as it is spoken to. */
export type WorkerLink = Pick<WorkerProcess, 'pid' | 'send' | 'ask' | 'kill'>

/** A place for calls; its process is replaced when it dies. */
export interface Slot {
  readonly index: number
  worker: WorkerLink
  isListening: boolean
  isReady: boolean
  /** Deaths in a row without having become ready in between. */
  earlyDeaths: number
  /** Of the watchdog's; see {@link Watchdog}. */
  silentChecks: number
  /** The last it said of how it feels. */
  vitals?: Vitals | undefined
}

/** What a worker says of its calls. */
export type CallMessage = Extract<FromWorker, { readonly instanceId: string }>

export interface SlotsOptions {
  /** The file that a worker runs. */
  readonly entry: URL
  readonly count: number
  /** What worker `index` is told at its start. */
  readonly setup: (index: number) => object
  /** The environment of the workers. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Log
  /** Starts a worker in another way than as a process, for tests in virtual time. */
  readonly launch?: (index: number, events: WorkerEvents) => WorkerLink
  readonly events: {
    onMessage(slot: Slot, message: CallMessage): void
    onLive(states: readonly LiveState[]): void
    onReady(slot: Slot): void
    /** The slot's worker has died, at that wall time; it is being replaced. */
    onDeath(slot: Slot, reason: string, atMs: number): void
  }
}

/** The worker processes: starts them, replaces those that die, knows which can take calls. */
export class WorkerSlots {
  readonly all: readonly Slot[]
  readonly #options: SlotsOptions
  readonly #watchdog: Watchdog<Slot>
  readonly #lookers = new Set<() => void>()
  /** Why the server cannot start. */
  #failure: string | undefined
  /** Why a worker could not get ready, until one has. */
  #fault: string | undefined
  #hasStarted = false
  #isClosed = false

  constructor(options: SlotsOptions) {
    this.#options = options
    this.all = Array.from({ length: options.count }, (_, index) => ({
      index,
      worker: this.#launch(index),
      isListening: false,
      isReady: false,
      earlyDeaths: 0,
      silentChecks: 0,
    }))
    this.#watchdog = new Watchdog(
      options.clock,
      () => this.all,
      (slot) => this.#onHung(slot),
    )
  }

  get ready(): readonly Slot[] {
    return this.all.filter((slot) => slot.isReady)
  }

  /** Waits until every worker has its port; the error is one line for the operator. */
  async listening(): Promise<Result<void, string>> {
    const areListening = (): boolean => this.all.every((slot) => slot.isListening)
    await this.until(() => this.#failure !== undefined || areListening(), LISTEN_LIMIT_MS)
    if (this.#failure !== undefined) return fail(this.#failure)
    if (!areListening()) return fail('The media workers do not start.')
    this.#hasStarted = true
    return ok(undefined)
  }

  /** Whether calls can be taken. */
  readiness(): Result<void, string> {
    if (this.ready.length > 0) return ok(undefined)
    if (this.#fault === undefined) return fail('the media workers are still loading their models')
    return fail(`the media workers cannot start: ${this.#fault}`)
  }

  /** Waits until `holds`, which is looked at whenever something has changed, or until the limit. */
  until(holds: () => boolean, limitMs: number): Promise<void> {
    if (holds()) return Promise.resolve()
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel()
        this.#lookers.delete(look)
        resolve()
      }
      const look = (): void => {
        if (holds()) finish()
      }
      const cancel = this.#options.clock.after(limitMs, finish)
      this.#lookers.add(look)
    })
  }

  /** Something changed that somebody may wait for. */
  wake(): void {
    for (const look of this.#lookers) look()
  }

  /** Ends all workers at once. */
  close(): void {
    this.#isClosed = true
    this.#watchdog.close()
    for (const slot of this.all) slot.worker.kill()
  }

  #launch(index: number): WorkerLink {
    const { entry, setup, environment, clock, launch } = this.#options
    const on = (act: (slot: Slot) => void): void => {
      const slot = this.all[index]
      if (slot !== undefined && !this.#isClosed) act(slot)
    }
    const events: WorkerEvents = {
      onMessage: (message) => on((slot) => this.#receive(slot, message)),
      onExit: (reason, atMs) => on((slot) => this.#onExit(slot, reason, atMs)),
    }
    if (launch !== undefined) return launch(index, events)
    return new WorkerProcess({ entry, setup: setup(index), environment, clock, events })
  }

  #receive(slot: Slot, message: Exclude<FromWorker, { readonly requestId: number }>): void {
    slot.silentChecks = 0
    switch (message.type) {
      case 'alive':
        slot.vitals = message.vitals ?? slot.vitals
        return
      case 'listening':
        slot.isListening = true
        return this.wake()
      case 'ready':
        slot.isReady = true
        slot.earlyDeaths = 0
        this.#fault = undefined
        this.#options.log.debug('worker ready', { worker: slot.index, pid: slot.worker.pid })
        this.#options.events.onReady(slot)
        return this.wake()
      case 'failed':
        return this.#onFault(slot, message.message)
      case 'live':
        return this.#options.events.onLive(message.states)
      case 'record':
      case 'call-ended':
        return this.#options.events.onMessage(slot, message)
    }
  }

  /** A worker cannot do its work: reason enough not to start the server; later it is tried again. */
  #onFault(slot: Slot, fault: string): void {
    this.#fault = fault
    if (this.#hasStarted) {
      this.#options.log.error('worker cannot start', { worker: slot.index, reason: fault })
      slot.worker.kill()
    } else {
      this.#failure ??= fault
      this.wake()
    }
  }

  /** Its calls stand still: what is done for the dead helps them too. */
  #onHung(slot: Slot): void {
    this.#options.log.error('worker hangs', { worker: slot.index, pid: slot.worker.pid })
    slot.worker.kill()
  }

  #onExit(slot: Slot, reason: string, atMs: number): void {
    const wasReady = slot.isReady
    slot.isReady = false
    slot.isListening = false
    slot.vitals = undefined
    if (!this.#hasStarted && slot.earlyDeaths + 1 >= FIRST_STARTS) {
      this.#failure ??= `A media worker dies when it is started (${reason}).`
      return this.wake()
    }
    const delayMs = wasReady ? 0 : Math.min(RESTART_MS * 2 ** slot.earlyDeaths++, RESTART_LIMIT_MS)
    const restart = (): void => {
      if (this.#isClosed) return
      slot.silentChecks = 0
      slot.worker = this.#launch(slot.index)
    }
    if (delayMs === 0) restart()
    else this.#options.clock.after(delayMs, restart)
    this.#options.events.onDeath(slot, reason, atMs)
  }
}

import { Worker, type Transferable } from 'node:worker_threads'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { systemClock } from '../base/system-clock.ts'

export interface ModelThreadOptions<Reply> {
  /** For the log and the operating system's list of threads. */
  readonly name: string
  /** A module that calls `serveModel`. */
  readonly file: URL
  /** Handed to the module, copied. */
  readonly setup: unknown
  readonly log: Log
  /** Tells when a thread hangs; the machine's when left out. */
  readonly clock?: Clock
  readonly onReply: (reply: Reply) => void
  /** The thread has died: what was asked and not answered is lost. The next `post` starts another. */
  readonly onLost: () => void
}

/** What a thread is told. */
export type ToThread<Ask> =
  | { readonly type: 'ask'; readonly ask: Ask }
  /** Answered when all that was asked before has been looked at. */
  | { readonly type: 'ping' }

/** What a thread tells its owner. */
export type FromThread<Reply> =
  | { readonly type: 'ready'; readonly loadMs: number }
  | { readonly type: 'failure'; readonly message: string }
  | { readonly type: 'reply'; readonly reply: Reply }
  | { readonly type: 'pong' }

/** A model takes so long to load at most… */
const LOAD_LIMIT_MS = 120_000
/** … and to say something while it has questions. Past that the thread hangs, and is replaced. */
const SILENCE_LIMIT_MS = 30_000

/** Past so many deaths a model is given up. */
const RESTART_LIMIT = 10

/** A thread that loads a model and answers questions, so that neither blocks the event loop. */
export class ModelThread<Ask, Reply> {
  readonly #options: ModelThreadOptions<Reply>
  #worker: Worker | undefined
  #loading: Promise<Result<void, string>> | undefined
  #failure: string | undefined
  /** A question whose being looked at has not been told yet, and whether another came after it. */
  #ping: 'none' | 'sent' | 'sent, more asked' = 'none'
  #cancelWatch: (() => void) | undefined
  #isReady = false
  #failLoading: (() => void) | undefined
  #restarts = 0
  #isClosed = false

  constructor(options: ModelThreadOptions<Reply>) {
    this.#options = options
  }

  /** Why the thread cannot be used, if so. */
  get failure(): string | undefined {
    return this.#failure
  }

  /** Starts the thread if it does not run yet; settles when the model is loaded or cannot be. */
  load(): Promise<Result<void, string>> {
    if (this.#isClosed) return Promise.resolve(fail(`${this.#options.name} is closed`))
    this.#loading ??= this.#start()
    return this.#loading
  }

  /** Sends a question, at once or when the model is loaded. False when there is no hope of an answer. */
  post(ask: Ask, transfer: readonly Transferable[] = []): boolean {
    if (this.#isClosed || this.#failure !== undefined) return false
    void this.load()
    const message: ToThread<Ask> = { type: 'ask', ask }
    this.#worker?.postMessage(message, transfer)
    if (this.#ping === 'none') this.#sendPing()
    else this.#ping = 'sent, more asked'
    return true
  }

  close(): void {
    this.#isClosed = true
    const worker = this.#worker
    this.#worker = undefined
    this.#cancelWatch?.()
    void worker?.terminate()
  }

  #sendPing(): void {
    this.#ping = 'sent'
    this.#worker?.postMessage({ type: 'ping' } satisfies ToThread<Ask>)
    // While it loads, the limit of loading holds.
    if (this.#isReady) this.#watch(SILENCE_LIMIT_MS)
  }

  /** The thread is given up unless it says something in time. */
  #watch(limitMs: number): void {
    this.#cancelWatch?.()
    const { clock = systemClock } = this.#options
    this.#cancelWatch = clock.after(limitMs, () => this.#onHung())
  }

  /** Whatever it said, it lives. */
  #onLife(isPong: boolean): void {
    this.#cancelWatch?.()
    if (isPong && this.#ping === 'sent, more asked') return this.#sendPing()
    if (isPong) this.#ping = 'none'
    if (this.#ping !== 'none') this.#watch(SILENCE_LIMIT_MS)
  }

  /** Not waited for: code that hangs outside JavaScript cannot be stopped, only left behind. */
  #onHung(): void {
    const worker = this.#worker
    if (worker === undefined) return
    this.#options.log.error('model thread hangs', { model: this.#options.name })
    this.#failLoading?.()
    this.#onExit(worker)
    void worker.terminate()
  }

  #start(): Promise<Result<void, string>> {
    const { name, file, setup, log } = this.#options
    const worker = new Worker(file, { workerData: setup, name })
    this.#worker = worker
    this.#watch(LOAD_LIMIT_MS)
    return new Promise((resolve) => {
      this.#failLoading = () => resolve(fail(`${name} hangs while it is loading`))
      worker.on('message', (message: FromThread<Reply>) => {
        if (this.#worker !== worker) return
        if (message.type === 'ready') this.#isReady = true
        this.#onLife(message.type === 'pong')
        if (message.type === 'pong') return
        if (message.type === 'reply') return this.#options.onReply(message.reply)
        if (message.type === 'ready') {
          log.debug('model loaded', { model: name, loadMs: message.loadMs })
          return resolve(ok(undefined))
        }
        this.#failure = `${name} could not be loaded: ${message.message}`
        return resolve(fail(this.#failure))
      })
      worker.on('error', (error: Error) => log.error('model thread failed', { model: name, error }))
      worker.on('exit', () => {
        resolve(fail(`${name} ended while it was loading`))
        this.#onExit(worker)
      })
    })
  }

  #onExit(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#loading = undefined
    this.#isReady = false
    this.#ping = 'none'
    this.#cancelWatch?.()
    this.#restarts += 1
    if (this.#restarts > RESTART_LIMIT) this.#failure ??= `${this.#options.name} keeps dying`
    this.#options.log.warn('model thread lost', { model: this.#options.name })
    this.#options.onLost()
  }
}

import { Worker, type Transferable } from 'node:worker_threads'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'

export interface ModelThreadOptions<Reply> {
  /** For the log and the operating system's list of threads. */
  readonly name: string
  /** A module that calls `serveModel`. */
  readonly file: URL
  /** Handed to the module, copied. */
  readonly setup: unknown
  readonly log: Log
  readonly onReply: (reply: Reply) => void
  /** The thread has died: what was asked and not answered is lost. The next `post` starts another. */
  readonly onLost: () => void
}

/** What a thread tells its owner. */
export type FromThread<Reply> =
  | { readonly type: 'ready'; readonly loadMs: number }
  | { readonly type: 'failure'; readonly message: string }
  | { readonly type: 'reply'; readonly reply: Reply }

/** Past so many deaths a model is given up. */
const RESTART_LIMIT = 10

/** A thread that loads a model and answers questions, so that neither blocks the event loop. */
export class ModelThread<Ask, Reply> {
  readonly #options: ModelThreadOptions<Reply>
  #worker: Worker | undefined
  #loading: Promise<Result<void, string>> | undefined
  #failure: string | undefined
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
    this.#worker?.postMessage(ask, transfer)
    return true
  }

  close(): void {
    this.#isClosed = true
    const worker = this.#worker
    this.#worker = undefined
    void worker?.terminate()
  }

  #start(): Promise<Result<void, string>> {
    const { name, file, setup, log } = this.#options
    const worker = new Worker(file, { workerData: setup, name })
    this.#worker = worker
    return new Promise((resolve) => {
      worker.on('message', (message: FromThread<Reply>) => {
        if (this.#worker !== worker) return
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
    this.#restarts += 1
    if (this.#restarts > RESTART_LIMIT) this.#failure ??= `${this.#options.name} keeps dying`
    this.#options.log.warn('model thread lost', { model: this.#options.name })
    this.#options.onLost()
  }
}

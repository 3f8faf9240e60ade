import type { FromWriter, ToWriter, Write, WriteOutcome } from './write.ts'

/** Writes that may wait for their turn. One more is rejected at once: the disk cannot keep up. */
export const WRITE_QUEUE_LIMIT = 20_000
/** Writes in one transaction; bounds how long the first of them waits for the last. */
export const BATCH_LIMIT = 1000

/** The writer thread as the queue meets it: a `Worker` of `node:worker_threads`. */
export interface WriterThread {
  postMessage(message: ToWriter): void
  on(event: 'message', listener: (message: FromWriter) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
}

interface Waiting {
  readonly write: Write
  readonly resolve: (outcome: WriteOutcome) => void
  readonly reject: (error: Error) => void
}

/**
 * Gathers writes and hands them to the writer thread, everything that waits as one batch, the next batch when
 * the last one is durable. Once the thread has died every write is rejected; `onDeath` hears of it once.
 */
export class WriteQueue {
  readonly #thread: WriterThread
  readonly #onDeath: (error: Error) => void
  readonly #ended: Promise<void>
  readonly #ready: Promise<void>
  #waiting: Waiting[] = []
  #underWay: readonly Waiting[] = []
  #isSendPlanned = false
  #isClosing = false
  #death: Error | undefined

  constructor(thread: WriterThread, onDeath: (error: Error) => void) {
    this.#thread = thread
    this.#onDeath = onDeath
    const ready = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    this.#ready = ready.promise
    this.#ended = ended.promise
    // Nobody may be waiting for it when the thread dies later on.
    this.#ready.catch(() => {})
    const die = (error: Error): void => {
      ready.reject(error)
      this.#die(error)
    }
    thread.on('message', (message) => {
      if (message.type === 'ready') ready.resolve()
      else this.#settle(message.outcomes)
    })
    thread.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))))
    thread.on('exit', (code) => {
      die(new Error(`The store's writer thread ended (exit code ${code}).`))
      ended.resolve()
    })
  }

  /** Rejects when the thread could not open the database. */
  get ready(): Promise<void> {
    return this.#ready
  }

  /** Writes that wait, those under way included. */
  get waiting(): number {
    return this.#waiting.length + this.#underWay.length
  }

  /** Resolves when the write is durable or the database has refused it. */
  write(write: Write): Promise<WriteOutcome> {
    if (this.#isClosing) return Promise.reject(new Error('The store is closed.'))
    if (this.#death !== undefined) return Promise.reject(this.#death)
    if (this.#waiting.length >= WRITE_QUEUE_LIMIT) {
      return Promise.reject(
        new Error(
          `The store has ${WRITE_QUEUE_LIMIT} writes waiting for the disk and takes no more.`,
        ),
      )
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject })
      this.#planSend()
    })
  }

  /** Waits for all that was queued, then for the end of the thread. */
  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true
      this.#planSend()
    }
    return this.#ended
  }

  /** Sends at the end of this turn of the event loop, so that whatever else it brings comes along. */
  #planSend(): void {
    if (this.#isSendPlanned || this.#underWay.length > 0 || this.#death !== undefined) return
    this.#isSendPlanned = true
    setImmediate(() => {
      this.#isSendPlanned = false
      this.#send()
    })
  }

  #send(): void {
    if (this.#death !== undefined) return
    this.#underWay = this.#waiting.splice(0, BATCH_LIMIT)
    if (this.#underWay.length === 0) {
      if (this.#isClosing) this.#thread.postMessage({ type: 'close' })
      return
    }
    try {
      const writes = this.#underWay.map((waiting) => waiting.write)
      this.#thread.postMessage({ type: 'batch', writes })
    } catch (error) {
      // Something in it cannot cross to the thread, such as a function.
      const message = error instanceof Error ? error.message : String(error)
      this.#settle(this.#underWay.map(() => ({ type: 'failed', message })))
    }
  }

  #settle(outcomes: readonly WriteOutcome[]): void {
    const settled = this.#underWay
    this.#underWay = []
    for (const [index, waiting] of settled.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) waiting.reject(new Error('The write has no outcome.'))
      else if (outcome.type === 'failed') waiting.reject(new Error(outcome.message))
      else waiting.resolve(outcome)
    }
    if (this.#waiting.length > 0 || this.#isClosing) this.#planSend()
  }

  #die(error: Error): void {
    if (this.#death !== undefined) return
    this.#death = error
    const pending = [...this.#underWay, ...this.#waiting]
    this.#underWay = []
    this.#waiting = []
    for (const waiting of pending) waiting.reject(error)
    if (!this.#isClosing || pending.length > 0) this.#onDeath(error)
  }
}

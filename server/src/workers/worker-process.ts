import { fork, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Clock } from '../base/clock.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { FromWorker, ToWorker } from '../ports/worker-protocol.ts'

/** A worker that does not answer for so long is taken not to. */
const ANSWER_LIMIT_MS = 8000
/** What a dead worker had still said is read for at most so long. */
const LAST_WORDS_LIMIT_MS = 1000

export type Refusal = Omit<Extract<FromWorker, { type: 'refusal' }>, 'type' | 'requestId'>
type Reply = Extract<FromWorker, { type: 'reply' }>
type Request = Extract<ToWorker, { readonly requestId: number }>
/** A request before it is numbered. */
export type Asking = Request extends infer Kind
  ? Kind extends Request
    ? Omit<Kind, 'requestId'>
    : never
  : never

export interface WorkerEvents {
  onMessage(message: Exclude<FromWorker, { readonly requestId: number }>): void
  /** The process is gone, since that wall time; all it said has been told. The last event. */
  onExit(reason: string, atMs: number): void
}

/** One media worker: a child process that holds whole calls. */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #clock: Clock
  readonly #events: WorkerEvents
  readonly #open = new Map<number, (answer: Result<Reply, Refusal>) => void>()
  #nextRequestId = 1
  #isGone = false

  constructor(options: {
    readonly entry: URL
    /** Handed to the worker as its first argument; it may be seen by other users of the machine. */
    readonly setup: object
    /** Its environment, where secrets travel. */
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly clock: Clock
    readonly events: WorkerEvents
  }) {
    this.#clock = options.clock
    this.#events = options.events
    this.#child = fork(options.entry, [JSON.stringify(options.setup)], {
      env: options.environment,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child.on('message', (message) => this.#receive(message as FromWorker))
    this.#child.on('error', (error) => {
      if (this.#child.pid === undefined) this.#onExit(error.message)
    })
    this.#child.on('exit', (code, signal) => this.#onExit(signal ?? `code ${code}`))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(message: ToWorker, socket?: Socket): void {
    if (this.#isGone || !this.#child.connected) return
    this.#child.send(message, socket, {}, (error) => {
      if (error !== null) socket?.destroy()
    })
  }

  /** Sends a request and waits for its answer; a worker that dies or is silent refuses. */
  ask(request: Asking, socket?: Socket): Promise<Result<Reply, Refusal>> {
    const requestId = this.#nextRequestId++
    return new Promise((resolve) => {
      const finish = (answer: Result<Reply, Refusal>): void => {
        cancel()
        this.#open.delete(requestId)
        resolve(answer)
      }
      const cancel = this.#clock.after(ANSWER_LIMIT_MS, () =>
        finish(fail({ code: 'unavailable', message: 'The media worker does not answer.' })),
      )
      this.#open.set(requestId, finish)
      if (this.#isGone) finish(fail(GONE))
      else this.send({ ...request, requestId } as ToWorker, socket)
    })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #receive(message: FromWorker): void {
    if (message.type === 'reply') this.#open.get(message.requestId)?.(ok(message))
    else if (message.type === 'refusal') this.#open.get(message.requestId)?.(fail(message))
    else this.#events.onMessage(message)
  }

  /** Its last messages may still be in the pipe, which has been read when it is disconnected. */
  #onExit(reason: string): void {
    const atMs = this.#clock.wallMs()
    const end = (): void => this.#end(reason, atMs)
    if (!this.#child.connected) {
      end()
      return
    }
    const cancel = this.#clock.after(LAST_WORDS_LIMIT_MS, end)
    this.#child.once('disconnect', () => {
      cancel()
      end()
    })
  }

  #end(reason: string, atMs: number): void {
    if (this.#isGone) return
    this.#isGone = true
    for (const finish of this.#open.values()) finish(fail(GONE))
    this.#events.onExit(reason, atMs)
  }
}

const GONE: Refusal = { code: 'unavailable', message: 'The media worker has died.' }

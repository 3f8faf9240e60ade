import type { Clock } from '../../base/clock.ts'
import type { Ids } from '../../base/ids.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import { memberOf } from '../provider-http.ts'
import { ProviderSocket } from '../provider-socket.ts'

/** Where DashScope's tasks are run, and for whom. */
export interface DashScopeAccess {
  readonly clock: Clock
  readonly ids: Ids
  readonly url: string
  readonly apiKey?: string
  /** Model Studio's workspace, if not the key's own. */
  readonly workspace?: string
}

export interface TaskEvents {
  /** The task has begun: what it needs may be sent. */
  onStarted(): void
  /** `payload.output` of a `result-generated`. */
  onResult(output: unknown): void
  onBytes(bytes: Uint8Array): void
  /** The task is over; another may be started. */
  onFinished(): void
  /** The task has failed and the connection is gone; another task makes a new one. */
  onFailed(error: ProviderError): void
}

/** What `payload` of `run-task` says besides `input`. */
export interface TaskRequest {
  readonly task: 'asr' | 'tts'
  readonly function: 'recognition' | 'SpeechSynthesizer'
  readonly model: string
  readonly parameters: Readonly<Record<string, unknown>>
}

type Phase = 'idle' | 'starting' | 'running' | 'finishing'

const START_MS = 5000
const FINISH_MS = 10_000
/** Codes of failures that may not come again. */
const RETRYABLE = /^(Throttling|Internal|System|Service|RequestTime|ResponseTime|CLIENT_ERROR)/i

/**
 * One connection of DashScope's WebSocket protocol for speech, which runs one task after the other
 * (`run-task`, sound or `continue-task`, `finish-task`). It is made with the first task; that the server
 * closes it between tasks is no failure.
 */
export class TaskConnection {
  readonly #access: DashScopeAccess
  readonly #who: string
  readonly #events: TaskEvents
  #socket: ProviderSocket | undefined
  #isOpen = false
  #phase: Phase = 'idle'
  #taskId = ''
  #runTask = ''
  #cancelTimer: () => void = () => {}

  constructor(access: DashScopeAccess, who: string, events: TaskEvents) {
    this.#access = access
    this.#who = who
    this.#events = events
  }

  get phase(): Phase {
    return this.#phase
  }

  /** A connection stands by. */
  get isConnected(): boolean {
    return this.#socket !== undefined
  }

  /** Only between tasks. */
  start(request: TaskRequest): void {
    this.#phase = 'starting'
    this.#taskId = this.#access.ids.hex32()
    this.#runTask = this.#message('run-task', { task_group: 'audio', ...request, input: {} })
    this.#waitFor(START_MS, 'did not start the task')
    if (this.#socket === undefined) this.#connect()
    else if (this.#isOpen) this.#socket.send(this.#runTask)
  }

  /** Only while a task runs. */
  sendBytes(bytes: Uint8Array): void {
    this.#socket?.send(bytes)
  }

  /** Only while a task runs. */
  sendText(text: string): void {
    this.#socket?.send(this.#message('continue-task', { input: { text } }))
  }

  /** Only while a task runs: no more will be sent, the rest of the answer is awaited. */
  finish(): void {
    this.#phase = 'finishing'
    this.#socket?.send(this.#message('finish-task', { input: {} }))
    this.#waitFor(FINISH_MS, 'did not finish the task')
  }

  /** The rest of the answer is coming: it is waited for as long again. */
  keepWaiting(): void {
    if (this.#phase === 'finishing') this.#waitFor(FINISH_MS, 'stopped in the middle of its answer')
  }

  /** May be called twice; no event comes after it until another task is started. */
  close(): void {
    this.#cancelTimer()
    this.#phase = 'idle'
    this.#taskId = ''
    this.#isOpen = false
    this.#socket?.close()
    this.#socket = undefined
  }

  #connect(): void {
    const { clock, url, apiKey, workspace } = this.#access
    const socket: ProviderSocket = new ProviderSocket(
      {
        clock,
        who: this.#who,
        url: new URL(url),
        headers: {
          ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
          ...(workspace !== undefined && { 'x-dashscope-workspace': workspace }),
        },
      },
      {
        onOpen: () => {
          this.#isOpen = true
          socket.send(this.#runTask)
        },
        onText: (text) => this.#onText(text),
        onBytes: (bytes) => {
          if (this.#phase === 'running' || this.#phase === 'finishing') this.#events.onBytes(bytes)
        },
        onClose: (error) => {
          if (this.#socket === socket) this.#onGone(error)
        },
      },
    )
    this.#socket = socket
  }

  #onText(text: string): void {
    let message: unknown
    try {
      message = JSON.parse(text)
    } catch {
      return this.#fail('sent a message that is not JSON', true)
    }
    const header = memberOf(message, 'header')
    // What a task that was given up still sends is of no interest.
    if (memberOf(header, 'task_id') !== this.#taskId) return
    switch (memberOf(header, 'event')) {
      case 'task-started':
        if (this.#phase !== 'starting') return
        this.#cancelTimer()
        this.#phase = 'running'
        return this.#events.onStarted()
      case 'result-generated':
        return this.#events.onResult(memberOf(memberOf(message, 'payload'), 'output'))
      case 'task-finished':
        this.#cancelTimer()
        this.#phase = 'idle'
        this.#taskId = ''
        return this.#events.onFinished()
      case 'task-failed': {
        const code = memberOf(header, 'error_code')
        const plain = typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? ` (${code})` : ''
        return this.#fail(`reports an error${plain}`, plain === '' || RETRYABLE.test(String(code)))
      }
    }
  }

  #onGone(error: ProviderError): void {
    const isBusy = this.#phase !== 'idle'
    this.close()
    if (isBusy) this.#events.onFailed(error)
  }

  #fail(message: string, isRetryable: boolean): void {
    this.#onGone({ message: `${this.#who} ${message}`, isRetryable })
  }

  #waitFor(ms: number, otherwise: string): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#access.clock.after(ms, () =>
      this.#fail(`${otherwise} for ${ms / 1000} s`, true),
    )
  }

  #message(action: string, payload: object): string {
    const header = { action, task_id: this.#taskId, streaming: 'duplex' }
    return JSON.stringify({ header, payload })
  }
}

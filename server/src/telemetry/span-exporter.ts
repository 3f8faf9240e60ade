import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { otlpBody } from './otlp-json.ts'
import type { Span, SpanValue } from './span.ts'

/** What `OTEL_…` variables say. */
export interface TraceSettings {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly resource: Readonly<Record<string, SpanValue>>
  /** How long a request may take. */
  readonly timeoutMs: number
  /** How long spans gather before they go out. */
  readonly delayMs: number
  /** Spans that may wait; past it new ones are dropped. */
  readonly queueLimit: number
  readonly batchLimit: number
}

/** Sends one request; the status, or an error when there is no answer. */
export type Post = (request: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}) => Promise<number>

/** As the protocol has it: the same may be taken later. */
const RETRYABLE = [429, 502, 503, 504]
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 30_000
/** A batch that was refused so often is dropped. */
const TRIES = 5

/** Sends spans to a collector, many at a time. Nothing ever waits for it: what finds no room is dropped and counted. */
export class SpanExporter {
  readonly #settings: TraceSettings
  readonly #post: Post
  readonly #clock: Clock
  readonly #log: Log
  readonly #queue: Span[] = []
  #sending: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined
  #tries = 0
  #exported = 0
  #dropped = 0
  #isClosed = false

  constructor(options: {
    readonly settings: TraceSettings
    readonly post: Post
    readonly clock: Clock
    readonly log: Log
  }) {
    this.#settings = options.settings
    this.#post = options.post
    this.#clock = options.clock
    this.#log = options.log
  }

  get counters(): { readonly exported: number; readonly dropped: number } {
    return { exported: this.#exported, dropped: this.#dropped }
  }

  add(span: Span): void {
    if (this.#isClosed) return
    const { queueLimit, batchLimit, delayMs } = this.#settings
    if (this.#queue.length >= queueLimit) {
      this.#dropped += 1
      return
    }
    this.#queue.push(span)
    if (this.#queue.length >= batchLimit && this.#tries === 0) this.#sendSoon(0)
    else if (this.#cancelTimer === undefined) this.#sendSoon(delayMs)
  }

  /** Sends what is there, as far as that takes no longer than so. May be called twice. */
  async close(limitMs: number): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const limit = Promise.withResolvers<void>()
    const cancel = this.#clock.after(limitMs, limit.resolve)
    await Promise.race([this.#flush(), limit.promise])
    cancel()
    this.#cancelTimer?.()
  }

  async #flush(): Promise<void> {
    await this.#sending
    while (this.#queue.length > 0 && this.#tries === 0) await this.#send()
  }

  #sendSoon(delayMs: number): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      this.#cancelTimer = undefined
      if (this.#sending !== undefined) return
      this.#sending = this.#send().finally(() => {
        this.#sending = undefined
        this.#goOn()
      })
    })
  }

  /** One request at a time. */
  #goOn(): void {
    if (this.#queue.length === 0 || this.#isClosed) return
    const { delayMs, batchLimit } = this.#settings
    if (this.#tries > 0) {
      this.#sendSoon(Math.min(FIRST_RETRY_MS * 2 ** (this.#tries - 1), LAST_RETRY_MS))
    } else this.#sendSoon(this.#queue.length >= batchLimit ? 0 : delayMs)
  }

  async #send(): Promise<void> {
    const { url, headers, resource, timeoutMs, batchLimit } = this.#settings
    const batch = this.#queue.slice(0, batchLimit)
    if (batch.length === 0) return
    const body = otlpBody(batch, resource)
    const outcome = await this.#post({ url, headers, body, timeoutMs }).catch(
      (error: unknown) => error,
    )
    const isTaken = typeof outcome === 'number' && outcome >= 200 && outcome < 300
    const mayRetry = typeof outcome !== 'number' || RETRYABLE.includes(outcome)
    if (!isTaken && mayRetry && this.#tries + 1 < TRIES) {
      if (this.#tries === 0) this.#warn(outcome, 'traces not taken, will be sent again')
      this.#tries += 1
      return
    }
    this.#queue.splice(0, batch.length)
    this.#tries = 0
    if (isTaken) this.#exported += batch.length
    else {
      this.#dropped += batch.length
      this.#warn(outcome, 'traces dropped')
    }
  }

  /** What the collector says may hold anything: only the status is told. */
  #warn(outcome: unknown, message: string): void {
    const reason = typeof outcome === 'number' ? `HTTP ${outcome}` : reasonOf(outcome)
    this.#log.warn(message, { reason })
  }
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; name?: unknown }
  return typeof cause?.code === 'string' ? cause.code : String(name ?? 'no answer')
}

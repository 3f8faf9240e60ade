import type { Clock } from '../base/clock.ts'
import { LIVE_EVERY_MS } from '../ports/live-calls.ts'

/** Proxies and the page take a stream that is silent for longer for dead. */
export const HEARTBEAT_MS = 15_000
/** A reader that has not taken what there was to tell for so long gets nothing more. */
export const SLOW_MS = 20_000

export interface LiveSource {
  /** The events since the last time, one line break after each line; '' when there are none. */
  collect(): string | Promise<string>
  /** Nobody reads any more. Called once. */
  close(): void
}

/** One event of a stream, as `text/event-stream` has it. */
export const eventText = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/**
 * Server-sent events for one reader: what happens between two looks is told as one, so that neither a busy server nor
 * a slow reader makes it grow.
 */
export class LiveStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #clock: Clock
  readonly #source: LiveSource
  #sentMs = -Infinity
  #newsSinceMs: number | undefined
  #wake: (() => void) | undefined
  #isClosed = false
  /** The source has nothing more to tell; what is there still goes out. */
  #isEnding = false

  constructor(clock: Clock, source: (stream: LiveStream) => LiveSource) {
    this.#clock = clock
    this.#newsSinceMs = clock.nowMs()
    this.#source = source(this)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** There is something to collect. */
  tell(): void {
    if (this.#isClosed) return
    if (this.#newsSinceMs === undefined) {
      this.#newsSinceMs = this.#clock.nowMs()
      this.#wake?.()
    } else if (this.#clock.nowMs() - this.#newsSinceMs > SLOW_MS) this.close()
  }

  /** What is there now is the last. */
  end(): void {
    this.#isEnding = true
    this.tell()
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (!this.#isClosed) {
      const hasNews = this.#newsSinceMs !== undefined
      const dueMs = this.#sentMs + (hasNews ? LIVE_EVERY_MS : HEARTBEAT_MS)
      const waitMs = dueMs - this.#clock.nowMs()
      if (waitMs > 0) await this.#pause(waitMs)
      else {
        this.#newsSinceMs = undefined
        const isLast = this.#isEnding
        const text = hasNews ? await this.#source.collect() : ': nothing new\n\n'
        if (isLast) this.close()
        this.#sentMs = this.#clock.nowMs()
        if (text !== '') return { done: false, value: Buffer.from(text) }
      }
    }
    return { done: true, value: undefined }
  }

  /** The reader has gone. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.close()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** Ends it for the reader. May be called twice. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#source.close()
    this.#wake?.()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        cancel()
        this.#wake = undefined
        resolve()
      }
      const cancel = this.#clock.after(ms, go)
      this.#wake = go
    })
  }
}

import type { Log } from '../../base/log.ts'
import type { Result } from '../../base/result.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import type { VadEvents, VadOptions, VadProvider, VadStream } from '../../ports/vad.ts'
import { ModelThread } from '../model-thread.ts'
import { SileroStream } from './silero-stream.ts'
import type { VadAsk, VadReply, VadWindow } from './thread.ts'

/** Silero v6. One thread serves all streams of the process; they ask it only near speech. */
export class SileroVad implements VadProvider {
  readonly name = 'silero'
  readonly #thread: ModelThread<VadAsk, VadReply>
  readonly #streams = new Map<number, SileroStream>()
  #outbox: VadWindow[] = []
  #lastStream = 0
  #asked = 0

  constructor(options: { readonly log: Log }) {
    this.#thread = new ModelThread({
      name: 'silero',
      file: new URL('./thread.ts', import.meta.url),
      setup: undefined,
      log: options.log,
      onReply: (reply: VadReply) => this.#onReply(reply),
      onLost: () => this.#onLost(),
    })
  }

  load(): Promise<Result<void, string>> {
    return this.#thread.load()
  }

  open(options: VadOptions, events: VadEvents): VadStream {
    const id = ++this.#lastStream
    const stream = new SileroStream(id, options.level, events, {
      ask: (window) => this.#ask(window),
      release: () => void this.#post({ type: 'release', stream: id }),
      onClose: () => this.#streams.delete(id),
    })
    this.#streams.set(id, stream)
    return stream
  }

  /** Windows that the thread has not answered yet, of all streams: how far it lags behind. */
  get pendingWindows(): number {
    return this.#asked
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close()
    this.#thread.close()
  }

  /** What all streams write in one tick goes out as one message. */
  #ask(window: VadWindow): void {
    if (this.#outbox.length === 0) queueMicrotask(() => this.#send())
    this.#outbox.push(window)
    this.#asked += 1
  }

  #send(): void {
    const items = this.#outbox
    this.#outbox = []
    if (items.length > 0) this.#post({ type: 'windows', items })
  }

  #post(ask: VadAsk): void {
    if (ask.type === 'release') this.#send()
    if (!this.#thread.post(ask)) this.#fail()
  }

  #onReply(reply: VadReply): void {
    this.#asked -= reply.items.length
    for (const { stream, isSpeech } of reply.items) this.#streams.get(stream)?.onAnswer(isSpeech)
  }

  /** Another thread is started with the next window; what was asked of the dead one stays unknown. */
  #onLost(): void {
    this.#outbox = []
    this.#asked = 0
    if (this.#thread.failure !== undefined) return this.#fail()
    for (const stream of this.#streams.values()) stream.onLost()
  }

  #fail(): void {
    const message = this.#thread.failure
    if (message === undefined) return
    const error: ProviderError = { message, isRetryable: false }
    for (const stream of this.#streams.values()) stream.fail(error)
  }
}

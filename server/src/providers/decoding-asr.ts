import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Result } from '../base/result.ts'
import type { AsrEvents, AsrOptions, AsrProvider, AsrStream } from '../ports/asr.ts'
import { ModelThread } from './model-thread.ts'
import { SentenceStream, type DecodeJob } from './sentence-stream.ts'

export interface DecodingOptions {
  readonly clock: Clock
  readonly log: Log
  /** For the log, and the name of the provider in messages. */
  readonly name: string
  /** Of the thread, when it has to be told from others of the provider's. */
  readonly threadName?: string
  readonly languages: readonly string[] | 'any'
  /** A module that answers {@link DecodeAsk} with {@link DecodeReply}. */
  readonly file: URL
  /** Handed to that module, copied. */
  readonly setup: unknown
  /** The longest sound that the model takes at once. */
  readonly wholeLimitMs?: number
}

export interface DecodeAsk {
  readonly job: number
  /** 16 kHz. */
  readonly samples: Int16Array
}

export interface DecodeReply {
  readonly job: number
  readonly text: string
}

/**
 * A model in a thread that turns whole sentences into text. Being no streaming model, it makes partial
 * transcripts by decoding the sentence again. One thread decodes for all streams, one job at a time, so that
 * a flush never waits for more than the job in hand; what a job decodes is taken when it begins, so that no
 * queue of old sound can grow.
 */
export class DecodingAsr implements AsrProvider {
  readonly name: string
  readonly languages: readonly string[] | 'any'
  readonly #clock: Clock
  readonly #wholeLimit: { readonly wholeLimitMs?: number }
  readonly #thread: ModelThread<DecodeAsk, DecodeReply>
  /** Served in turn: who was served goes to the end. */
  readonly #streams = new Set<SentenceStream>()
  #current:
    | { readonly id: number; readonly stream: SentenceStream; readonly job: DecodeJob }
    | undefined
  #lastJob = 0

  constructor(options: DecodingOptions) {
    const { name, file, setup, log } = options
    this.name = name
    this.languages = options.languages
    this.#clock = options.clock
    this.#wholeLimit =
      options.wholeLimitMs === undefined ? {} : { wholeLimitMs: options.wholeLimitMs }
    this.#thread = new ModelThread({
      name: options.threadName ?? name,
      file,
      setup,
      log,
      onReply: (reply: DecodeReply) => this.#onReply(reply),
      onLost: () => this.#onLost(),
    })
  }

  load(): Promise<Result<void, string>> {
    return this.#thread.load()
  }

  open(_: AsrOptions, events: AsrEvents): AsrStream {
    const stream: SentenceStream = new SentenceStream(events, {
      clock: this.#clock,
      ...this.#wholeLimit,
      wake: () => this.#next(),
      onClose: () => this.#streams.delete(stream),
    })
    this.#streams.add(stream)
    return stream
  }

  /** Nothing is being decoded. */
  get isIdle(): boolean {
    return this.#current === undefined
  }

  close(): void {
    for (const stream of this.#streams) stream.close()
    this.#thread.close()
  }

  #next(): void {
    if (this.#current !== undefined) return
    const chosen = this.#choose()
    if (chosen === undefined) return
    const { stream, job } = chosen
    const id = ++this.#lastJob
    this.#current = { id, stream, job }
    this.#streams.delete(stream)
    this.#streams.add(stream)
    if (this.#thread.post({ job: id, samples: job.samples }, [job.samples.buffer])) return
    this.#current = undefined
    this.#fail()
  }

  #choose(): { readonly stream: SentenceStream; readonly job: DecodeJob } | undefined {
    for (const wantsFlush of [true, false])
      for (const stream of this.#streams) {
        if (stream.hasFlush !== wantsFlush) continue
        const job = stream.nextJob()
        if (job !== undefined) return { stream, job }
      }
    return undefined
  }

  #onReply(reply: DecodeReply): void {
    const current = this.#current
    if (current === undefined || current.id !== reply.job) return
    this.#current = undefined
    current.stream.onText(current.job, reply.text)
    this.#next()
  }

  /** The sound is still here: it is decoded again, by the next thread. */
  #onLost(): void {
    this.#current = undefined
    if (this.#thread.failure === undefined) this.#next()
    else this.#fail()
  }

  #fail(): void {
    const message = this.#thread.failure ?? `${this.name} is closed`
    for (const stream of this.#streams) stream.fail({ message, isRetryable: false })
  }
}

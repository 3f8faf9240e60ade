import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Result } from '../../base/result.ts'
import type { AsrEvents, AsrOptions, AsrProvider, AsrStream } from '../../ports/asr.ts'
import { ModelThread } from '../model-thread.ts'
import { MoonshineStream, type DecodeJob } from './moonshine-stream.ts'
import type { DecodeAsk, DecodeReply, MoonshineSetup } from './thread.ts'

export interface MoonshineOptions extends MoonshineSetup {
  readonly clock: Clock
  readonly log: Log
}

/**
 * Moonshine: English, offline. It is no streaming model: partial transcripts come from decoding the
 * sentence again. One thread decodes for all streams, one job at a time, so that a flush never waits for
 * more than the job in hand; what a job decodes is taken when it begins, so that no queue of old sound
 * can grow. Hot words are not supported by the model.
 */
export class MoonshineAsr implements AsrProvider {
  readonly name = 'moonshine'
  readonly languages = ['en']
  readonly #clock: Clock
  readonly #thread: ModelThread<DecodeAsk, DecodeReply>
  /** Served in turn: who was served goes to the end. */
  readonly #streams = new Set<MoonshineStream>()
  #current:
    | { readonly id: number; readonly stream: MoonshineStream; readonly job: DecodeJob }
    | undefined
  #lastJob = 0

  constructor({ clock, log, model, cacheFolder }: MoonshineOptions) {
    this.#clock = clock
    const setup: MoonshineSetup = { model, cacheFolder }
    this.#thread = new ModelThread({
      name: `moonshine ${model}`,
      file: new URL('./thread.ts', import.meta.url),
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
    const stream: MoonshineStream = new MoonshineStream(events, {
      clock: this.#clock,
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

  #choose(): { readonly stream: MoonshineStream; readonly job: DecodeJob } | undefined {
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
    const message = this.#thread.failure ?? 'moonshine is closed'
    for (const stream of this.#streams) stream.fail({ message, isRetryable: false })
  }
}

import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Result } from '../../base/result.ts'
import { INPUT_FRAME_SAMPLES } from '../../media/pcm.ts'
import type { AsrEvents, AsrOptions, AsrProvider, AsrStream } from '../../ports/asr.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import { LeadIn } from '../lead-in.ts'
import { ModelThread } from '../model-thread.ts'
import type { SherpaSetup } from './sherpa-setup.ts'
import type { StreamAsk, StreamReply } from './streaming-thread.ts'

/** So much sound goes to the thread at once. */
const CHUNK_FRAMES = 5
/** Chunks that the thread has not answered; more wait here. */
const IN_FLIGHT_LIMIT = 5
/** Sound that waits. Past it the oldest is dropped. */
const QUEUE_LIMIT_CHUNKS = 200

/** A streaming model of sherpa-onnx in a thread that serves all calls. */
export class StreamingAsr implements AsrProvider {
  readonly name = 'sherpa'
  readonly languages: readonly string[]
  readonly #clock: Clock
  readonly #thread: ModelThread<StreamAsk, StreamReply>
  readonly #streams = new Map<number, StreamOfOne>()
  #lastStream = 0

  constructor(options: {
    readonly clock: Clock
    readonly log: Log
    readonly languages: readonly string[]
    readonly setup: SherpaSetup
  }) {
    this.#clock = options.clock
    this.languages = options.languages
    this.#thread = new ModelThread({
      name: `sherpa ${options.setup.model.kind}`,
      file: new URL('./streaming-thread.ts', import.meta.url),
      setup: options.setup,
      log: options.log,
      onReply: (reply: StreamReply) => this.#streams.get(reply.stream)?.onReply(reply),
      onLost: () => this.#fail(this.#thread.failure ?? 'the speech model died'),
    })
  }

  load(): Promise<Result<void, string>> {
    return this.#thread.load()
  }

  open(_: AsrOptions, events: AsrEvents): AsrStream {
    const id = ++this.#lastStream
    const stream: StreamOfOne = new StreamOfOne(id, events, {
      clock: this.#clock,
      post: (ask) => {
        const transfer = ask.samples === undefined ? [] : [ask.samples.buffer as ArrayBuffer]
        if (this.#thread.post(ask, transfer)) return
        const message = this.#thread.failure ?? 'the speech model is closed'
        // No event comes while a method of the stream runs.
        this.#clock.after(0, () => stream.fail({ message, isRetryable: false }))
      },
      onClose: () => this.#streams.delete(id),
    })
    this.#streams.set(id, stream)
    return stream
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close()
    this.#thread.close()
  }

  #fail(message: string): void {
    const isRetryable = this.#thread.failure === undefined
    for (const stream of this.#streams.values()) stream.fail({ message, isRetryable })
  }
}

interface Wire {
  readonly clock: Clock
  readonly post: (ask: StreamAsk) => void
  readonly onClose: () => void
}

class StreamOfOne implements AsrStream {
  readonly #id: number
  readonly #events: AsrEvents
  readonly #wire: Wire
  #epoch = 0
  readonly #leadIn = new LeadIn()
  /** Frames on their way into a chunk. */
  #chunk: Int16Array[] = []
  #queue: StreamAsk[] = []
  #inFlight = 0
  #lastPartial = ''
  #isClosed = false

  constructor(id: number, events: AsrEvents, wire: Wire) {
    this.#id = id
    this.#events = events
    this.#wire = wire
  }

  write(frame: Int16Array): void {
    if (this.#isClosed) return
    this.#chunk.push(...this.#leadIn.take(frame))
    if (this.#chunk.length >= CHUNK_FRAMES) this.#endChunk()
  }

  flush(flushId: number): void {
    if (this.#isClosed) return
    this.#leadIn.startOver()
    this.#endChunk()
    this.#put({ stream: this.#id, epoch: this.#epoch, flushId })
  }

  reset(): void {
    this.#epoch += 1
    this.#leadIn.clear()
    this.#chunk = []
    this.#queue = []
    this.#lastPartial = ''
  }

  close(): void {
    if (this.#isClosed) return
    this.reset()
    this.#isClosed = true
    this.#wire.onClose()
    this.#wire.post({ stream: this.#id, epoch: this.#epoch, isLast: true })
  }

  fail(error: ProviderError): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.reset()
    this.#wire.onClose()
    this.#events.onError(error)
  }

  onReply({ epoch, text, flushId }: StreamReply): void {
    this.#inFlight -= 1
    this.#send()
    if (this.#isClosed || epoch !== this.#epoch) return
    if (flushId !== undefined) return this.#events.onFinal(text, flushId)
    const isAwaited = this.#queue.some((ask) => ask.flushId !== undefined)
    if (isAwaited || text === '' || text === this.#lastPartial) return
    this.#lastPartial = text
    this.#events.onPartial(text)
  }

  #endChunk(): void {
    if (this.#chunk.length === 0) return
    const samples = new Int16Array(this.#chunk.length * INPUT_FRAME_SAMPLES)
    for (const [index, frame] of this.#chunk.entries()) {
      samples.set(frame, index * INPUT_FRAME_SAMPLES)
    }
    this.#chunk = []
    this.#put({ stream: this.#id, epoch: this.#epoch, samples })
  }

  #put(ask: StreamAsk): void {
    this.#queue.push(ask)
    if (this.#queue.length > QUEUE_LIMIT_CHUNKS) {
      const oldest = this.#queue.findIndex(({ samples }) => samples !== undefined)
      if (oldest >= 0) this.#queue.splice(oldest, 1)
    }
    this.#send()
  }

  #send(): void {
    while (this.#inFlight < IN_FLIGHT_LIMIT) {
      const ask = this.#queue.shift()
      if (ask === undefined) return
      this.#inFlight += 1
      this.#wire.post(ask)
    }
  }
}

import type { Clock } from '../../base/clock.ts'
import type { LlmEvents, LlmProvider, LlmRequest, LlmStream } from '../../ports/llm.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import { ChatReader, codeOf } from './chat-reader.ts'
import { chatBody, chatUrl, type ChatHow } from './chat-request.ts'
import { SseReader } from './sse.ts'

export interface OpenAiOptions {
  readonly clock: Clock
  readonly baseUrl: string
  readonly model: string
  /** None: no `Authorization` is sent, as servers of one's own want it. */
  readonly apiKey?: string
  readonly how?: ChatHow
}

/** Nothing of the answer by then: it will not come. */
const FIRST_CHUNK_MS = 15_000
/** Nothing more of it for so long: it has broken off. */
const STALL_MS = 15_000
/** Of the body of a refusal, so much is looked at. */
const REFUSAL_LIMIT_CHARS = 16_384

/** Any server that speaks the OpenAI chat protocol, streaming. */
export function openAiLlm(options: OpenAiOptions): LlmProvider {
  return {
    name: 'openai',
    start(request, events): LlmStream {
      const chat = new Chat(options, request, events)
      return { cancel: () => chat.cancel() }
    },
  }
}

/** What went wrong, on its way to the one place that reports it. */
class ChatFailure extends Error {
  readonly isRetryable: boolean

  constructor(message: string, isRetryable: boolean) {
    super(message)
    this.isRetryable = isRetryable
  }
}

class Chat {
  readonly #options: OpenAiOptions
  readonly #events: LlmEvents
  readonly #abort = new AbortController()
  readonly #reader = new ChatReader()
  #cancelTimer: () => void = () => {}
  #isOver = false

  constructor(options: OpenAiOptions, request: LlmRequest, events: LlmEvents) {
    this.#options = options
    this.#events = events
    this.#waitFor(FIRST_CHUNK_MS, 'sent nothing')
    void this.#run(request).catch((error: unknown) => this.#fail(this.#describe(error)))
  }

  cancel(): void {
    this.#isOver = true
    this.#cancelTimer()
    this.#abort.abort()
  }

  async #run(request: LlmRequest): Promise<void> {
    const { baseUrl, model, apiKey } = this.#options
    const url = chatUrl(baseUrl, request.extraQuery)
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      body: chatBody(url, model, request, this.#options.how),
      signal: this.#abort.signal,
    })
    if (!response.ok) throw await refusal(response)
    if (response.body === null) throw new ChatFailure('sent no answer', true)
    const isWhole = response.headers.get('content-type')?.includes('application/json') ?? false
    if (isWhole) this.#take([await response.text()])
    else await this.#readEvents(response.body)
    if (this.#isOver) return
    if (!isWhole && !this.#reader.isFinished) throw new ChatFailure('broke off its answer', true)
    this.#end()
  }

  async #readEvents(body: AsyncIterable<Uint8Array>): Promise<void> {
    const sse = new SseReader()
    for await (const bytes of body) {
      const events = sse.push(bytes)
      if (events === undefined) throw new ChatFailure('sent too long a chunk', false)
      if (events.length > 0) this.#waitFor(STALL_MS, 'stopped in the middle of its answer')
      this.#take(events)
      if (this.#isOver) return
    }
    this.#take(sse.end())
  }

  #take(chunks: readonly string[]): void {
    for (const chunk of chunks) {
      if (this.#isOver) return
      const step = this.#reader.take(chunk)
      if (step.type === 'text') this.#events.onDelta(step.text)
      else if (step.type === 'thought') this.#events.onThinking?.()
      else if (step.type === 'done') this.#end()
      else if (step.type === 'failure') throw new ChatFailure(step.message, step.isRetryable)
    }
  }

  #end(): void {
    const rest = this.#isOver ? '' : this.#reader.rest()
    if (rest !== '') this.#events.onDelta(rest)
    for (const call of this.#reader.toolCalls) if (!this.#isOver) this.#events.onToolCall(call)
    if (this.#isOver) return
    this.cancel()
    this.#events.onEnd()
  }

  #waitFor(ms: number, otherwise: string): void {
    this.#cancelTimer()
    if (this.#isOver) return
    const error = {
      message: `the language model ${otherwise} for ${ms / 1000} s`,
      isRetryable: true,
    }
    this.#cancelTimer = this.#options.clock.after(ms, () => this.#fail(error))
  }

  #fail(error: ProviderError): void {
    if (this.#isOver) return
    this.cancel()
    this.#events.onError(error)
  }

  #describe(error: unknown): ProviderError {
    if (error instanceof ChatFailure) {
      return { message: `the language model ${error.message}`, isRetryable: error.isRetryable }
    }
    const { host } = new URL(this.#options.baseUrl)
    const code = codeOf((error as { cause?: unknown } | undefined)?.cause)
    return { message: `the language model at ${host} cannot be reached${code}`, isRetryable: true }
  }
}

const RETRYABLE: readonly number[] = [408, 409, 425, 429]

/** Of a refusal the status and a code are told: its text may repeat what was said. */
async function refusal(response: Response): Promise<ChatFailure> {
  const text = await response.text().catch(() => '')
  let code = ''
  try {
    const body = JSON.parse(text.slice(0, REFUSAL_LIMIT_CHARS)) as { error?: unknown }
    code = codeOf(body.error ?? body)
  } catch {
    // Not JSON: the status says enough.
  }
  const isRetryable = response.status >= 500 || RETRYABLE.includes(response.status)
  return new ChatFailure(`answered with HTTP ${response.status}${code}`, isRetryable)
}

import type { LlmProvider, LlmRequest, LlmStream, LlmToolCall } from '../ports/llm.ts'
import type { ProviderError } from '../ports/provider-error.ts'

export interface ThinkingEvents {
  onDelta(replyId: number, text: string): void
  onThinking(replyId: number): void
  onToolCall(replyId: number, call: LlmToolCall): void
  onEnd(replyId: number): void
  onError(replyId: number, error: ProviderError): void
}

/** Asks the language model; one reply at a time. */
export class Thinking {
  readonly #llm: LlmProvider
  readonly #events: ThinkingEvents
  #stream: LlmStream | undefined
  #replyId = 0

  constructor(llm: LlmProvider, events: ThinkingEvents) {
    this.#llm = llm
    this.#events = events
  }

  start(replyId: number, request: LlmRequest): void {
    this.cancel()
    this.#replyId = replyId
    const current = (): boolean => this.#replyId === replyId
    let isThinking = false
    const stream = this.#llm.start(request, {
      onDelta: (text) => {
        isThinking = false
        if (current()) this.#events.onDelta(replyId, text)
      },
      onThinking: () => {
        if (isThinking || !current()) return
        isThinking = true
        this.#events.onThinking(replyId)
      },
      onToolCall: (call) => current() && this.#events.onToolCall(replyId, call),
      onEnd: () => current() && this.#events.onEnd(replyId),
      onError: (error) => current() && this.#events.onError(replyId, error),
    })
    if (current()) this.#stream = stream
  }

  cancel(): void {
    this.#replyId = 0
    this.#stream?.cancel()
    this.#stream = undefined
  }
}

import type { Clock } from '../../src/base/clock.ts'
import type { LlmProvider, LlmRequest, LlmToolCall } from '../../src/ports/llm.ts'
import type { ToolRequest, ToolRunner } from '../../src/ports/tools.ts'

/** What a model does when it is asked. */
export interface ModelAnswer {
  readonly text?: string
  /** Before anything comes. */
  readonly afterMs?: number
  readonly calls?: readonly LlmToolCall[]
  readonly fails?: boolean
  readonly thinks?: boolean
  /** It never answers. */
  readonly isSilent?: boolean
}

/** A model that answers by a script, and what it was asked. */
export class ModelScript {
  readonly requests: LlmRequest[] = []
  readonly askedMs: number[] = []
  readonly #answer: (request: LlmRequest, count: number) => ModelAnswer

  constructor(answer: (request: LlmRequest, count: number) => ModelAnswer) {
    this.#answer = answer
  }

  readonly on = (clock: Clock): LlmProvider => ({
    name: 'script',
    start: (request, events) => {
      this.requests.push(request)
      this.askedMs.push(clock.nowMs())
      const answer = this.#answer(request, this.requests.length)
      if (answer.isSilent === true) return { cancel() {} }
      const stop = clock.after(answer.afterMs ?? 1, () => {
        if (answer.thinks === true) events.onThinking?.()
        if (answer.text !== undefined) events.onDelta(answer.text)
        for (const call of answer.calls ?? []) events.onToolCall(call)
        if (answer.fails === true) events.onError({ message: 'failed', isRetryable: true })
        else if (answer.thinks !== true) events.onEnd()
      })
      return { cancel: stop }
    },
  })
}

/** Functions that answer after a while, and what they were called with. */
export class ToolScript {
  readonly calls: ToolRequest[] = []
  readonly #answer: (request: ToolRequest) => { readonly content: string; readonly afterMs: number }

  constructor(answer: (request: ToolRequest) => { content: string; afterMs: number }) {
    this.#answer = answer
  }

  readonly on = (clock: Clock): ToolRunner => ({
    run: (request, onResult) => {
      this.calls.push(request)
      const { content, afterMs } = this.#answer(request)
      return { cancel: clock.after(afterMs, () => onResult(content)) }
    },
  })
}

import type { Clock } from '../../base/clock.ts'
import type { LlmEvents, LlmProvider, LlmRequest, LlmStream } from '../../ports/llm.ts'

/** What stands in for a language model. */
export interface ScriptedLlmOptions {
  /** One for each request made of this provider, from the first again after the last. */
  readonly replies?: readonly string[]
  readonly firstTokenMs?: number
  /** Between words. With 0 all words come in one go. */
  readonly tokenMs?: number
  /** Answers with what the user said, instead of `replies`. */
  readonly echo?: boolean
}

export function scriptedLlm(clock: Clock, options: ScriptedLlmOptions = {}): LlmProvider {
  const replies = options.replies?.length ? options.replies : ['All right, I have heard you.']
  let turn = 0
  return {
    name: 'scripted',
    start(request, events) {
      const text = options.echo ? lastWords(request) : (replies[turn++ % replies.length] ?? '')
      return streamWords(clock, text, events, {
        firstMs: options.firstTokenMs ?? 0,
        wordMs: options.tokenMs ?? 0,
      })
    },
  }
}

const lastWords = (request: LlmRequest): string =>
  request.messages.findLast((message) => message.role === 'user')?.content ?? ''

function streamWords(
  clock: Clock,
  text: string,
  events: LlmEvents,
  pace: { readonly firstMs: number; readonly wordMs: number },
): LlmStream {
  const words = text.match(/\S+\s*/g) ?? []
  let isOver = false
  let index = 0
  const next = (): void => {
    const word = words[index++]
    if (word !== undefined) events.onDelta(word)
    if (isOver) return
    if (index >= words.length) {
      isOver = true
      events.onEnd()
    } else if (pace.wordMs === 0) next()
    else cancelTimer = clock.after(pace.wordMs, next)
  }
  let cancelTimer = clock.after(pace.firstMs, next)
  return {
    cancel() {
      isOver = true
      cancelTimer()
    },
  }
}

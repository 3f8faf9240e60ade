import type { Clock } from '../../base/clock.ts'
import type { LlmProvider, LlmStream } from '../../ports/llm.ts'
import { respond } from './responder.ts'

export interface BuiltinOptions {
  /** Between words, and before the first. */
  readonly wordDelayMs?: number
  /** For dates and times; the server's own when left out. */
  readonly timeZone?: string
}

const WORD_DELAY_MS = 30

/** The small responder that answers when no language model is configured. */
export function builtinLlm(clock: Clock, options: BuiltinOptions = {}): LlmProvider {
  const delayMs = options.wordDelayMs ?? WORD_DELAY_MS
  return {
    name: 'builtin',
    start(request, events): LlmStream {
      const { messages } = request
      const reply = respond({ messages, wallMs: clock.wallMs(), timeZone: options.timeZone })
      const words = reply.text.match(/\S+\s*/g) ?? []
      let isOver = false
      let index = 0
      const next = (): void => {
        const word = words[index++]
        if (word !== undefined) {
          events.onDelta(word)
          if (!isOver) cancelTimer = clock.after(index < words.length ? delayMs : 0, next)
          return
        }
        if (reply.hangsUp) events.onToolCall({ name: 'hangup', arguments: '{}' })
        if (isOver) return
        isOver = true
        events.onEnd()
      }
      let cancelTimer = clock.after(delayMs, next)
      return {
        cancel() {
          isOver = true
          cancelTimer()
        },
      }
    },
  }
}

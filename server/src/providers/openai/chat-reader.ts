import type { LlmToolCall } from '../../ports/llm.ts'
import { Thoughts } from './thoughts.ts'

/** What one chunk of an answer means. */
export type ChatStep =
  | { readonly type: 'text'; readonly text: string }
  /** Nothing to say: a role, usage. */
  | { readonly type: 'nothing' }
  /** A piece of the model's reasoning, or of a function's arguments. */
  | { readonly type: 'thought' }
  | { readonly type: 'done' }
  | { readonly type: 'failure'; readonly message: string; readonly isRetryable: boolean }

/** All that a reply may hold. A model that goes past it has lost its way. */
const REPLY_LIMIT_CHARS = 64 * 1024
const TOOL_CALL_LIMIT = 32

/** Reads the chunks of one chat completion; tool calls are put together from their pieces. */
export class ChatReader {
  readonly #calls = new Map<number, { name: string; arguments: string }>()
  readonly #thoughts = new Thoughts()
  #chars = 0
  #isFinished = false

  /** The model has said why it stopped, so a stream that ends without `[DONE]` is whole. */
  get isFinished(): boolean {
    return this.#isFinished
  }

  get toolCalls(): readonly LlmToolCall[] {
    return [...this.#calls.values()].filter(({ name }) => name !== '')
  }

  /** Text that was held back, for when the answer is over. */
  rest(): string {
    return this.#thoughts.rest()
  }

  take(data: string): ChatStep {
    if (data.trim() === '[DONE]') return { type: 'done' }
    let chunk: unknown
    try {
      chunk = JSON.parse(data)
    } catch {
      return { type: 'failure', message: 'sent a chunk that is not JSON', isRetryable: true }
    }
    const error = member(chunk, 'error')
    if (error !== undefined && error !== null) {
      return { type: 'failure', message: `reports an error${codeOf(error)}`, isRetryable: true }
    }
    const choices = member(chunk, 'choices')
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
    if (typeof member(choice, 'finish_reason') === 'string') this.#isFinished = true
    return this.#message(member(choice, 'delta') ?? member(choice, 'message'))
  }

  #message(message: unknown): ChatStep {
    const isCall = this.#takeCalls(member(message, 'tool_calls'))
    const content = member(message, 'content')
    const written = typeof content === 'string' ? content : ''
    this.#chars += written.length
    if (this.#chars > REPLY_LIMIT_CHARS || this.#calls.size > TOOL_CALL_LIMIT) {
      return { type: 'failure', message: 'sent too long a reply', isRetryable: false }
    }
    const text = this.#thoughts.without(written)
    if (text !== '') return { type: 'text', text }
    const isThought =
      isCall ||
      written !== '' ||
      isText(member(message, 'reasoning_content')) ||
      isText(member(message, 'reasoning'))
    return { type: isThought ? 'thought' : 'nothing' }
  }

  /** True when there is something of a call. */
  #takeCalls(pieces: unknown): boolean {
    if (!Array.isArray(pieces)) return false
    for (const [position, piece] of pieces.entries()) {
      const index = member(piece, 'index')
      const key = typeof index === 'number' ? index : position
      const call = this.#calls.get(key) ?? { name: '', arguments: '' }
      const name = member(member(piece, 'function'), 'name')
      const text = member(member(piece, 'function'), 'arguments')
      if (typeof name === 'string') call.name += name
      if (typeof text === 'string') {
        call.arguments += text
        this.#chars += text.length
      }
      this.#calls.set(key, call)
    }
    return pieces.length > 0
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as Record<string, unknown>)[name]
}

/** The code of an error, if it is a plain word: its message may repeat what was said. */
export function codeOf(error: unknown): string {
  for (const name of ['code', 'type']) {
    const code = member(error, name)
    if (typeof code === 'string' && /^[\w.-]{1,64}$/.test(code)) return ` (${code})`
    if (typeof code === 'number') return ` (${code})`
  }
  return ''
}

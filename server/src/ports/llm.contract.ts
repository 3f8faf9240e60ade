import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LlmMessage, LlmProvider, LlmRequest, LlmStream, LlmToolCall } from './llm.ts'
import { aWhile, until, type Pump } from './pump.contract.ts'

export interface LlmContract {
  readonly name: string
  readonly provider: () => LlmProvider
  readonly pump: Pump
}

export interface Answer {
  readonly deltas: string[]
  readonly toolCalls: LlmToolCall[]
  readonly errors: { readonly message: string; readonly isRetryable: boolean }[]
  /** 'delta', 'tool', 'end', 'error' in the order in which they came. */
  readonly order: string[]
}

export const requestOf = (messages: readonly LlmMessage[]): LlmRequest => ({
  messages,
  extendData: { instanceId: 'i', channelId: 'c', sentenceId: 1 },
  extraQuery: '',
})

/** Starts a request and writes down what comes. */
export function ask(provider: LlmProvider, request: LlmRequest): Answer & { stream: LlmStream } {
  const answer: Answer = { deltas: [], toolCalls: [], errors: [], order: [] }
  const stream = provider.start(request, {
    onDelta: (text) => {
      answer.deltas.push(text)
      answer.order.push('delta')
    },
    onToolCall: (call) => {
      answer.toolCalls.push(call)
      answer.order.push('tool')
    },
    onEnd: () => answer.order.push('end'),
    onError: (error) => {
      answer.errors.push(error)
      answer.order.push('error')
    },
  })
  return { ...answer, stream }
}

export const isOver = (answer: Answer): boolean =>
  answer.order.includes('end') || answer.order.includes('error')

/** What every language model must do; see `llm.ts`. */
export function llmContract({ name, provider, pump }: LlmContract): void {
  const question = requestOf([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello, how are you?' },
  ])

  test(`${name}: an answer comes in pieces and ends once`, async () => {
    const answer = ask(provider(), question)
    assert.deepEqual(answer.order, [], 'no event comes while start runs')
    await until(pump, () => isOver(answer), 'the end')
    await aWhile(pump, 5)
    assert.ok(answer.deltas.length > 1)
    assert.match(answer.deltas.join(''), /\w/)
    assert.equal(answer.order.filter((event) => event === 'end').length, 1)
    assert.equal(answer.order.at(-1), 'end')
    answer.stream.cancel()
    answer.stream.cancel()
  })

  test(`${name}: nothing comes after cancel`, async () => {
    const atOnce = ask(provider(), question)
    atOnce.stream.cancel()
    const later = ask(provider(), question)
    await until(pump, () => later.deltas.length > 0, 'the first word')
    later.stream.cancel()
    later.stream.cancel()
    const seen = later.order.length
    await aWhile(pump)
    assert.deepEqual(atOnce.order, [])
    assert.equal(later.order.length, seen)
  })

  test(`${name}: two requests at a time do not mix`, async () => {
    const one = provider()
    const [first, second] = [ask(one, question), ask(one, question)]
    first.stream.cancel()
    await until(pump, () => isOver(second), 'the end of the second')
    assert.deepEqual(first.order, [])
    assert.deepEqual(second.errors, [])
  })
}

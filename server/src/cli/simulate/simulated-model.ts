import type { Clock } from '../../base/clock.ts'
import type { LlmEvents, LlmProvider, LlmRequest, LlmStream } from '../../ports/llm.ts'
import { milliseconds, type Reply, type Scenario } from './scenario.ts'

const FIRST_MS = 200
const WORD_MS = 20
const OTHERWISE: Reply = { text: 'All right.' }

/** Answers as the scenario says; `onAsked` hears what it is asked. */
export function simulatedModel(
  clock: Clock,
  model: NonNullable<Scenario['model']>,
  onAsked: (question: string) => void,
): LlmProvider {
  const inOrder = (model.replies ?? []).filter((reply) => reply.when === undefined)
  const matching = (model.replies ?? []).filter((reply) => reply.when !== undefined)
  let next = 0
  let last: Reply | undefined
  const choose = (question: string, isAfterFunction: boolean): Reply => {
    if (isAfterFunction) return last?.afterwards ?? inOrder[next++] ?? model.otherwise ?? OTHERWISE
    const said = question.toLowerCase()
    const fitting = matching.find((reply) => said.includes((reply.when ?? '').toLowerCase()))
    return fitting ?? inOrder[next++] ?? model.otherwise ?? OTHERWISE
  }
  return {
    name: 'scripted',
    start(request, events) {
      const question = lastWords(request)
      const isAfterFunction = request.messages.at(-1)?.role === 'tool'
      if (!isAfterFunction) onAsked(question)
      const reply = choose(question, isAfterFunction)
      last = reply
      return answer(clock, reply, events, {
        firstMs: milliseconds(reply.first ?? model.first ?? FIRST_MS),
        wordMs: milliseconds(reply.word ?? model.word ?? WORD_MS),
      })
    },
  }
}

const lastWords = (request: LlmRequest): string =>
  request.messages.findLast((message) => message.role === 'user')?.content ?? ''

function answer(
  clock: Clock,
  reply: Reply,
  events: LlmEvents,
  pace: { readonly firstMs: number; readonly wordMs: number },
): LlmStream {
  const words = (reply.text ?? '').match(/\S+\s*/g) ?? []
  const said = reply.fails === 'before' ? [] : words
  const count = reply.fails === 'midway' ? Math.ceil(said.length / 2) : said.length
  let index = 0
  let cancel = (): void => {}
  const finish = (): void => {
    if (reply.fails !== undefined) {
      return events.onError({ message: 'the scenario has it fail', isRetryable: true })
    }
    if (reply.calls !== undefined) {
      events.onToolCall({ name: reply.calls.name, arguments: reply.calls.arguments ?? '{}' })
    }
    events.onEnd()
  }
  const step = (): void => {
    // Before the word: what comes of it may give this answer up.
    const isLast = index + 1 >= count
    cancel = isLast ? clock.after(0, finish) : clock.after(pace.wordMs, step)
    const word = said[index++]
    if (word !== undefined) events.onDelta(word)
  }
  if (reply.never !== true) cancel = clock.after(pace.firstMs, count === 0 ? finish : step)
  return { cancel: () => cancel() }
}

import type { LlmMessage, LlmProvider } from '../ports/llm.ts'
import type { JudgeQuestion, TurnJudge } from '../ports/turn-judge.ts'

const TASK =
  'You listen to a telephone call and decide whether the user has finished speaking or only pauses. The ' +
  'text comes from speech recognition: punctuation may be wrong. Answer with one word: COMPLETE if the user ' +
  'waits for an answer, INCOMPLETE if more is sure to come, UNSURE if it may be either.'

/** No verdict has so much text; a model that writes more does not understand the task. */
const ANSWER_LIMIT_CHARS = 200

/** Any language model as a judge of turns. */
export function modelJudge(llm: LlmProvider): TurnJudge {
  return {
    name: llm.name,
    judge(question, onVerdict) {
      let text = ''
      let isOver = false
      const finish = (): void => {
        if (isOver) return
        isOver = true
        stream.cancel()
        onVerdict(verdictIn(text))
      }
      const stream = llm.start(requestOf(question), {
        onDelta: (delta) => {
          text += delta
          if (verdictIn(text) !== undefined || text.length > ANSWER_LIMIT_CHARS) finish()
        },
        onToolCall() {},
        onEnd: finish,
        onError: finish,
      })
      return {
        cancel() {
          isOver = true
          stream.cancel()
        },
      }
    },
  }
}

function requestOf({ text, context, extendData, extraQuery }: JudgeQuestion) {
  const said = context.map(
    ({ role, content }) => `${role === 'user' ? 'User' : 'Agent'}: ${content}`,
  )
  const question: LlmMessage = {
    role: 'user',
    content: [...said, `User: ${text}`, '', 'Has the user finished?'].join('\n'),
  }
  const messages = [{ role: 'system' as const, content: TASK }, question]
  return { messages, extendData, extraQuery }
}

/** A word is whole when something else follows it, or nothing can: "COMPLETE" may not grow any more. */
function verdictIn(text: string): 'complete' | 'incomplete' | 'unsure' | undefined {
  const [word] = /\b(?:incomplete|complete|unsure)\b/i.exec(text) ?? []
  return word?.toLowerCase() as 'complete' | 'incomplete' | 'unsure' | undefined
}

import { askModel } from './asking.ts'
import { act, clearTimer, enter, explain, setTimer, take, update, type Draft } from './draft.ts'
import { amendHistory } from './late-tools.ts'
import { isSpeakable } from './segments.ts'
import { TOOL_FILLER_MS, TOOL_ROUND_LIMIT } from './settings.ts'
import { flushText } from './speaking.ts'
import { isThrough, type AgentSpeech, type ToolCall, type ToolRound } from './state.ts'

/** How often it is looked again whether the agent is silent, so that a filler may be said. */
const LOOK_AGAIN_MS = 300

/** The model wants a function called; it is, when its reply is over. */
export function noteToolCall(
  draft: Draft,
  speech: AgentSpeech,
  asked: { readonly name: string; readonly arguments?: string },
): void {
  const { tools = [] } = draft.state.settings
  if (tools.length === 0) {
    const words = `the model calls a function “${asked.name}” that nobody has declared`
    explain(draft, 'tool', words, { turnId: speech.turnId })
    return
  }
  const calls = speech.calls ?? []
  const toolCallId = `call_${speech.replyId ?? 0}_${calls.length + 1}`
  const call = { toolCallId, name: asked.name, arguments: asked.arguments ?? '{}' }
  update(draft, { speech: { ...speech, calls: [...calls, call] } })
}

/**
 * The reply is over, and there are functions to call: what was said before goes on being said, and when all
 * have answered the model is asked again. False when there are none.
 */
export function runTools(draft: Draft): boolean {
  const { speech } = draft.state
  if (speech?.calls === undefined || speech.calls.length === 0 || speech.hangsUp) return false
  if (hasCalledOften(speech)) return false
  setApart(draft, speech)
  flushText(draft)
  const { tools = [] } = draft.state.settings
  const open = draft.state.speech ?? speech
  const calls = speech.calls.map((call): ToolCall => {
    const isKnown = tools.some(({ name }) => name === call.name)
    return isKnown ? call : { ...call, result: problem(`there is no function ${call.name}`) }
  })
  const round: ToolRound = { endChars: open.generated.length, calls, sinceMs: draft.nowMs }
  const rounds = [...(open.rounds ?? []), round]
  update(draft, { speech: { ...open, replyId: undefined, calls: undefined, rounds } })
  for (const call of calls.filter(({ result }) => result === undefined)) {
    const { toolCallId, name } = call
    explain(draft, 'tool', `the model calls ${name}`, { turnId: speech.turnId })
    act(draft, {
      type: 'tool-run',
      toolCallId,
      turnId: speech.turnId,
      name,
      arguments: call.arguments,
    })
  }
  if (fillerOf(draft, round) !== '') setTimer(draft, 'tool-filler', draft.nowMs + TOOL_FILLER_MS)
  thinkIfSilent(draft)
  goOn(draft)
  return true
}

/** What comes after the functions is a text of its own, and clients write one after the other. */
function setApart(draft: Draft, speech: AgentSpeech): void {
  const { generated, rest } = speech
  const isTight = /(?:^|[\s\p{Script=Han}。！？，、])$/u.test(generated)
  if (!isTight)
    update(draft, { speech: { ...speech, generated: `${generated} `, rest: `${rest} ` } })
}

/** It was told to answer now, without functions. */
export const hasCalledOften = ({ rounds = [] }: AgentSpeech): boolean =>
  rounds.length >= TOOL_ROUND_LIMIT

const problem = (message: string): string => JSON.stringify({ error: message })

const isDone = (round: ToolRound | undefined): boolean =>
  round?.calls.every(({ result }) => result !== undefined) ?? true

/** A speech that waits for functions: nothing more comes until they have answered. */
export const awaitsTools = (speech: AgentSpeech): boolean =>
  speech.isOpen && speech.replyId === undefined && !isDone(speech.rounds?.at(-1))

/** Nothing is heard while a function is slow: the agent thinks, as before its first words. */
export function thinkIfSilent(draft: Draft): void {
  const { speech } = draft.state
  if (speech === undefined || !awaitsTools(speech)) return
  if (speech.segments.every(isThrough)) enter(draft, 'thinking')
}

/** What a function gave. It counts even when the user has interrupted meanwhile. */
export function onToolResult(draft: Draft, toolCallId: string, content: string): void {
  const { speech, cut } = draft.state
  const inSpeech = speech && filled(speech, toolCallId, content)
  if (inSpeech !== undefined) {
    update(draft, { speech: inSpeech })
    goOn(draft)
    return
  }
  const inCut = cut && filled(cut.speech, toolCallId, content)
  if (cut !== undefined && inCut !== undefined) update(draft, { cut: { ...cut, speech: inCut } })
  else amendHistory(draft, toolCallId, content)
}

function filled(speech: AgentSpeech, toolCallId: string, result: string): AgentSpeech | undefined {
  let isHere = false
  const rounds = speech.rounds?.map((round) => ({
    ...round,
    calls: round.calls.map((call) => {
      if (call.toolCallId !== toolCallId || call.result !== undefined) return call
      isHere = true
      return { ...call, result }
    }),
  }))
  return isHere && rounds !== undefined ? { ...speech, rounds } : undefined
}

/** All have answered: the model is told, and goes on with the same turn. */
function goOn(draft: Draft): void {
  const { speech, turn } = draft.state
  if (speech === undefined || !speech.isOpen || speech.replyId !== undefined) return
  if (!isDone(speech.rounds?.at(-1)) || turn === undefined) return
  clearTimer(draft, 'tool-filler')
  const rounds = (speech.rounds ?? []).map((round) => ({
    ...round,
    tookMs: round.tookMs ?? draft.nowMs - round.sinceMs,
  }))
  const asking = { ...speech, rounds, replyId: take(draft, 'reply'), isRetry: false }
  update(draft, { speech: asking })
  askModel(draft, asking, turn.query)
}

/** A function is slow and the agent silent: something is said, as no part of the answer. */
export function onToolFiller(draft: Draft): void {
  const { speech } = draft.state
  if (speech === undefined || !awaitsTools(speech)) return
  if (!speech.segments.every(isThrough)) {
    setTimer(draft, 'tool-filler', draft.nowMs + LOOK_AGAIN_MS)
    return
  }
  const text = fillerOf(draft, speech.rounds?.at(-1))
  if (text === '') return
  explain(draft, 'filler', `a function is slow: said “${text}”`, { turnId: speech.turnId })
  act(draft, { type: 'segment-speak', segmentId: take(draft, 'segment'), text })
}

/** Of the first function that has not answered and has one. */
function fillerOf(draft: Draft, round: ToolRound | undefined): string {
  const { tools = [] } = draft.state.settings
  const slow = round?.calls.filter(({ result }) => result === undefined) ?? []
  for (const { name } of slow) {
    const filler = tools.find((tool) => tool.name === name)?.filler ?? ''
    if (isSpeakable(filler)) return filler
  }
  return ''
}

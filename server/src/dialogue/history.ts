import type { TurnMessage } from './events.ts'
import type { AgentSpeech, CutSpeech, DialogueState } from './state.ts'
import type { DialogueSettings, HistoryMessage } from './settings.ts'

/** Stands in the history where the user cut the agent short. */
export const INTERRUPTED_TAG = '<ims_agent_interrupted>'

/** System prompt, then the turns that are kept (the initial history being the oldest), then the question. */
export function requestMessages(state: DialogueState, userText: string): readonly HistoryMessage[] {
  const { settings } = state
  const system: HistoryMessage[] =
    settings.systemPrompt === '' ? [] : [{ role: 'system', content: settings.systemPrompt }]
  const turns = [...initialTurns(settings.initialHistory), ...state.history]
  const limit = settings.historyLimitTurns
  const kept = limit <= 0 ? [] : turns.slice(-limit)
  return [...system, ...kept.flat(), { role: 'user', content: userText }]
}

/** Every user message of the initial history begins a turn. */
function initialTurns(messages: readonly HistoryMessage[]): readonly (readonly HistoryMessage[])[] {
  const turns: HistoryMessage[][] = []
  for (const message of messages) {
    const last = turns.at(-1)
    if (last === undefined || message.role === 'user') turns.push([message])
    else last.push(message)
  }
  return turns
}

/** Stands for the result of a function that has not answered yet. */
export const PENDING_RESULT = 'The function is still running; its result is not known yet.'

/** What the turn's functions were asked and have given so far, as the model reads it. */
export function roundMessages(speech: AgentSpeech): readonly TurnMessage[] {
  return turnMessages(speech, { userText: '', agentText: speech.generated }).slice(
    0,
    (speech.rounds ?? []).reduce((count, { calls }) => count + 1 + calls.length, 0),
  )
}

/**
 * What a turn adds to the history: the question, what the agent said before each round of functions, their
 * calls and results, and the rest of what it said. With `heardChars`, what was said after so many characters
 * stays together.
 */
export function turnMessages(
  { rounds = [] }: AgentSpeech,
  said: { readonly userText: string; readonly agentText: string; readonly heardChars?: number },
): readonly TurnMessage[] {
  const { userText, agentText, heardChars = Infinity } = said
  const messages: TurnMessage[] = userText === '' ? [] : [{ role: 'user', content: userText }]
  let done = 0
  for (const { endChars, calls } of rounds) {
    const until = endChars <= heardChars ? Math.min(endChars, agentText.length) : agentText.length
    const content = agentText.slice(done, Math.max(done, until))
    done = Math.max(done, until)
    const toolCalls = calls.map(({ toolCallId, name, arguments: text }) => ({
      toolCallId,
      name,
      arguments: text,
    }))
    messages.push({ role: 'assistant', content, toolCalls })
    for (const { toolCallId, result } of calls) {
      messages.push({ role: 'tool', content: result ?? PENDING_RESULT, toolCallId })
    }
  }
  const rest = agentText.slice(done)
  return rest === '' ? messages : [...messages, { role: 'assistant', content: rest }]
}

/** The messages with that function's result in the place that was kept for it. */
export const withResult = <Message extends HistoryMessage>(
  messages: readonly Message[],
  toolCallId: string,
  content: string,
): readonly Message[] =>
  messages.map((message) =>
    message.toolCallId === toolCallId && message.content === PENDING_RESULT
      ? { ...message, content }
      : message,
  )

/** Adds a turn and forgets what no request will need any more. */
export function remember(
  history: DialogueState['history'],
  turn: readonly HistoryMessage[],
  settings: DialogueSettings,
): DialogueState['history'] {
  if (turn.length === 0) return history
  return [...history, turn].slice(-Math.max(settings.historyLimitTurns, 1))
}

/** What was played of a speech that was cut, and what the history keeps of it. */
export function cutTexts(
  cut: CutSpeech,
  position: { readonly segmentId?: number; readonly spokenChars: number },
  isSynced: boolean,
): { readonly spoken: string; readonly kept: string } {
  let spoken = ''
  let unheard = ''
  for (const segment of cut.speech.segments) {
    if (segment.progress === 'played') spoken += segment.text
    else if (segment.progress === 'playing' && segment.segmentId === position.segmentId) {
      const chars = wordEnd(segment.text, position.spokenChars)
      spoken += segment.text.slice(0, chars)
      unheard = segment.text.slice(chars)
    }
  }
  const kept = isSynced ? `${spoken}${INTERRUPTED_TAG}${unheard}` : cut.speech.generated
  return { spoken, kept }
}

/** A word that has begun to sound counts as said. */
function wordEnd(text: string, chars: number): number {
  if (chars <= 0) return 0
  const rest = text.slice(chars)
  const isInWord = /[\p{L}\p{N}]$/u.test(text.slice(0, chars)) && /^[\p{L}\p{N}'’]/u.test(rest)
  if (!isInWord || /^\p{Script=Han}/u.test(rest)) return Math.min(chars, text.length)
  const end = rest.search(/[^\p{L}\p{N}'’]/u)
  return end < 0 ? text.length : chars + end
}

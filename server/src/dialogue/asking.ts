import { act, clearTimer, setTimer, update, type Draft } from './draft.ts'
import { requestMessages, roundMessages } from './history.ts'
import { FIRST_TOKEN_MS, TOOL_ROUND_LIMIT } from './settings.ts'
import type { AgentSpeech } from './state.ts'

/** Asks the model about the turn, with what the turn's functions have given so far. */
export function askModel(
  draft: Draft,
  speech: AgentSpeech & { readonly replyId: number },
  query: string,
): void {
  const { turnId, replyId, rounds = [] } = speech
  const messages = [...requestMessages(draft.state, query), ...roundMessages(speech)]
  const withoutTools = rounds.length >= TOOL_ROUND_LIMIT ? { withoutTools: true as const } : {}
  act(draft, { type: 'reply-start', replyId, turnId, messages, ...withoutTools })
  update(draft, { speech: { ...speech, askedMs: draft.nowMs } })
  awaitFirstToken(draft, speech)
}

/** A model that gives nothing for so long has failed; until then, fillers may be said. */
export function awaitFirstToken(draft: Draft, speech: AgentSpeech): void {
  const { fillers } = draft.state.settings
  const isSaidAlready = fillers?.isSequence === false && speech.fillers > 0
  if (fillers !== undefined && speech.generated === '' && !isSaidAlready) {
    setTimer(draft, 'filler', draft.nowMs + fillers.waitMs)
  }
  setTimer(draft, 'first-token', draft.nowMs + FIRST_TOKEN_MS)
}

/** The model has begun: it is slow no longer. */
export function onFirstToken(draft: Draft, speech: AgentSpeech): void {
  clearTimer(draft, 'first-token')
  clearTimer(draft, 'filler')
  if (speech.note.firstTokenMs !== undefined) return
  const { turnId, askedMs = draft.nowMs } = speech
  act(draft, { type: 'note-first-token', turnId, askedMs })
  update(draft, { speech: { ...speech, note: { ...speech.note, firstTokenMs: draft.nowMs } } })
}

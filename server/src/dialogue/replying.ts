import { act, clearTimer, enter, setTimer, take, update, type Draft } from './draft.ts'
import type { DialogueEvent } from './events.ts'
import { remember, requestMessages } from './history.ts'
import { isSpeakable } from './segments.ts'
import { FAREWELL_LIMIT_MS, pickText } from './settings.ts'
import { addText, closeSpeech, emptySpeech, say, tellCompleteReply } from './speaking.ts'
import type { AgentSpeech, UserTurn } from './state.ts'

/** Asks the model about the turn. */
export function startReply(draft: Draft, turn: UserTurn, isRetry = false): void {
  const replyId = take(draft, 'reply')
  const note = { ...turn.note, turnEndMs: turn.note.turnEndMs ?? draft.nowMs }
  const speech = emptySpeech(turn.turnId, 'normal', note, replyId, isRetry)
  update(draft, { turn: { ...turn, note }, speech })
  enter(draft, 'thinking')
  const messages = requestMessages(draft.state, turn.query)
  act(draft, { type: 'reply-start', replyId, turnId: turn.turnId, messages })
  const { fillers } = draft.state.settings
  if (fillers !== undefined) setTimer(draft, 'filler', draft.nowMs + fillers.waitMs)
}

type ReplyEvent = Extract<DialogueEvent, { readonly replyId: number }>

export function onReply(draft: Draft, event: ReplyEvent): void {
  const { speech } = draft.state
  if (speech === undefined || speech.replyId !== event.replyId || !speech.isOpen) return
  switch (event.type) {
    case 'reply-delta': {
      const note = { ...speech.note, firstTokenMs: speech.note.firstTokenMs ?? draft.nowMs }
      update(draft, { speech: { ...speech, note } })
      clearTimer(draft, 'filler')
      addText(draft, event.text)
      return
    }
    case 'reply-tool-call':
      if (!draft.state.settings.hangUpFunctions.includes(event.name)) return
      update(draft, { speech: { ...speech, hangsUp: true } })
      setTimer(draft, 'farewell', draft.nowMs + FAREWELL_LIMIT_MS)
      return
    case 'reply-end':
      clearTimer(draft, 'filler')
      tellCompleteReply(draft, speech)
      closeSpeech(draft)
      return
    case 'reply-error':
      onReplyError(draft, speech, event.isRetryable)
      return
  }
}

/**
 * The model is slow: something is said meanwhile. It is heard before the reply, but it is no part of it: no
 * subtitle, no change of phase, no history.
 */
export function onFillerTimer(draft: Draft, chance: number): void {
  const { speech, settings } = draft.state
  const { fillers } = settings
  if (fillers === undefined || speech?.replyId === undefined || speech.generated !== '') return
  const { messages, isSequence, waitMs } = fillers
  const text = isSequence ? messages[speech.fillers]?.text : pickText(messages, chance)
  update(draft, { speech: { ...speech, fillers: speech.fillers + 1 } })
  if (text === undefined || !isSpeakable(text)) return
  act(draft, { type: 'segment-speak', segmentId: take(draft, 'segment'), text })
  if (isSequence) setTimer(draft, 'filler', draft.nowMs + waitMs)
}

/** Asks once more if nothing has come yet; else what came is said, and if nothing came, an apology. */
function onReplyError(draft: Draft, speech: AgentSpeech, isRetryable: boolean): void {
  if (speech.generated !== '') {
    closeSpeech(draft)
    return
  }
  const { turn, settings } = draft.state
  if (isRetryable && !speech.isRetry && turn !== undefined) {
    startReply(draft, turn, true)
    return
  }
  noteUnanswered(draft, speech)
  update(draft, { speech: undefined, turn: undefined })
  if (isSpeakable(settings.apology)) say(draft, settings.apology, 'speech')
}

/** The user's words stay in the history although no answer came. */
function noteUnanswered(draft: Draft, speech: AgentSpeech): void {
  const { turn, settings, history } = draft.state
  if (turn === undefined) return
  const messages = [{ role: 'user' as const, content: turn.query }]
  update(draft, { history: remember(history, messages, settings) })
  act(draft, { type: 'note-turn', turn: { ...speech.note, history: messages } })
}

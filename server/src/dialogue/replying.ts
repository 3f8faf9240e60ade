import { askModel, awaitFirstToken, onFirstToken } from './asking.ts'
import { act, clearTimer, enter, explain, setTimer, take, update, type Draft } from './draft.ts'
import type { ReplyEvent } from './events.ts'
import { remember, requestMessages, turnMessages } from './history.ts'
import { isSpeakable } from './segments.ts'
import { FAREWELL_LIMIT_MS, pickText } from './settings.ts'
import { addText, closeSpeech, emptySpeech, say, tellCompleteReply } from './speaking.ts'
import { adoptSpeculation, keepAside } from './speculation.ts'
import { breakOff } from './stall.ts'
import { isSilent, type AgentSpeech, type UserTurn } from './state.ts'
import { hasCalledOften, noteToolCall, runTools } from './tools.ts'

/** Asks the model about the turn, unless it has been asked already. */
export function startReply(draft: Draft, turn: UserTurn): void {
  const ahead = adoptSpeculation(draft, requestMessages(draft.state, turn.query))
  const replyId = ahead?.replyId ?? take(draft, 'reply')
  const note = { ...turn.note, turnEndMs: turn.note.turnEndMs ?? draft.nowMs }
  const speech = { ...emptySpeech(turn.turnId, 'normal', note), replyId }
  update(draft, { turn: { ...turn, note }, speech })
  enter(draft, 'thinking')
  if (ahead === undefined) return askModel(draft, speech, turn.query)
  update(draft, { speech: { ...speech, askedMs: ahead.sinceMs } })
  awaitFirstToken(draft, speech)
  for (const event of ahead.events) onReply(draft, event)
}

/** Asks once more what has failed; functions are not called again. */
function askAgain(draft: Draft, speech: AgentSpeech, turn: UserTurn): void {
  const again = { ...speech, replyId: take(draft, 'reply'), isRetry: true, calls: undefined }
  update(draft, { speech: again })
  askModel(draft, again, turn.query)
}

export function onReply(draft: Draft, event: ReplyEvent): void {
  if (keepAside(draft, event)) return
  const { speech } = draft.state
  if (speech === undefined || speech.replyId !== event.replyId || !speech.isOpen) return
  switch (event.type) {
    case 'reply-thinking':
      clearTimer(draft, 'first-token')
      update(draft, { speech: { ...speech, isThinking: true } })
      return
    case 'reply-delta':
      onFirstToken(draft, speech)
      addText(draft, event.text)
      return
    case 'reply-tool-call':
      clearTimer(draft, 'first-token')
      if (!draft.state.settings.hangUpFunctions.includes(event.name)) {
        return noteToolCall(draft, speech, event)
      }
      update(draft, { speech: { ...speech, hangsUp: true } })
      setTimer(draft, 'farewell', draft.nowMs + FAREWELL_LIMIT_MS)
      return
    case 'reply-end':
      clearTimer(draft, 'filler')
      clearTimer(draft, 'first-token')
      if (runTools(draft)) return
      // It calls functions and nothing else, however often.
      if (hasCalledOften(speech) && isSilent(speech)) return onReplyError(draft, speech, false)
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
  const sinceMs = draft.nowMs - (speech.note.turnEndMs ?? draft.nowMs)
  const words = `the model has given nothing for ${Math.round(sinceMs)} ms: said “${text}”`
  explain(draft, 'filler', words, { turnId: speech.turnId, figures: { sinceMs } })
  act(draft, { type: 'segment-speak', segmentId: take(draft, 'segment'), text })
  if (isSequence) setTimer(draft, 'filler', draft.nowMs + waitMs)
}

/** The model has given nothing for too long: as if it had failed. */
export function onFirstTokenTimer(draft: Draft): void {
  const { speech } = draft.state
  if (speech?.replyId === undefined || !speech.isOpen) return
  act(draft, { type: 'reply-cancel' })
  onReplyError(draft, speech, true)
}

/** Asks once more if nothing has come yet; else what came is said, and if nothing came, an apology. */
function onReplyError(draft: Draft, speech: AgentSpeech, isRetryable: boolean): void {
  clearTimer(draft, 'first-token')
  const { turnId } = speech
  if (!isSilent(speech)) {
    breakOff(draft, speech, { what: 'the model broke off' })
    return
  }
  const { turn, settings } = draft.state
  if (isRetryable && !speech.isRetry && turn !== undefined) {
    explain(draft, 'reply-failed', 'the model failed: asked once more', { turnId })
    askAgain(draft, speech, turn)
    return
  }
  clearTimer(draft, 'filler')
  const instead = isSpeakable(settings.apology) ? 'an apology is said' : 'no answer is given'
  explain(draft, 'reply-failed', `the model failed: ${instead}`, { turnId })
  if (speech.segments.length > 0) {
    // What was said before a function was called is heard to its end.
    if (isSpeakable(settings.apology)) {
      update(draft, { toSay: [{ text: settings.apology, kind: 'speech' }, ...draft.state.toSay] })
    }
    closeSpeech(draft)
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
  const messages = turnMessages(speech, { userText: turn.query, agentText: speech.generated })
  update(draft, { history: remember(history, messages, settings) })
  act(draft, { type: 'note-turn', turn: { ...speech.note, history: messages } })
}

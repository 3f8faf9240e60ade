import { isBackchannel, withoutInterruptWords } from './barge-in.ts'
import { act, explain, take, update, type Draft } from './draft.ts'
import type { ReplyEvent } from './events.ts'
import { requestMessages } from './history.ts'
import { join } from './joined-text.ts'
import type { HistoryMessage } from './settings.ts'
import { isTakenOver, type OpenSentence, type Speculation } from './state.ts'
import { judgeTurn } from './turn-judge.ts'

/** A reply that has run far ahead of the turn's end is of no more use than one that has begun. */
const KEPT_EVENTS_LIMIT = 5000

/**
 * The text of a pause is known, and sounds complete: the model is asked although the pause is not over yet
 * (`antiphon.SpeculativeStart`). What it answers is kept aside until the turn is over. Its functions are not run
 * before.
 */
export function speculate(draft: Draft): void {
  const { settings, sentence, isSpeechOn, speech, cut, waiting, leaving } = draft.state
  const isFree = speech === undefined && cut === undefined && waiting === undefined
  if (settings.isSpeculative !== true || settings.isPushToTalk || !isFree) return
  if (sentence?.turn === undefined || isSpeechOn || leaving !== undefined) return
  if (isTakenOver(draft.state) || draft.state.users.length === 0) return
  const { turn } = sentence
  if (judgeTurn(join(turn.text, sentence.text)).verdict !== 'complete') return
  const query = join(turn.query, saidIn(draft, sentence))
  if (query === '' || isBackchannel(draft, query)) return
  const messages = requestMessages(draft.state, query)
  if (isSame(draft.state.speculation?.messages, messages)) return
  dropSpeculation(draft, 'the words have changed')
  const replyId = take(draft, 'reply')
  const { turnId } = turn
  update(draft, { speculation: { replyId, turnId, messages, events: [], sinceMs: draft.nowMs } })
  act(draft, { type: 'reply-start', replyId, turnId, messages, isSpeculative: true })
}

/** What the model is to read of the sentence. */
export const saidIn = (draft: Draft, sentence: OpenSentence): string =>
  sentence.dropsInterruptWords
    ? withoutInterruptWords(sentence.text, draft.state.settings.interruptWords)
    : sentence.text

/** Keeps what comes of a speculative request; a failed one is as if it had never been made. */
export function keepAside(draft: Draft, event: ReplyEvent): boolean {
  const { speculation } = draft.state
  if (speculation === undefined || speculation.replyId !== event.replyId) return false
  if (event.type === 'reply-error' || speculation.events.length >= KEPT_EVENTS_LIMIT) {
    dropSpeculation(draft, 'the model failed')
  } else {
    update(draft, { speculation: { ...speculation, events: [...speculation.events, event] } })
  }
  return true
}

/** The turn is over: the request that was made ahead, if it asks just what is to be asked now. */
export function adoptSpeculation(
  draft: Draft,
  messages: readonly HistoryMessage[],
): Speculation | undefined {
  const { speculation } = draft.state
  if (speculation === undefined) return undefined
  if (!isSame(speculation.messages, messages)) {
    dropSpeculation(draft, 'something else is to be asked')
    return undefined
  }
  update(draft, { speculation: undefined })
  const aheadMs = draft.nowMs - speculation.sinceMs
  const words = `the model had been asked ${Math.round(aheadMs)} ms ahead`
  explain(draft, 'speculation', words, { turnId: speculation.turnId, figures: { aheadMs } })
  return speculation
}

/** It was wrong: nothing of it remains. */
export function dropSpeculation(draft: Draft, reason: string): void {
  const { speculation } = draft.state
  if (speculation === undefined) return
  update(draft, { speculation: undefined })
  act(draft, { type: 'reply-cancel' })
  const { turnId } = speculation
  explain(draft, 'speculation', `the model was asked ahead for nothing: ${reason}`, { turnId })
}

/** After every event: a request ahead lives no longer than the sentence that it was made for. */
export function settleSpeculation(draft: Draft): void {
  const { speculation, sentence, speech, leaving } = draft.state
  if (speculation === undefined) return
  const isStillOpen = sentence?.turn?.turnId === speculation.turnId && leaving === undefined
  if (!isStillOpen || speech !== undefined) {
    dropSpeculation(draft, 'the turn came to nothing')
  }
}

const isSame = (
  one: readonly HistoryMessage[] | undefined,
  other: readonly HistoryMessage[],
): boolean => one !== undefined && JSON.stringify(one) === JSON.stringify(other)

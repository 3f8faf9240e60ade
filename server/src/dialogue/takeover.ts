import { interrupt } from './barge-in.ts'
import { act, clearTimer, setTimer, take, update, type Draft } from './draft.ts'
import type { DialogueEvent, HeardEvent, TakeoverPhase } from './events.ts'
import { remember } from './history.ts'
import { touch } from './idle-time.ts'
import { isSpeakable } from './segments.ts'
import { FAREWELL_LIMIT_MS, FINAL_WAIT_MS } from './settings.ts'
import { say } from './speaking.ts'
import type { DialogueState, HumanSentence, Takeover } from './state.ts'

/** A human who has not joined by then is not waited for any longer: the agent goes on. */
export const TAKEOVER_WAIT_MS = 60_000
/** A pause that ends a sentence of the human: soon, for what is said in the agent's voice comes after it. */
const HUMAN_SILENCE_MS = 300

/** 1016 has no reason of its own for it. */
const INTERRUPTED_BY_TAKEOVER = 0

/**
 * Why that human cannot take this call over: another one has, or the name is that of its only user. Asking
 * again for the same human is no mistake.
 */
export function takeoverRefusal(
  { takeover, users }: DialogueState,
  userId: string,
): 'taken-over' | 'name-taken' | undefined {
  if (isInHand(takeover)) return takeover?.userId === userId ? undefined : 'taken-over'
  return users.length === 1 && users[0] === userId ? 'name-taken' : undefined
}

/** The human is in the channel, or has only just lost the connection: the agent will not come back. */
const isInHand = (takeover: Takeover | undefined): boolean =>
  takeover?.phase === 'here' || takeover?.phase === 'away'

/** The agent falls silent and waits for the human. */
export function onTakeoverStart(
  draft: Draft,
  { userId, voice }: Extract<DialogueEvent, { readonly type: 'takeover-start' }>,
): void {
  const { users, takeover } = draft.state
  if (isInHand(takeover)) return
  begin(draft, { userId, voice, phase: 'awaited', toSay: [] })
  setTimer(draft, 'takeover', draft.nowMs + TAKEOVER_WAIT_MS)
  if (!users.includes(userId)) return
  update(draft, { users: users.filter((user) => user !== userId) })
  onHumanJoin(draft)
}

function begin(draft: Draft, takeover: Takeover): void {
  clearTimer(draft, 'greeting')
  clearTimer(draft, 'opening')
  touch(draft)
  const opening = draft.state.opening === 'awaited' ? { opening: {} } : {}
  update(draft, { takeover, pendingQuery: '', toSay: [], ...opening })
  if (draft.state.speech !== undefined) interrupt(draft, INTERRUPTED_BY_TAKEOVER)
  note(draft, 'awaited')
  tellTakeover(draft)
}

/** What a user has to know of a takeover: all of them, or one who has just come. */
export function tellTakeover(draft: Draft, toUserId?: string): void {
  const { takeover } = draft.state
  if (takeover === undefined || takeover.phase === 'given-up') return
  const { userId, voice } = takeover
  const to = toUserId === undefined ? {} : { toUserId }
  act(draft, { type: 'tell-takeover-starting', userId, voice, ...to })
  if (isInHand(takeover)) act(draft, { type: 'tell-takeover-connected', userId, ...to })
}

export const isHuman = ({ takeover }: DialogueState, userId: string): boolean =>
  takeover?.userId === userId

/** The human is there; one who comes too late takes over all the same. */
export function onHumanJoin(draft: Draft): void {
  const { takeover } = draft.state
  if (takeover === undefined) return
  const { userId, phase } = takeover
  if (phase === 'here') return
  clearTimer(draft, 'takeover')
  if (phase === 'given-up') begin(draft, { ...takeover, phase: 'awaited' })
  update(draft, { takeover: { ...takeover, phase: 'here' } })
  act(draft, { type: 'human-ear', isOpen: true })
  if (phase === 'away') return tellTakeover(draft, userId)
  note(draft, 'here')
  act(draft, { type: 'tell-takeover-connected', userId })
}

/** Gone on purpose, or with a lost connection that may come back. */
export function onHumanLeave(draft: Draft, isOnPurpose: boolean): void {
  if (draft.state.takeover?.phase !== 'here') return
  closeSentence(draft)
  act(draft, { type: 'human-ear', isOpen: false })
  const takeover = { ...draft.state.takeover, phase: 'away' as const }
  update(draft, { takeover })
  if (isOnPurpose) finish(draft)
  else setTimer(draft, 'takeover', draft.nowMs + draft.state.settings.userOfflineTimeoutMs)
}

/** After the loss of a worker: the human has to come, or to come back. */
export function onTakenOverReady(draft: Draft): void {
  const { takeover, settings } = draft.state
  if (takeover === undefined || takeover.phase === 'given-up') return
  const waitMs = takeover.phase === 'awaited' ? TAKEOVER_WAIT_MS : settings.userOfflineTimeoutMs
  setTimer(draft, 'takeover', draft.nowMs + waitMs)
}

export function onTakeoverTimer(draft: Draft): void {
  const { takeover } = draft.state
  if (takeover?.phase === 'away') finish(draft)
  if (takeover?.phase !== 'awaited') return
  update(draft, { takeover: { ...takeover, phase: 'given-up' } })
  note(draft, 'given-up')
  touch(draft)
}

/** The call ends with what the human still has to say. */
function finish(draft: Draft): void {
  if (draft.state.leaving !== undefined) return
  clearTimer(draft, 'takeover')
  update(draft, { leaving: 'takeover-ended', waiting: undefined })
  setTimer(draft, 'farewell', draft.nowMs + FAREWELL_LIMIT_MS)
}

function note(draft: Draft, phase: TakeoverPhase): void {
  const { takeover } = draft.state
  if (takeover === undefined) return
  const { userId, voice } = takeover
  act(draft, { type: 'note-takeover', atMs: draft.nowMs, takeover: { userId, voice, phase } })
}

/** After every event: what the user said to the human is kept, what the human said is said. */
export function settleTakeover(draft: Draft): void {
  const { takeover, waiting, history, settings, users } = draft.state
  if (takeover === undefined || !isInHand(takeover)) return
  if (waiting !== undefined) {
    const messages = [{ role: 'user' as const, content: waiting.query }]
    update(draft, { waiting: undefined, history: remember(history, messages, settings) })
    act(draft, { type: 'note-turn', turn: { ...waiting.note, history: messages } })
  }
  const { speech, cut } = draft.state
  const [next, ...toSay] = takeover.toSay
  if (next === undefined || speech !== undefined || cut !== undefined || users.length === 0) return
  update(draft, { takeover: { ...takeover, toSay } })
  say(draft, next, 'normal', takeover.userId)
}

/** What comes of the human's microphone. */
export function onHumanHeard(draft: Draft, heard: HeardEvent): void {
  const { takeover } = draft.state
  if (takeover?.phase !== 'here') return
  const { sentence } = takeover
  switch (heard.type) {
    case 'speech-start':
      clearTimer(draft, 'human-endpoint')
      setSentence(draft, {
        beginMs: sentence?.beginMs ?? heard.onsetMs,
        text: sentence?.text ?? '',
        isOver: false,
        isSpeechOn: true,
      })
      return
    case 'speech-end': {
      if (sentence === undefined) return
      const flushId = take(draft, 'flush')
      setSentence(draft, { ...sentence, flushId, isFinal: false, isSpeechOn: false })
      act(draft, { type: 'human-asr-flush', flushId })
      const silenceMs = Math.min(draft.state.settings.silenceMs, HUMAN_SILENCE_MS)
      setTimer(draft, 'human-endpoint', heard.endMs + silenceMs)
      return
    }
    case 'transcript-partial':
      if (sentence !== undefined && sentence.isFinal !== true) {
        setSentence(draft, { ...sentence, text: heard.text.trim() })
      }
      return
    case 'transcript-final':
      if (sentence === undefined || sentence.flushId !== heard.flushId) return
      setSentence(draft, { ...sentence, text: heard.text.trim(), isFinal: true })
      if (sentence.isOver) closeSentence(draft)
      return
  }
}

/** The pause was long enough; or the final transcript is too late, and the last partial one has to do. */
export function onHumanEndpoint(draft: Draft): void {
  const sentence = draft.state.takeover?.sentence
  if (sentence === undefined || sentence.isSpeechOn) return
  if (sentence.isFinal === true || sentence.isOver) return closeSentence(draft)
  setSentence(draft, { ...sentence, isOver: true })
  setTimer(draft, 'human-endpoint', draft.nowMs + FINAL_WAIT_MS)
}

function setSentence(draft: Draft, sentence: HumanSentence | undefined): void {
  const { takeover } = draft.state
  if (takeover !== undefined) update(draft, { takeover: { ...takeover, sentence } })
}

/** With a voice of their own the human has been heard already; in the agent's voice it is said now. */
function closeSentence(draft: Draft): void {
  const { takeover } = draft.state
  if (takeover?.sentence === undefined) return
  const { text, beginMs } = takeover.sentence
  clearTimer(draft, 'human-endpoint')
  act(draft, { type: 'human-asr-reset' })
  setSentence(draft, undefined)
  if (!isSpeakable(text)) return
  touch(draft)
  if (takeover.voice === 'own') noteSaid(draft, text, beginMs)
  else {
    update(draft, {
      takeover: { ...takeover, sentence: undefined, toSay: [...takeover.toSay, text] },
    })
  }
}

function noteSaid(draft: Draft, text: string, beginMs: number): void {
  const { takeover, history, settings } = draft.state
  const turnId = take(draft, 'turn')
  const saidBy = takeover?.userId ?? ''
  const sentence = { turnId, role: 'agent', kind: 'normal', text, beginMs, saidBy } as const
  const entryId = take(draft, 'entry')
  act(draft, { type: 'note-sentence', sentence: { ...sentence, entryId, isFinal: true } })
  act(draft, { type: 'tell-agent-subtitle', turnId, text, isEnd: true })
  const messages = [{ role: 'assistant' as const, content: text }]
  update(draft, { history: remember(history, messages, settings) })
  act(draft, { type: 'note-turn', turn: { turnId, history: messages } })
}

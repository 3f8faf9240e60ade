import { act, clearTimer, enter, setPlayoutLevel, setTimer, update, type Draft } from './draft.ts'
import {
  explainContinued,
  explainHold,
  explainInterruption,
  explainRefusal,
  explainRelease,
  noTextReason,
} from './explanations.ts'
import { FALSE_BARGE_IN_MS, HOLD_WITHOUT_TEXT_MS, MERGE_WINDOW_MS } from './settings.ts'
import { cutSpeech } from './speaking.ts'
import {
  hasBegun,
  isTakenOver,
  type AgentSpeech,
  type DialogueState,
  type UserTurn,
} from './state.ts'
import { isAcknowledgement } from './turn-judge.ts'

/** `InterruptReason` of the wire. */
export const INTERRUPTED_BY = { words: 1, voice: 2, command: 3, speech: 4, query: 5 } as const

/**
 * The user makes a sound while the agent speaks or is about to: lower the agent's voice at once, stop it
 * when the sound goes on, and give it up only when text comes of it.
 */
export function suspect(draft: Draft, onsetMs: number): void {
  const { speech, settings } = draft.state
  // Two humans sort it out between them.
  if (speech === undefined || isTakenOver(draft.state)) return
  const isAudible = hasSounded(speech)
  if (isAudible && !settings.isVoiceInterruptOn) return explainRefusal(draft, speech)
  // After a pause the user may go on with what was suspected already.
  const suspicion = draft.state.suspicion ?? { sinceMs: onsetMs, isHeld: !isAudible }
  update(draft, { suspicion })
  setPlayoutLevel(draft, suspicion.isHeld ? 'held' : 'ducked')
  const isHeldSoon = isAudible && !settings.stopsOnTextOnly
  const holdMs = isHeldSoon ? settings.bargeInMs : interruptMinMs(draft.state)
  if (holdMs > 0) setTimer(draft, 'barge-in', onsetMs + holdMs)
  setTimer(draft, 'false-barge-in', suspicion.sinceMs + HOLD_WITHOUT_TEXT_MS)
}

/** The sound has gone on long enough: the agent holds its tongue. */
export function onBargeInTimer(draft: Draft): void {
  const { suspicion, isSpeechOn } = draft.state
  if (suspicion === undefined || !isSpeechOn) return
  const isHeld = suspicion.isHeld || !draft.state.settings.stopsOnTextOnly
  if (!suspicion.isHeld && isHeld) explainHold(draft)
  update(draft, { suspicion: { ...suspicion, isHeld, isLong: true } })
  if (isHeld) setPlayoutLevel(draft, 'held')
  const { speech, sentence, settings } = draft.state
  // Its text has only waited for the speech to be long enough.
  const text = sentence?.text ?? ''
  if (speech === undefined || text === '' || isBackchannel(draft, text, false)) return
  if (interruptMinMs(draft.state) > 0 && settings.isVoiceInterruptOn) {
    interrupt(draft, INTERRUPTED_BY.voice)
  }
}

/** How long speech must last before its text interrupts what the agent is saying, or about to say. */
function interruptMinMs({ settings, speech }: DialogueState): number {
  const { interruptMinMs: least } = settings
  if (least === undefined || speech === undefined) return 0
  return hasSounded(speech) ? least.speaking : least.thinking
}

function isLongEnough(draft: Draft, onsetMs: number): boolean {
  const { suspicion, sentence, isSpeechOn } = draft.state
  const leastMs = interruptMinMs(draft.state)
  if (leastMs === 0 || suspicion?.isLong === true) return true
  // The text is so late that nobody suspects anything any more.
  const endMs = isSpeechOn ? draft.nowMs : (sentence?.endMs ?? draft.nowMs)
  return suspicion === undefined && endMs - onsetMs >= leastMs
}

/** The sound is over; text may still come of it. */
export function onSuspectSilent(draft: Draft, endMs: number): void {
  const { suspicion } = draft.state
  if (suspicion === undefined) return
  update(draft, { suspicion: { ...suspicion, endMs } })
  clearTimer(draft, 'barge-in')
  setTimer(draft, 'false-barge-in', endMs + FALSE_BARGE_IN_MS)
}

/** Text is not waited for any longer. */
export function onFalseBargeIn(draft: Draft): void {
  release(draft, noTextReason(draft))
}

/** It was none: the agent goes on exactly where it was. The reason is for the record. */
export function release(draft: Draft, reason: string): void {
  if (draft.state.suspicion === undefined) return
  explainRelease(draft, reason)
  forgetSuspicion(draft)
  setPlayoutLevel(draft, playoutLevelAtRest(draft.state))
}

/** After every event: an agent that has come to its end can no longer be interrupted. */
export function settleSuspicion(draft: Draft): void {
  const { suspicion, speech, cut } = draft.state
  if (suspicion === undefined || speech !== undefined || cut !== undefined) return
  forgetSuspicion(draft)
  setPlayoutLevel(draft, playoutLevelAtRest(draft.state))
}

/** Nobody hears the agent while nobody is connected: it waits. */
export const playoutLevelAtRest = (state: DialogueState): 'full' | 'held' =>
  state.users.length === 0 && state.hasBegun ? 'held' : 'full'

function forgetSuspicion(draft: Draft): void {
  update(draft, { suspicion: undefined })
  clearTimer(draft, 'barge-in')
  clearTimer(draft, 'false-barge-in')
}

/** Gives the agent's speech up, for whatever reason, and tells the client. */
export function interrupt(draft: Draft, reason: number): void {
  const { speech } = draft.state
  if (speech !== undefined) explainInterruption(draft, speech, reason)
  forgetSuspicion(draft)
  if (speech !== undefined) {
    act(draft, { type: 'tell-interrupted', reason })
    cutSpeech(draft, reason)
  }
  setPlayoutLevel(draft, playoutLevelAtRest(draft.state))
  enter(draft, 'listening')
}

/**
 * The first text of a sentence came while the agent speaks or thinks. Gives back the turn that the sentence
 * continues, if it is no interruption but the rest of what the user was saying.
 */
export function onTextWhileSpeaking(
  draft: Draft,
  sentence: { readonly onsetMs: number; readonly endMs?: number; readonly text: string },
  isFinal: boolean,
): { readonly continued?: UserTurn; readonly byWords: boolean } {
  const { speech, turn, settings } = draft.state
  if (speech === undefined || isTakenOver(draft.state)) return { byWords: false }
  const isLong = isLongEnough(draft, sentence.onsetMs)
  const isSame = turn?.turnId === speech.turnId && isLong
  if (isSame && continues(draft.state, turn, speech, sentence.onsetMs)) {
    explainContinued(draft, speech, sentence)
    if (hasSounded(speech)) act(draft, { type: 'tell-interrupted', reason: INTERRUPTED_BY.voice })
    forgetSuspicion(draft)
    cutSpeech(draft, INTERRUPTED_BY.voice, true)
    setPlayoutLevel(draft, playoutLevelAtRest(draft.state))
    enter(draft, 'listening')
    return { continued: turn, byWords: false }
  }
  const byWords = hasInterruptWord(sentence.text, settings.interruptWords)
  if (byWords) interrupt(draft, INTERRUPTED_BY.words)
  else if (wasSaidBefore(draft.state, sentence.endMs)) return { byWords }
  else if (settings.isVoiceInterruptOn && isLong && !isBackchannel(draft, sentence.text, isFinal)) {
    interrupt(draft, INTERRUPTED_BY.voice)
  }
  return { byWords }
}

/** Words that were over before the agent began: only their text comes now. They interrupt nothing. */
export const wasSaidBefore = (
  { speech, isSpeechOn }: DialogueState,
  endMs: number | undefined,
): boolean =>
  !isSpeechOn && endMs !== undefined && speech?.beginMs !== undefined && endMs <= speech.beginMs

/** The user only shows that they listen; a text that is not final may still become more. */
export function isBackchannel(draft: Draft, text: string, isFinal = true): boolean {
  const { speech, settings } = draft.state
  if (speech === undefined || !hasSounded(speech)) return false
  return isAcknowledgement(text, settings.acknowledgements, isFinal)
}

/** The user had only drawn breath: the reply was not heard yet, or the turn was closed a moment ago. */
function continues(
  state: DialogueState,
  turn: UserTurn,
  speech: AgentSpeech,
  onsetMs: number,
): boolean {
  if (!state.settings.mergesSentences || state.settings.isPushToTalk) return false
  // Functions have been called for it: that cannot be forgotten.
  if (speech.rounds !== undefined) return false
  if (!hasSounded(speech)) return true
  if (!state.settings.isVoiceInterruptOn) return false
  return onsetMs - (turn.note.turnEndMs ?? 0) < MERGE_WINDOW_MS
}

export const hasSounded = (speech: AgentSpeech): boolean => speech.segments.some(hasBegun)

const fold = (text: string): string => text.toLowerCase().replace(/[\p{P}\p{S}\s]/gu, '')

/** Anywhere in the text; case, punctuation and blanks do not matter. */
export function hasInterruptWord(text: string, words: readonly string[]): boolean {
  const folded = fold(text)
  return words.some((word) => fold(word) !== '' && folded.includes(fold(word)))
}

/** The text without the words, as the model reads it. */
export function withoutInterruptWords(text: string, words: readonly string[]): string {
  let rest = text
  for (const word of words) {
    const letters = [...fold(word)].map((letter) => letter.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    if (letters.length === 0) continue
    rest = rest.replace(new RegExp(letters.join('[\\p{P}\\p{S}\\s]*'), 'giu'), ' ')
  }
  return rest
    .replace(/^[\p{P}\s]+/u, '')
    .replace(/\s+/g, ' ')
    .trim()
}

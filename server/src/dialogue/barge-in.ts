import { act, clearTimer, enter, setPlayoutLevel, setTimer, update, type Draft } from './draft.ts'
import { FALSE_BARGE_IN_MS, HOLD_WITHOUT_TEXT_MS, MERGE_WINDOW_MS } from './settings.ts'
import { cutSpeech } from './speaking.ts'
import type { AgentSpeech, DialogueState, UserTurn } from './state.ts'
import { isAcknowledgement } from './turn-judge.ts'

/** `InterruptReason` of the wire. */
export const INTERRUPTED_BY = { words: 1, voice: 2, command: 3, speech: 4, query: 5 } as const

/**
 * The user makes a sound while the agent speaks or is about to: lower the agent's voice at once, stop it
 * when the sound goes on, and give it up only when text comes of it.
 */
export function suspect(draft: Draft, onsetMs: number): void {
  const { speech, settings } = draft.state
  if (speech === undefined) return
  const isAudible = hasSounded(speech)
  if (isAudible && !settings.isVoiceInterruptOn) return
  // After a pause the user may go on with what was suspected already.
  const suspicion = draft.state.suspicion ?? { sinceMs: onsetMs, isHeld: !isAudible }
  update(draft, { suspicion })
  setPlayoutLevel(draft, suspicion.isHeld ? 'held' : 'ducked')
  if (isAudible && !settings.stopsOnTextOnly) {
    setTimer(draft, 'barge-in', onsetMs + settings.bargeInMs)
  }
  setTimer(draft, 'false-barge-in', suspicion.sinceMs + HOLD_WITHOUT_TEXT_MS)
}

/** The sound has gone on long enough: the agent holds its tongue. */
export function onBargeInTimer(draft: Draft): void {
  const { suspicion, isSpeechOn } = draft.state
  if (suspicion === undefined || !isSpeechOn) return
  update(draft, { suspicion: { ...suspicion, isHeld: true } })
  setPlayoutLevel(draft, 'held')
}

/** The sound is over; text may still come of it. */
export function onSuspectSilent(draft: Draft, endMs: number): void {
  if (draft.state.suspicion === undefined) return
  clearTimer(draft, 'barge-in')
  setTimer(draft, 'false-barge-in', endMs + FALSE_BARGE_IN_MS)
}

/** It was none: the agent goes on exactly where it was. */
export function release(draft: Draft): void {
  if (draft.state.suspicion === undefined) return
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
  sentence: { readonly onsetMs: number; readonly text: string },
): { readonly continued?: UserTurn; readonly byWords: boolean } {
  const { speech, turn, settings } = draft.state
  if (speech === undefined) return { byWords: false }
  if (turn?.turnId === speech.turnId && continues(draft.state, turn, speech, sentence.onsetMs)) {
    if (hasSounded(speech)) act(draft, { type: 'tell-interrupted', reason: INTERRUPTED_BY.voice })
    forgetSuspicion(draft)
    cutSpeech(draft, INTERRUPTED_BY.voice, true)
    setPlayoutLevel(draft, playoutLevelAtRest(draft.state))
    enter(draft, 'listening')
    return { continued: turn, byWords: false }
  }
  const byWords = hasInterruptWord(sentence.text, settings.interruptWords)
  if (byWords) interrupt(draft, INTERRUPTED_BY.words)
  else if (settings.isVoiceInterruptOn && !isBackchannel(draft, sentence.text)) {
    interrupt(draft, INTERRUPTED_BY.voice)
  }
  return { byWords }
}

/** The user only shows that they listen. */
export function isBackchannel(draft: Draft, text: string): boolean {
  const { speech, settings } = draft.state
  if (speech === undefined || !hasSounded(speech)) return false
  return isAcknowledgement(text, settings.acknowledgements)
}

/** The user had only drawn breath: the reply was not heard yet, or the turn was closed a moment ago. */
function continues(
  state: DialogueState,
  turn: UserTurn,
  speech: AgentSpeech,
  onsetMs: number,
): boolean {
  if (!state.settings.mergesSentences || state.settings.isPushToTalk) return false
  if (!hasSounded(speech)) return true
  if (!state.settings.isVoiceInterruptOn) return false
  return onsetMs - (turn.note.turnEndMs ?? 0) < MERGE_WINDOW_MS
}

export const hasSounded = (speech: AgentSpeech): boolean =>
  speech.segments.some((segment) => segment.progress !== 'queued')

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

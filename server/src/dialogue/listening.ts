import {
  hasSounded,
  isBackchannel,
  onSuspectSilent,
  onTextWhileSpeaking,
  release,
  suspect,
  wasSaidBefore,
} from './barge-in.ts'

import { onMoreAwaited, onPauseOver } from './backchannel.ts'
import { act, clearTimer, explain, setTimer, take, update, type Draft } from './draft.ts'
import type { DialogueEvent } from './events.ts'
import { explainEnd, explainPause } from './explanations.ts'
import { touch } from './idle-time.ts'
import { join } from './joined-text.ts'
import { askJudge, dismissJudge, judgementOf, onJudged, onJudgeTimer } from './model-judge.ts'
import { FINAL_WAIT_MS, UNFINISHED_WAIT_MS, UNSURE_WAIT_MS } from './settings.ts'
import { startReply } from './replying.ts'
import { dropSpeculation, saidIn, speculate } from './speculation.ts'
import { isTakenOver, type OpenSentence, type UserTurn } from './state.ts'
import { endsWithWord, type Verdict } from './turn-judge.ts'

/** The user begins to speak, or goes on in the pause that would have ended the sentence. */
export function onSpeechStart(draft: Draft, onsetMs: number): void {
  stopWaiting(draft)
  dismissJudge(draft)
  dropSpeculation(draft, 'the user goes on')
  const { sentence, isSpeechOn } = draft.state
  if (sentence?.endMs !== undefined && !isSpeechOn) {
    explainPause(draft, sentence, onsetMs - sentence.endMs)
  }
  const open = sentence ?? { onsetMs, text: '', isOver: false, dropsInterruptWords: false }
  update(draft, { isSpeechOn: true, sentence: goingOn(open) })
  if (!isSpeechOn) onPauseOver(draft, onsetMs - (sentence?.endMs ?? onsetMs))
  suspect(draft, onsetMs)
}

/** What was known of its end holds no longer. */
const goingOn = (sentence: OpenSentence): OpenSentence => ({
  ...sentence,
  isOver: false,
  isCutOff: undefined,
  finalMs: undefined,
  flushId: undefined,
})

/** The user pauses: ask for the text so far, and wait whether the pause is long enough. */
export function onSpeechEnd(draft: Draft, endMs: number): void {
  const { sentence, settings } = draft.state
  update(draft, { isSpeechOn: false })
  onSuspectSilent(draft, endMs)
  if (sentence === undefined) return
  flush(draft, { ...sentence, endMs })
  setTimer(draft, 'endpoint', endMs + settings.silenceMs)
}

function flush(draft: Draft, sentence: OpenSentence): void {
  const flushId = take(draft, 'flush')
  const asked = { ...sentence, flushId, flushMs: draft.nowMs, finalMs: undefined }
  update(draft, { sentence: asked })
  act(draft, { type: 'asr-flush', flushId })
}

export function onPartial(draft: Draft, text: string): void {
  const { sentence } = draft.state
  // A late partial says less than the final transcript that is there already.
  if (sentence?.finalMs !== undefined || text.trim() === '') return
  hear(draft, text, false)
}

export function onFinal(draft: Draft, text: string, flushId: number): void {
  const { sentence } = draft.state
  if (sentence === undefined) return
  if (sentence.flushId !== flushId) {
    // Of an earlier pause; later than the answer to the last one it says less.
    if (text.trim() !== '' && sentence.finalMs === undefined) hear(draft, text, false)
    return
  }
  if (text.trim() !== '') hear(draft, text, true)
  else onNothingHeard(draft)
  const heard = draft.state.sentence
  if (heard === undefined) return
  update(draft, { sentence: { ...heard, text: text.trim(), finalMs: draft.nowMs } })
  const endWord = endsWithWord(text, draft.state.settings.turnDetection.endWords)
  if (endWord !== undefined && !draft.state.isSpeechOn) {
    closeSentence(draft, `turn-end word “${endWord}”`)
    return
  }
  askJudge(draft)
  if (isNodded(draft)) release(draft, `“${text.trim()}” only shows that the user listens`)
  if (heard.isOver) judge(draft)
  else speculate(draft)
}

/** The user is silent again, and all that was said is "mhm". */
function isNodded(draft: Draft): boolean {
  const { sentence, isSpeechOn } = draft.state
  if (sentence?.turn === undefined || isSpeechOn) return false
  return isBackchannel(draft, join(sentence.turn.query, sentence.text))
}

/**
 * Nothing was recognised in what may have been an interruption. A reply that has not begun to sound need not
 * wait any longer; an answer that was stopped waits a little more, since people pause after "stop".
 */
function onNothingHeard(draft: Draft): void {
  const { speech, isSpeechOn } = draft.state
  if (!isSpeechOn && speech !== undefined && !hasSounded(speech)) {
    release(draft, 'nothing was recognised in the sound')
  }
}

/** There is text: it is shown, and it decides what becomes of the agent's speech. */
function hear(draft: Draft, text: string, isFinal: boolean): void {
  const open: OpenSentence = draft.state.sentence ?? {
    onsetMs: draft.nowMs,
    text: '',
    isOver: false,
    dropsInterruptWords: false,
  }
  const sentence = { ...open, text: text.trim() }
  const { continued, byWords } = onTextWhileSpeaking(draft, sentence, isFinal)
  const turn = sentence.turn ?? continued ?? takeWaiting(draft) ?? newTurn(draft, sentence.onsetMs)
  const dropsInterruptWords =
    sentence.dropsInterruptWords || (byWords && !draft.state.settings.keepsInterruptWords)
  touch(draft)
  update(draft, { sentence: { ...sentence, turn, dropsInterruptWords } })
  tellUserText(draft, turn, join(turn.text, sentence.text), false)
}

function takeWaiting(draft: Draft): UserTurn | undefined {
  const { waiting } = draft.state
  if (waiting !== undefined) update(draft, { waiting: undefined })
  return waiting
}

function newTurn(draft: Draft, beginMs: number): UserTurn {
  const turnId = take(draft, 'turn')
  const entryId = take(draft, 'entry')
  return {
    turnId,
    entryId,
    text: '',
    query: '',
    beginMs,
    note: { turnId, history: [], speechStartMs: beginMs },
  }
}

/** Noted before it is told: what a client has seen is never lost. */
function tellUserText(draft: Draft, turn: UserTurn, text: string, isEnd: boolean): void {
  const { turnId, entryId, beginMs } = turn
  act(draft, {
    type: 'note-sentence',
    sentence: { entryId, turnId, role: 'user', kind: 'normal', text, beginMs, isFinal: isEnd },
  })
  act(draft, { type: 'tell-user-subtitle', turnId, text, isEnd })
}

/** The pause was long enough. */
export function onEndpoint(draft: Draft): void {
  const { sentence, isSpeechOn } = draft.state
  if (sentence === undefined || isSpeechOn) return
  endSentence(draft)
}

/** The sentence is over as soon as its final transcript is there. */
function endSentence(draft: Draft): void {
  const { sentence } = draft.state
  if (sentence === undefined) return
  update(draft, { sentence: { ...sentence, isOver: true, overMs: draft.nowMs } })
  if (sentence.finalMs !== undefined) judge(draft)
  else setTimer(draft, 'final-wait', draft.nowMs + FINAL_WAIT_MS)
}

/** The final transcript is later than can be waited for: the last partial one has to do. */
export function onFinalWait(draft: Draft): void {
  if (draft.state.sentence?.isOver === true) closeSentence(draft, 'final transcript too late')
}

/** The pause is long enough and the text is known: is it the end? A pressed button leaves no doubt. */
function judge(draft: Draft): void {
  const { sentence, settings } = draft.state
  if (sentence === undefined) return
  const silence = `silence ${settings.silenceMs} ms`
  if (settings.isPushToTalk) return closeSentence(draft, 'button released')
  if (sentence.isCutOff === true) return closeSentence(draft, 'push-to-talk was switched')
  const { isSemantic, waitMs } = settings.turnDetection
  const isPlain = !isSemantic || sentence.turn === undefined || isNodded(draft)
  if (isPlain) return closeSentence(draft, silence)
  const judgement = judgementOf(draft, sentence)
  if (judgement === undefined) return
  const { verdict, reason } = judgement
  if (verdict === 'complete') return closeSentence(draft, `${silence}, complete: ${reason}`)
  const automaticMs = verdict === 'incomplete' ? UNFINISHED_WAIT_MS : UNSURE_WAIT_MS
  const endpointReason = `waited ${waitMs ?? automaticMs} ms for more, ${verdict}: ${reason}`
  update(draft, { sentence: { ...(draft.state.sentence ?? sentence), endpointReason } })
  const untilMs = (sentence.endMs ?? draft.nowMs) + (waitMs ?? automaticMs)
  setTimer(draft, 'more-speech', untilMs)
  if (verdict === 'incomplete') onMoreAwaited(draft, untilMs)
}

/** The judge's word is there, or it has none. */
export function onTurnJudged(draft: Draft, judgeId: number, verdict: Verdict | undefined): void {
  if (onJudged(draft, judgeId, verdict)) judge(draft)
}

/** The judge is too slow. */
export function onJudgeLate(draft: Draft): void {
  if (onJudgeTimer(draft)) judge(draft)
}

/** No more speech came. */
export function onMoreSpeechTimer(draft: Draft): void {
  const { sentence, isSpeechOn } = draft.state
  if (sentence === undefined || isSpeechOn) return
  closeSentence(draft, sentence.endpointReason ?? '')
}

function stopWaiting(draft: Draft): void {
  clearTimer(draft, 'endpoint')
  clearTimer(draft, 'more-speech')
  clearTimer(draft, 'final-wait')
}

function closeSentence(draft: Draft, endpointReason: string): void {
  dismissJudge(draft)
  const { sentence } = draft.state
  if (sentence === undefined) return
  stopWaiting(draft)
  act(draft, { type: 'asr-reset' })
  update(draft, { sentence: undefined })
  if (sentence.turn === undefined) onNothingHeard(draft)
  else release(draft, 'what was said does not interrupt')
  explainEnd(draft, sentence, endpointReason)
  const turn = sentence.turn
  // Noise: nothing was recognised, and it does not continue anything either.
  if (turn === undefined) return
  const closed: UserTurn = {
    ...turn,
    text: join(turn.text, sentence.text),
    query: join(turn.query, saidIn(draft, sentence)),
    // A turn that goes on is asked anew.
    note: { ...turn.note, ...closingNote(sentence), turnEndMs: undefined, endpointReason },
    closedMs: draft.nowMs,
    lateMs: Math.max(0, (sentence.finalMs ?? draft.nowMs) - (sentence.overMs ?? draft.nowMs)),
  }
  tellUserText(draft, closed, closed.text, true)
  if (closed.query === '' || isBackchannel(draft, closed.query)) {
    const words = `“${closed.text}” only shows that the user listens: the agent goes on`
    explain(draft, 'acknowledgement', words, closed)
    act(draft, { type: 'note-turn', turn: closed.note })
  } else ask(draft, closed)
}

const closingNote = (sentence: OpenSentence): Partial<UserTurn['note']> => ({
  speechEndMs: sentence.endMs,
  finalTranscriptMs: sentence.finalMs,
})

/** Asks the model, or lets the turn wait (or go) when the agent may not be interrupted. */
function ask(draft: Draft, turn: UserTurn): void {
  const { speech, cut, settings, waiting, toSay } = draft.state
  const isOurs = !isTakenOver(draft.state)
  // What was to be said into the user's speech comes before the answer.
  const isFree = speech === undefined && cut === undefined && toSay.length === 0
  if (isOurs && isFree) {
    // What was typed meanwhile is answered together with what was said.
    if (waiting !== undefined) act(draft, { type: 'note-turn', turn: waiting.note })
    update(draft, { waiting: undefined })
    startReply(draft, { ...turn, query: join(waiting?.query ?? '', turn.query) })
    return
  }
  const isBefore = wasSaidBefore(draft.state, turn.note.speechEndMs)
  const isDropped =
    settings.uninterruptedSpeech === 'discard' &&
    speech !== undefined &&
    hasSounded(speech) &&
    !isBefore
  if (isOurs && isDropped) {
    explain(draft, 'turn-dropped', 'said while the agent may not be interrupted: discarded', turn)
    act(draft, { type: 'note-turn', turn: turn.note })
    return
  }
  if (speech !== undefined && hasSounded(speech)) {
    const why = isBefore ? 'the agent had begun to speak' : 'the agent may not be interrupted'
    explain(draft, 'turn-waits', `${why}: answered afterwards`, turn)
  }
  update(draft, { waiting: turn })
}

/** Text that was typed, or asked before the call: a turn of its own, asked when the agent is free. */
export function takeText(draft: Draft, text: string): void {
  const turn = takeWaiting(draft) ?? newTurn(draft, draft.nowMs)
  const closed = { ...turn, text: join(turn.text, text), query: join(turn.query, text) }
  tellUserText(draft, closed, closed.text, true)
  update(draft, {
    waiting: { ...closed, closedMs: draft.nowMs, note: { ...closed.note, endpointReason: 'text' } },
  })
  explain(draft, 'turn-end', 'typed, not spoken: nothing to wait for', closed)
  touch(draft)
}

type TalkEvent = Extract<
  DialogueEvent,
  { readonly type: 'talk-start' | 'talk-finish' | 'talk-cancel' }
>

/** The button of push-to-talk; `interrupt` has been seen to. */
export function onTalk(draft: Draft, event: TalkEvent): void {
  if (!draft.state.settings.isPushToTalk) return
  switch (event.type) {
    case 'talk-start':
      touch(draft)
      press(draft)
      act(draft, { type: 'ear-mode', mode: 'open' })
      return
    case 'talk-finish':
      finishPress(draft)
      return
    case 'talk-cancel':
      if (draft.state.earMode !== 'open') return
      closeEar(draft)
      dropSentence(draft)
      return
  }
}

/** A press so soon after another that the text of that one is not there yet goes on with it. */
function press(draft: Draft): void {
  stopWaiting(draft)
  const { sentence, earMode } = draft.state
  const isFirst = sentence === undefined || earMode === 'open'
  if (isFirst) dropSentence(draft)
  const begun = { onsetMs: draft.nowMs, text: '', dropsInterruptWords: false }
  const open = isFirst ? { ...begun, isOver: false } : sentence
  update(draft, { earMode: 'open', isSpeechOn: true, sentence: goingOn(open) })
}

/** The button is released, or nobody is there any more who could hold it. */
export function finishPress(draft: Draft): void {
  const { sentence, earMode } = draft.state
  if (earMode !== 'open' || sentence === undefined) return
  closeEar(draft)
  flush(draft, { ...sentence, endMs: draft.nowMs })
  endSentence(draft)
}

function closeEar(draft: Draft): void {
  update(draft, { earMode: 'closed', isSpeechOn: false })
  act(draft, { type: 'ear-mode', mode: 'closed' })
}

/** Forgets the sentence under way; what it continued is asked again. */
export function dropSentence(draft: Draft): void {
  dismissJudge(draft)
  dropSpeculation(draft, 'what was being said was given up')
  const { sentence } = draft.state
  if (sentence === undefined) return
  stopWaiting(draft)
  act(draft, { type: 'asr-reset' })
  update(draft, { sentence: undefined, isSpeechOn: false })
  release(draft, 'what was being said was given up')
  if (sentence.turn === undefined) return
  tellUserText(draft, sentence.turn, sentence.turn.text, true)
  if (sentence.turn.query !== '') update(draft, { waiting: sentence.turn })
}

/** What was being said ends here: it is answered as far as it came. */
function cutOff(draft: Draft): void {
  const { sentence, isSpeechOn } = draft.state
  if (sentence === undefined) return
  stopWaiting(draft)
  update(draft, { isSpeechOn: false, sentence: { ...sentence, isCutOff: true } })
  const cut = draft.state.sentence
  if (cut !== undefined && isSpeechOn) flush(draft, { ...cut, endMs: draft.nowMs })
  endSentence(draft)
}

/** Changes between the VAD and the button as what opens the user's microphone. */
export function switchPushToTalk(draft: Draft, isEnabled: boolean): void {
  if (draft.state.settings.isPushToTalk !== isEnabled) {
    cutOff(draft)
    const earMode = isEnabled ? 'closed' : 'vad'
    const settings = { ...draft.state.settings, isPushToTalk: isEnabled }
    update(draft, { settings, earMode, isSpeechOn: false })
    act(draft, { type: 'ear-mode', mode: earMode })
  }
  act(draft, { type: 'tell-push-to-talk', isEnabled })
}

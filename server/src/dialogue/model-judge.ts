import { act, clearTimer, setTimer, update, type Draft } from './draft.ts'
import { requestMessages } from './history.ts'
import { join } from './joined-text.ts'
import { JUDGE_WAIT_MS } from './settings.ts'
import type { OpenSentence } from './state.ts'
import { judgeTurn, type Judgement, type Verdict } from './turn-judge.ts'

/** Messages before the turn that a judge gets along: what was asked tells what answer is a whole one. */
const CONTEXT_MESSAGES = 4

/** The text of a pause is known: a better judge is asked at once, so that its word is there when the pause is over. */
export function askJudge(draft: Draft): void {
  const { settings, sentence, isSpeechOn } = draft.state
  const isWanted = settings.turnDetection.isSemantic && settings.turnDetection.hasJudge === true
  if (!isWanted || settings.isPushToTalk || isSpeechOn) return
  if (sentence?.turn === undefined || sentence.flushId === undefined) return
  const judgeId = sentence.flushId
  const text = join(sentence.turn.text, sentence.text)
  const { turnId } = sentence.turn
  update(draft, { sentence: { ...sentence, judging: { judgeId } } })
  const context = requestMessages(draft.state, text)
    .filter(({ role }) => role === 'user' || role === 'assistant')
    .slice(-CONTEXT_MESSAGES - 1, -1)
  act(draft, { type: 'judge-start', judgeId, turnId, text, context })
}

/**
 * What the turn is judged by: the better judge's word, or, when there is none, our own word lists.
 * `undefined`: its word is waited for a little.
 */
export function judgementOf(draft: Draft, sentence: OpenSentence): Judgement | undefined {
  const { judging } = sentence
  if (judging?.verdict !== undefined)
    return { verdict: judging.verdict, reason: 'so the model says' }
  if (judging !== undefined && judging.isGivenUp !== true) {
    update(draft, { sentence: { ...sentence, judging: { ...judging, isAwaited: true } } })
    setTimer(draft, 'judge', draft.nowMs + JUDGE_WAIT_MS)
    return undefined
  }
  return judgeTurn(join(sentence.turn?.text ?? '', sentence.text))
}

/** The judge's word, or that it has none. True when the turn's end has waited for it. */
export function onJudged(draft: Draft, judgeId: number, verdict: Verdict | undefined): boolean {
  const { sentence } = draft.state
  const judging = sentence?.judging
  if (sentence === undefined || judging?.judgeId !== judgeId) return false
  clearTimer(draft, 'judge')
  const word = verdict === undefined ? { isGivenUp: true } : { verdict }
  update(draft, { sentence: { ...sentence, judging: { judgeId, ...word } } })
  return judging.isAwaited === true
}

/** The judge is too slow: our own word lists decide. True when there is something to decide. */
export function onJudgeTimer(draft: Draft): boolean {
  const { sentence } = draft.state
  if (sentence?.judging === undefined) return false
  act(draft, { type: 'judge-cancel' })
  const { judgeId } = sentence.judging
  update(draft, { sentence: { ...sentence, judging: { judgeId, isGivenUp: true } } })
  return true
}

/** The user goes on, or the sentence is over: the judge's word is of no use any more. */
export function dismissJudge(draft: Draft): void {
  const { sentence } = draft.state
  if (sentence?.judging === undefined) return
  const { verdict, isGivenUp } = sentence.judging
  if (verdict === undefined && isGivenUp !== true) {
    clearTimer(draft, 'judge')
    act(draft, { type: 'judge-cancel' })
  }
  update(draft, { sentence: { ...sentence, judging: undefined } })
}

import { act, explain, setTimer, update, type Draft } from './draft.ts'
import { isTakenOver } from './state.ts'
import {
  BACKCHANNEL_GAP_MS,
  BACKCHANNEL_PAUSE_MS,
  BACKCHANNEL_SPEECH_MS,
  BACKCHANNEL_WAIT_MS,
  pickText,
} from './settings.ts'

/**
 * When an "uh-huh" may be said: only once it is known that the pause does not end the turn. That is when the user
 * goes on after it, or when the words so far are judged incomplete and there is time enough to wait for more.
 */

/** The user goes on after a pause. */
export function onPauseOver(draft: Draft, pauseMs: number): void {
  if (pauseMs >= BACKCHANNEL_PAUSE_MS && isFitting(draft))
    setTimer(draft, 'backchannel', draft.nowMs)
}

/** More is waited for until then, since the words so far are incomplete. */
export function onMoreAwaited(draft: Draft, untilMs: number): void {
  const isTimeEnough = untilMs - draft.nowMs >= BACKCHANNEL_WAIT_MS
  if (isTimeEnough && isFitting(draft)) setTimer(draft, 'backchannel', draft.nowMs)
}

/** The user has said enough for it, and it is not the second in a row. */
function isFitting(draft: Draft): boolean {
  const { settings, sentence, speech, backchannelMs = -Infinity } = draft.state
  if (settings.backchannels.length === 0 || isTakenOver(draft.state)) return false
  if (sentence === undefined || speech !== undefined) return false
  const { endMs = draft.nowMs, onsetMs, turn } = sentence
  const turnMs = endMs - (turn?.beginMs ?? onsetMs)
  return turnMs >= BACKCHANNEL_SPEECH_MS && draft.nowMs - backchannelMs >= BACKCHANNEL_GAP_MS
}

/** The first rule that fires says one of its words. One chance decides both. */
export function onBackchannelTimer(draft: Draft, chance: number): void {
  const { settings, sentence, speech } = draft.state
  if (sentence === undefined || speech !== undefined) return
  let left = chance
  for (const { probability, words } of settings.backchannels) {
    if (left < probability) {
      const text = pickText(words, probability > 0 ? left / probability : 0)
      if (text === '') return
      update(draft, { backchannelMs: draft.nowMs })
      explain(draft, 'backchannel', `a pause in long speech: said softly “${text}”`, {
        turnId: sentence.turn?.turnId,
      })
      act(draft, { type: 'backchannel-say', text })
      return
    }
    // The rest of the chance, spread over [0, 1) again, belongs to the next rule.
    left = probability < 1 ? (left - probability) / (1 - probability) : 0
  }
}

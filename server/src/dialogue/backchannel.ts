import { act, clearTimer, explain, setTimer, update, type Draft } from './draft.ts'
import { isTakenOver } from './state.ts'
import {
  BACKCHANNEL_GAP_MS,
  BACKCHANNEL_PAUSE_MS,
  BACKCHANNEL_SPEECH_MS,
  pickText,
} from './settings.ts'

/** The user pauses: if they have said enough, an "uh-huh" may follow, should the pause last a little. */
export function considerBackchannel(draft: Draft, endMs: number): void {
  const { settings, sentence, speech, backchannelMs } = draft.state
  if (settings.backchannels.length === 0 || isTakenOver(draft.state)) return
  if (sentence === undefined || speech !== undefined) return
  const turnMs = endMs - (sentence.turn?.beginMs ?? sentence.onsetMs)
  const sinceMs = draft.nowMs - (backchannelMs ?? -Infinity)
  if (turnMs < BACKCHANNEL_SPEECH_MS || sinceMs < BACKCHANNEL_GAP_MS) return
  setTimer(draft, 'backchannel', endMs + BACKCHANNEL_PAUSE_MS)
}

export function dropBackchannel(draft: Draft): void {
  if (draft.state.settings.backchannels.length > 0) clearTimer(draft, 'backchannel')
}

/** The pause has lasted: the first rule that fires says one of its words. One chance decides both. */
export function onBackchannelTimer(draft: Draft, chance: number): void {
  const { settings, isSpeechOn, sentence, speech } = draft.state
  if (isSpeechOn || sentence === undefined || speech !== undefined) return
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

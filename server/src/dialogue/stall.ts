import { act, clearTimer, enter, explain, setTimer, update, type Draft } from './draft.ts'
import { isSpeakable } from './segments.ts'
import { STALL_LIMIT_MS, STALL_WORDS_MS } from './settings.ts'
import { closeSpeech, speakSegment, tellCompleteReply } from './speaking.ts'
import { isSilent, isThrough, type AgentSpeech } from './state.ts'

/**
 * A model that has begun to answer and then gives nothing more, while all that it gave has been heard. What was
 * held back for the end of its sentence is said after a moment; if still nothing comes, the answer ends there.
 */

/** After every event: the clock runs while the agent has nothing to say and the model owes more. */
export function keepStallTime(draft: Draft): void {
  const { speech, isStallTimed = false } = draft.state
  const isDry = speech !== undefined && hasRunDry(speech)
  if (isDry === isStallTimed) return
  update(draft, { isStallTimed: isDry })
  if (isDry) setTimer(draft, 'stall', sinceMs(draft, speech) + STALL_WORDS_MS)
  else clearTimer(draft, 'stall')
}

/** A model that thinks, or calls functions, is at work; its provider says when it has broken off. */
const hasRunDry = (speech: AgentSpeech): boolean =>
  speech.isOpen &&
  speech.replyId !== undefined &&
  speech.calls === undefined &&
  speech.isThinking !== true &&
  !isSilent(speech) &&
  speech.segments.every(isThrough)

/** Since when nothing has come and nothing was heard. */
const sinceMs = (draft: Draft, { livelyMs }: AgentSpeech): number => livelyMs ?? draft.nowMs

export function onStallTimer(draft: Draft): void {
  update(draft, { isStallTimed: false })
  const { speech } = draft.state
  if (speech === undefined || !hasRunDry(speech)) return
  const fromMs = sinceMs(draft, speech)
  const quietMs = draft.nowMs - fromMs
  if (quietMs >= STALL_LIMIT_MS) return giveUp(draft, speech, quietMs)
  const isLong = quietMs >= STALL_WORDS_MS
  if (isLong) sayHeldBack(draft, speech)
  // Said or not: with new words to say the clock stops by itself.
  update(draft, { isStallTimed: true })
  setTimer(draft, 'stall', fromMs + (isLong ? STALL_LIMIT_MS : STALL_WORDS_MS))
}

/** Whole words only: the last one may be half a word. Who has short pieces joined wants them to wait. */
function sayHeldBack(draft: Draft, speech: AgentSpeech): void {
  const { rest } = speech
  const end = /\p{P}\s*$/u.test(rest) ? rest.length : rest.search(LAST_WORD)
  const words = rest.slice(0, end)
  if (draft.state.settings.outputMinChars > 0 || !isSpeakable(words)) {
    enter(draft, 'thinking')
    return
  }
  update(draft, { speech: { ...speech, rest: rest.slice(end) } })
  speakSegment(draft, words)
}

const LAST_WORD = /[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]*$/u

function giveUp(draft: Draft, speech: AgentSpeech, quietMs: number): void {
  act(draft, { type: 'reply-cancel' })
  breakOff(draft, speech, {
    what: `the model has given nothing more for ${Math.round(quietMs)} ms in silence`,
    figures: { quietMs },
  })
}

const SENTENCE_END = /[.!?…。！？]["'”’)\]」』）]*\s*$/u

/**
 * The answer ends here. What had come is said; after half a sentence the user is told that there is no more,
 * unless they have gone on themselves.
 */
export function breakOff(
  draft: Draft,
  speech: AgentSpeech,
  why: { readonly what: string; readonly figures?: Readonly<Record<string, number>> },
): void {
  const { settings, toSay, sentence, waiting, isSpeechOn, leaving } = draft.state
  const isUserFirst = isSpeechOn || sentence !== undefined || waiting !== undefined
  const isEnd = SENTENCE_END.test(speech.generated) || speech.hangsUp || leaving !== undefined
  const apologises = !isUserFirst && !isEnd && isSpeakable(settings.apology)
  const words = `${why.what}: what had come is said${apologises ? ', and an apology' : ''}`
  explain(draft, 'reply-failed', words, { turnId: speech.turnId, figures: why.figures ?? {} })
  if (apologises) {
    update(draft, { toSay: [{ text: settings.apology, kind: 'speech' as const }, ...toSay] })
  }
  tellCompleteReply(draft, speech)
  closeSpeech(draft)
}

import { explain, type Draft } from './draft.ts'
import { FALSE_BARGE_IN_MS, HOLD_WITHOUT_TEXT_MS } from './settings.ts'
import { hasBegun, type AgentSpeech, type OpenSentence } from './state.ts'

/** Why the engine decided as it did, in words for the record. Nothing here decides anything. */

const ms = (value: number): string => `${Math.round(value)} ms`

/** The user had only drawn breath. */
export function explainPause(draft: Draft, sentence: OpenSentence, pauseMs: number): void {
  const { silenceMs } = draft.state.settings
  const judgement = sentence.endpointReason?.replace(/^waited .* for more, /, '')
  const byLength =
    pauseMs < silenceMs
      ? `shorter than the silence of ${ms(silenceMs)} that ends a turn`
      : 'long enough to end the turn, but its transcript was not there yet'
  const reason =
    judgement === undefined ? byLength : `more was waited for, since what was said is ${judgement}`
  // A detector may find that speech had begun again before it had ended.
  explain(draft, 'pause', `a pause of ${ms(Math.max(0, pauseMs))}: ${reason}`, {
    turnId: sentence.turn?.turnId,
    figures: { pauseMs, silenceMs },
  })
}

/** Why the sentence ends now, neither earlier nor later. */
export function explainEnd(draft: Draft, sentence: OpenSentence, reason: string): void {
  const { endMs, onsetMs, flushMs, finalMs, overMs, turn } = sentence
  const speechMs = (endMs ?? draft.nowMs) - onsetMs
  const lateMs =
    finalMs === undefined || overMs === undefined ? undefined : Math.max(0, finalMs - overMs)
  const figures = {
    speechMs,
    silenceMs: endMs === undefined ? undefined : draft.nowMs - endMs,
    recognitionMs: finalMs === undefined || flushMs === undefined ? undefined : finalMs - flushMs,
    lateMs,
  }
  if (turn === undefined) {
    explain(draft, 'nothing-heard', `nothing was recognised in ${ms(speechMs)} of sound`, {
      figures,
    })
    return
  }
  const late = lateMs ? `; its transcript came ${ms(lateMs)} later` : ''
  explain(draft, 'turn-end', `${reason}${late}`, { turnId: turn.turnId, figures })
}

/** The user goes on with a turn that had been closed already. */
export function explainContinued(
  draft: Draft,
  speech: AgentSpeech,
  sentence: { readonly onsetMs: number },
): void {
  const { turnEndMs, firstAudioMs } = speech.note
  const sinceMs = turnEndMs === undefined ? undefined : sentence.onsetMs - turnEndMs
  const when =
    firstAudioMs === undefined
      ? 'before anything of the answer was heard'
      : sinceMs === undefined || sinceMs < 0
        ? 'just as the turn was closed'
        : `${ms(sinceMs)} after the turn was closed`
  const words = `the user went on ${when}: the same turn, its answer is forgotten`
  explain(draft, 'turn-continued', words, { turnId: speech.turnId, figures: { sinceMs } })
}

/** `InterruptReason` of the wire, in words. */
const INTERRUPTED: readonly string[] = [
  'a human takes its place',
  'the user said an interrupt word',
  'words of the user were recognised',
  'the client asked for it',
  'something else is to be said',
  'the user typed',
]

export function explainInterruption(draft: Draft, speech: AgentSpeech, reason: number): void {
  const { suspicion } = draft.state
  const heardMs = suspicion === undefined ? undefined : draft.nowMs - suspicion.sinceMs
  const spokenMs = speech.beginMs === undefined ? undefined : draft.nowMs - speech.beginMs
  const after = heardMs === undefined ? '' : `, ${ms(heardMs)} after they began to speak`
  const before = spokenMs === undefined ? ' before it was heard' : ''
  const why = INTERRUPTED[reason] ?? 'for a reason that has no name'
  const words = `the agent stops${before}: ${why}${after}`
  const figures = { reason, heardMs, spokenMs }
  explain(draft, 'interruption', words, { turnId: speech.turnId, figures })
}

/** Speech that may not interrupt. */
export function explainRefusal(draft: Draft, speech: AgentSpeech): void {
  const words = 'the user speaks, but voice interruption is off'
  explain(draft, 'no-interruption', words, { turnId: speech.turnId })
}

/** The sound has gone on for so long that the agent stops to listen. */
export function explainHold(draft: Draft): void {
  const { suspicion, speech, settings } = draft.state
  const heardMs = draft.nowMs - (suspicion?.sinceMs ?? draft.nowMs)
  const words = `sound for ${ms(heardMs)}: the agent stops to listen`
  const figures = { heardMs, bargeInMs: settings.bargeInMs }
  explain(draft, 'agent-held', words, { turnId: speech?.turnId, figures })
}

/** What looked like an interruption was none. */
export function explainRelease(draft: Draft, reason: string): void {
  const { suspicion, sentence, speech, settings, isSpeechOn } = draft.state
  if (suspicion === undefined) return
  // The sentence may be over and gone before text is waited for no longer.
  const endMs = isSpeechOn ? draft.nowMs : (sentence?.endMs ?? suspicion.endMs ?? draft.nowMs)
  const heardMs = endMs - suspicion.sinceMs
  const { bargeInMs } = settings
  const short = suspicion.isHeld ? '' : `, shorter than the ${ms(bargeInMs)} that stop the agent`
  const words = `heard ${ms(heardMs)} of sound${short}; ${reason}: the agent goes on`
  const figures = { heardMs, bargeInMs }
  explain(draft, 'no-interruption', words, { turnId: speech?.turnId, figures })
}

/** Why text is not waited for any longer. */
export function noTextReason(draft: Draft): string {
  const { sentence, isSpeechOn } = draft.state
  if (sentence !== undefined && sentence.text !== '') return `only “${sentence.text}” was said`
  return isSpeechOn
    ? `no words were recognised in ${ms(HOLD_WITHOUT_TEXT_MS)} of it`
    : `no words were recognised in ${ms(FALSE_BARGE_IN_MS)} after it`
}

/** What the user waited for, from the end of their speech to the answer's first sound. */
export function explainAnswer(draft: Draft, speech: AgentSpeech): void {
  const { turn } = draft.state
  if (turn === undefined || turn.turnId !== speech.turnId) return
  const { speechEndMs, turnEndMs, firstTokenMs } = speech.note
  const closedMs = turn.closedMs ?? turnEndMs
  const lateMs = turn.lateMs ?? 0
  const between = (from: number | undefined, until: number | undefined): number | undefined =>
    from === undefined || until === undefined ? undefined : Math.max(0, until - from)
  const silenceMs = between(speechEndMs, closedMs)
  const { firstSegmentMs } = speech
  const isAway = (draft.state.backMs ?? -Infinity) > (firstSegmentMs ?? Infinity)
  const readyMs = isAway ? draft.state.backMs : firstSegmentMs
  const functionsMs = functionsBefore(speech, firstTokenMs)
  const thoughtMs = between(turnEndMs, firstTokenMs)
  const figures = {
    totalMs: between(speechEndMs ?? closedMs, draft.nowMs),
    silenceMs: silenceMs === undefined ? undefined : Math.max(0, silenceMs - lateMs),
    recognitionMs: silenceMs === undefined ? undefined : Math.min(silenceMs, lateMs),
    queueMs: between(closedMs, turnEndMs),
    modelMs: thoughtMs === undefined ? undefined : Math.max(0, thoughtMs - functionsMs),
    functionsMs: functionsMs === 0 ? undefined : functionsMs,
    textMs: between(firstTokenMs, firstSegmentMs),
    awayMs: isAway ? between(firstSegmentMs, readyMs) : undefined,
    synthesisMs: between(readyMs, draft.nowMs),
  }
  const parts = PARTS.flatMap(([name, word]) => {
    const value = figures[name]
    return value === undefined || Math.round(value) === 0 ? [] : [`${word} ${ms(value)}`]
  })
  const words = `answered after ${ms(figures.totalMs ?? 0)}${parts.length === 0 ? '' : ': '}`
  explain(draft, 'answer', words + parts.join(', '), { turnId: speech.turnId, figures })
}

/** How long functions took before the model had said anything. */
const functionsBefore = ({ rounds = [] }: AgentSpeech, firstTokenMs = Infinity): number =>
  rounds
    .filter(({ sinceMs }) => sinceMs < firstTokenMs)
    .reduce((sum, { tookMs = 0 }) => sum + tookMs, 0)

/** An answer came to its end, and the user has heard nothing. */
export function explainUnheard(draft: Draft, speech: AgentSpeech): void {
  const { segments, turnId, hangsUp } = speech
  if (segments.some(hasBegun) || hangsUp) return
  const why =
    segments.length > 0
      ? 'the voice failed: nothing of what was to be said was heard'
      : 'the model gave nothing that can be said: no answer is given'
  explain(draft, 'reply-failed', why, { turnId })
}

/** The parts of the wait, in order; together they are the whole. */
const PARTS = [
  ['silenceMs', 'silence'],
  ['recognitionMs', 'recognition'],
  ['queueMs', 'the agent’s own speech before'],
  ['modelMs', 'model'],
  ['functionsMs', 'functions'],
  ['textMs', 'the first piece of text'],
  ['awayMs', 'nobody there to hear it'],
  ['synthesisMs', 'synthesis'],
] as const

import { act, clearTimer, enter, setTimer, take, update, type Draft } from './draft.ts'
import type { DialogueEvent, TurnNote } from './events.ts'
import { explainAnswer, explainUnheard } from './explanations.ts'
import { cutTexts, remember, turnMessages } from './history.ts'
import { awaitLateTools } from './late-tools.ts'
import { cutSegments, isSpeakable } from './segments.ts'
import { hasBegun, isThrough, type AgentSpeech, type Segment } from './state.ts'

/**
 * Says a fixed text that the model has no part in: a greeting, an apology, the words of a human (`saidBy`). It
 * takes a turn number of its own.
 */
export function say(draft: Draft, text: string, kind: AgentSpeech['kind'], saidBy?: string): void {
  const turnId = take(draft, 'turn')
  const speech = emptySpeech(turnId, kind, { turnId, history: [] })
  update(draft, { speech: { ...speech, ...(saidBy === undefined ? {} : { saidBy }) } })
  addText(draft, text)
  closeSpeech(draft)
}

/** Plays a sound in the place of words: it stands in the record, but in no subtitle and in no history. */
export function saySound(
  draft: Draft,
  { soundId, text }: { readonly soundId: string; readonly text: string },
): void {
  const turnId = take(draft, 'turn')
  const segmentId = take(draft, 'segment')
  const segments = [{ segmentId, text, soundId, progress: 'queued' as const }]
  const speech = emptySpeech(turnId, 'speech', { turnId, history: [] })
  update(draft, { speech: { ...speech, isOpen: false, segments } })
  act(draft, { type: 'segment-speak', segmentId, text, soundId })
}

const isSound = (speech: AgentSpeech): boolean =>
  speech.segments.some(({ soundId }) => soundId !== undefined)

export function emptySpeech(
  turnId: number,
  kind: AgentSpeech['kind'],
  note: TurnNote,
): AgentSpeech {
  return {
    turnId,
    kind,
    isOpen: true,
    rest: '',
    generated: '',
    segments: [],
    fillers: 0,
    isRetry: false,
    hangsUp: false,
    note,
  }
}

/** Adds generated text and says what of it is ready. */
export function addText(draft: Draft, text: string): void {
  const { speech, settings } = draft.state
  if (speech === undefined) return
  const cut = cutSegments(speech.rest + text, {
    isFirst: speech.segments.length === 0,
    isEnd: false,
    breaksAnywhere: settings.breaksAnywhere,
  })
  const { pieces, rest } = joinShort(cut, settings.outputMinChars)
  const isWaiting = isSpeakable(rest) && settings.outputMaxDelayMs > 0
  const restSinceMs = isWaiting ? waitingSince(speech, pieces.length, draft.nowMs) : undefined
  const generated = speech.generated + text
  const alive = { livelyMs: draft.nowMs, isThinking: false }
  update(draft, { speech: { ...speech, ...alive, generated, rest, restSinceMs } })
  for (const piece of pieces) speakSegment(draft, piece)
  if (restSinceMs === undefined) clearTimer(draft, 'output')
  else setTimer(draft, 'output', restSinceMs + settings.outputMaxDelayMs)
}

const waitingSince = (speech: AgentSpeech, pieces: number, nowMs: number): number =>
  pieces > 0 ? nowMs : (speech.restSinceMs ?? nowMs)

/** Pieces shorter than `minChars` are joined with what follows them. */
function joinShort(
  cut: { readonly pieces: readonly string[]; readonly rest: string },
  minChars: number,
): { readonly pieces: readonly string[]; readonly rest: string } {
  const pieces: string[] = []
  let short = ''
  for (const piece of cut.pieces) {
    short += piece
    if (short.trim().length < minChars) continue
    pieces.push(short)
    short = ''
  }
  return { pieces, rest: short + cut.rest }
}

/** A short piece has waited long enough: it is said as it is. */
export function onOutputTimer(draft: Draft): void {
  const { speech } = draft.state
  if (speech === undefined || !isSpeakable(speech.rest)) return
  update(draft, { speech: { ...speech, rest: '', restSinceMs: undefined } })
  speakSegment(draft, speech.rest)
}

/** Says what there is of the reply: a while will pass before more of it comes. */
export function flushText(draft: Draft): void {
  const { speech } = draft.state
  clearTimer(draft, 'output')
  if (speech === undefined || !isSpeakable(speech.rest)) return
  const isFirst = speech.segments.length === 0
  const { pieces } = cutSegments(speech.rest, { isFirst, isEnd: true })
  update(draft, { speech: { ...speech, rest: '', restSinceMs: undefined } })
  for (const piece of pieces) speakSegment(draft, piece)
}

/** No more text will come: says what is left over. */
export function closeSpeech(draft: Draft): void {
  const { speech } = draft.state
  if (speech === undefined || !speech.isOpen) return
  const isFirst = speech.segments.length === 0
  const { pieces } = cutSegments(speech.rest, { isFirst, isEnd: true })
  update(draft, { speech: { ...speech, isOpen: false, rest: '' } })
  clearTimer(draft, 'output')
  for (const piece of pieces) if (isSpeakable(piece)) speakSegment(draft, piece)
  finishIfPlayed(draft)
}

/** The next piece of what the agent says. */
export function speakSegment(draft: Draft, text: string): void {
  const segmentId = take(draft, 'segment')
  const { speech } = draft.state
  if (speech === undefined) return
  const segments = [...speech.segments, { segmentId, text, progress: 'queued' as const }]
  const firstSegmentMs = speech.firstSegmentMs ?? draft.nowMs
  update(draft, { speech: { ...speech, segments, firstSegmentMs } })
  act(draft, { type: 'segment-speak', segmentId, text })
}

/** Sound of the segment is going out: from now on it counts as said. */
export function onSegmentStart(draft: Draft, segmentId: number): void {
  const speech = withProgress(draft, segmentId, 'playing')
  if (speech === undefined) return
  const entryId = speech.entryId ?? take(draft, 'entry')
  const note = { ...speech.note, firstAudioMs: speech.note.firstAudioMs ?? draft.nowMs }
  const beginMs = speech.beginMs ?? draft.nowMs
  if (speech.note.firstAudioMs === undefined) explainAnswer(draft, speech)
  update(draft, { speech: { ...speech, entryId, beginMs, note } })
  enter(draft, 'speaking')
  noteSpeech(draft, false)
  if (isSound(speech)) return
  const text = speech.segments.find((segment) => segment.segmentId === segmentId)?.text ?? ''
  act(draft, { type: 'tell-agent-subtitle', turnId: speech.turnId, text, isEnd: false })
}

function tellSubtitleEnd(draft: Draft, speech: AgentSpeech): void {
  if (isSound(speech)) return
  act(draft, { type: 'tell-agent-subtitle', turnId: speech.turnId, text: '', isEnd: true })
}

export function onSegmentEnd(draft: Draft, segmentId: number): void {
  const segment = draft.state.speech?.segments.find((one) => one.segmentId === segmentId)
  const speech = withProgress(
    draft,
    segmentId,
    segment?.progress === 'queued' ? 'missed' : 'played',
  )
  if (speech === undefined) return
  update(draft, { speech: { ...speech, livelyMs: draft.nowMs } })
  finishIfPlayed(draft)
}

function withProgress(
  draft: Draft,
  segmentId: number,
  progress: Segment['progress'],
): AgentSpeech | undefined {
  const { speech } = draft.state
  if (speech?.segments.some((segment) => segment.segmentId === segmentId) !== true) return undefined
  const segments = speech.segments.map((segment) =>
    segment.segmentId === segmentId ? { ...segment, progress } : segment,
  )
  return { ...speech, segments }
}

/** Notes the agent's line as far as its sound has begun. */
function noteSpeech(draft: Draft, isFinal: boolean): void {
  const { speech } = draft.state
  if (speech?.entryId === undefined) return
  const begun = speech.segments.filter(hasBegun)
  act(draft, {
    type: 'note-sentence',
    sentence: {
      entryId: speech.entryId,
      turnId: speech.turnId,
      role: 'agent',
      kind: speech.kind,
      text: begun.map((segment) => segment.text).join(''),
      beginMs: speech.beginMs ?? draft.nowMs,
      isFinal,
      ...saidByOf(speech),
    },
  })
}

const saidByOf = ({ saidBy }: AgentSpeech): { readonly saidBy?: string } =>
  saidBy === undefined ? {} : { saidBy }

function finishIfPlayed(draft: Draft): void {
  const { speech, turn, settings, history } = draft.state
  if (speech === undefined || speech.isOpen) return
  if (!speech.segments.every(isThrough)) return
  explainUnheard(draft, speech)
  if (speech.entryId !== undefined) {
    noteSpeech(draft, true)
    tellSubtitleEnd(draft, speech)
  }
  const userText = turn?.turnId === speech.turnId ? turn.query : ''
  const messages = turnMessages(speech, { userText, agentText: wholeText(draft, speech) })
  const note = { ...speech.note, playoutEndMs: draft.nowMs, history: messages }
  act(draft, { type: 'note-turn', turn: note })
  update(draft, {
    history: remember(history, messages, settings),
    speech: undefined,
    turn: turn?.turnId === speech.turnId ? undefined : turn,
    ...(speech.hangsUp ? { leaving: 'hangup-function' as const } : {}),
  })
}

/** What the history keeps of a speech that came to its end: pieces that could not be said were not heard. */
function wholeText(draft: Draft, { generated, segments }: AgentSpeech): string {
  const isWhole = segments.every(({ progress }) => progress === 'played')
  if (isWhole || !draft.state.settings.isHistorySynced) return generated
  return segments
    .filter(hasBegun)
    .map(({ text }) => text)
    .join('')
}

/** The whole reply as text, for clients that asked for it; an interrupted one as far as it came. */
export function tellCompleteReply(draft: Draft, speech: AgentSpeech): void {
  if (!draft.state.settings.tellsCompleteReply || speech.generated === '') return
  act(draft, { type: 'tell-reply-complete', turnId: speech.turnId, text: speech.generated })
}

/** Stops the agent where it is, gives up what was still to come. Without a reason the call ends: nobody interrupts. */
export function cutSpeech(draft: Draft, reason?: number, isForgotten = false): void {
  const { speech, turn } = draft.state
  if (speech === undefined) return
  if (speech.isOpen && speech.replyId !== undefined) act(draft, { type: 'reply-cancel' })
  if (speech.isOpen && !isForgotten) tellCompleteReply(draft, speech)
  clearTimer(draft, 'filler')
  clearTimer(draft, 'first-token')
  clearTimer(draft, 'tool-filler')
  clearTimer(draft, 'output')
  const userText = turn?.turnId === speech.turnId ? turn.query : ''
  const why = reason === undefined ? {} : { reason }
  const cut = { speech, atMs: draft.nowMs, ...why, isForgotten, userText }
  if (speech.hangsUp) clearTimer(draft, 'farewell')
  update(draft, { speech: undefined, cut, turn: undefined })
  act(draft, { type: 'speech-cancel' })
}

/** The sound is off; notes how far the agent had come. */
export function onSpeechCancelled(
  draft: Draft,
  event: Extract<DialogueEvent, { readonly type: 'speech-cancelled' }>,
): void {
  const { cut, settings, history } = draft.state
  if (cut === undefined) return
  update(draft, { cut: undefined })
  const { speech } = cut
  const { spoken, kept } = cutTexts(cut, event, settings.isHistorySynced)
  const begun = speech.segments.filter(hasBegun)
  if (speech.entryId !== undefined) {
    act(draft, {
      type: 'note-sentence',
      sentence: {
        entryId: speech.entryId,
        turnId: speech.turnId,
        role: 'agent',
        kind: speech.kind,
        text: begun.map((segment) => segment.text).join(''),
        beginMs: speech.beginMs ?? cut.atMs,
        isFinal: true,
        spokenText: spoken,
        ...saidByOf(speech),
      },
    })
    tellSubtitleEnd(draft, speech)
  }
  if (cut.isForgotten) return
  const isUnheard = begun.length === 0 && settings.isHistorySynced
  const messages = turnMessages(speech, {
    userText: cut.userText,
    agentText: isUnheard || isSound(speech) ? '' : kept,
    ...(settings.isHistorySynced ? { heardChars: spoken.length } : {}),
  })
  update(draft, { history: remember(history, messages, settings) })
  const interrupted =
    cut.reason === undefined ? {} : { interruptedMs: cut.atMs, interruptReason: cut.reason }
  const note = { ...interrupted, history: messages }
  act(draft, { type: 'note-turn', turn: { ...speech.note, ...note } })
  awaitLateTools(draft, speech, { ...speech.note, ...note })
}

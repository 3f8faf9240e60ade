import { act, clearTimer, enter, setTimer, take, update, type Draft } from './draft.ts'
import type { DialogueEvent, TurnNote } from './events.ts'
import { cutTexts, remember } from './history.ts'
import { cutSegments, isSpeakable } from './segments.ts'
import type { HistoryMessage } from './settings.ts'
import type { AgentSpeech } from './state.ts'

/** Says a fixed text that nobody asked for: a greeting, an apology. It takes a turn number of its own. */
export function say(draft: Draft, text: string, kind: 'greeting' | 'speech'): void {
  const turnId = take(draft, 'turn')
  update(draft, { speech: emptySpeech(turnId, kind, { turnId, history: [] }) })
  addText(draft, text)
  closeSpeech(draft)
}

export function emptySpeech(
  turnId: number,
  kind: AgentSpeech['kind'],
  note: TurnNote,
  replyId?: number,
  isRetry = false,
): AgentSpeech {
  return {
    turnId,
    kind,
    ...(replyId === undefined ? {} : { replyId }),
    isOpen: true,
    rest: '',
    generated: '',
    segments: [],
    fillers: 0,
    isRetry,
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
  update(draft, { speech: { ...speech, generated: speech.generated + text, rest, restSinceMs } })
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

function speakSegment(draft: Draft, text: string): void {
  const segmentId = take(draft, 'segment')
  const { speech } = draft.state
  if (speech === undefined) return
  const segments = [...speech.segments, { segmentId, text, progress: 'queued' as const }]
  update(draft, { speech: { ...speech, segments } })
  act(draft, { type: 'segment-speak', segmentId, text })
}

/** Sound of the segment is going out: from now on it counts as said. */
export function onSegmentStart(draft: Draft, segmentId: number): void {
  const speech = withProgress(draft, segmentId, 'playing')
  if (speech === undefined) return
  const entryId = speech.entryId ?? take(draft, 'entry')
  const note = { ...speech.note, firstAudioMs: speech.note.firstAudioMs ?? draft.nowMs }
  const beginMs = speech.beginMs ?? draft.nowMs
  update(draft, { speech: { ...speech, entryId, beginMs, note } })
  enter(draft, 'speaking')
  noteSpeech(draft, false)
  const text = speech.segments.find((segment) => segment.segmentId === segmentId)?.text ?? ''
  act(draft, { type: 'tell-agent-subtitle', turnId: speech.turnId, text, isEnd: false })
}

export function onSegmentEnd(draft: Draft, segmentId: number): void {
  const speech = withProgress(draft, segmentId, 'played')
  if (speech === undefined) return
  update(draft, { speech })
  finishIfPlayed(draft)
}

function withProgress(
  draft: Draft,
  segmentId: number,
  progress: 'playing' | 'played',
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
  const begun = speech.segments.filter((segment) => segment.progress !== 'queued')
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
    },
  })
}

function finishIfPlayed(draft: Draft): void {
  const { speech, turn, settings, history } = draft.state
  if (speech === undefined || speech.isOpen) return
  if (speech.segments.some((segment) => segment.progress !== 'played')) return
  if (speech.entryId !== undefined) {
    noteSpeech(draft, true)
    act(draft, { type: 'tell-agent-subtitle', turnId: speech.turnId, text: '', isEnd: true })
  }
  const messages = turnMessages(turn?.turnId === speech.turnId ? turn.query : '', speech.generated)
  const note = { ...speech.note, playoutEndMs: draft.nowMs, history: messages }
  act(draft, { type: 'note-turn', turn: note })
  update(draft, {
    history: remember(history, messages, settings),
    speech: undefined,
    turn: turn?.turnId === speech.turnId ? undefined : turn,
    ...(speech.hangsUp ? { leaving: 'hangup-function' as const } : {}),
  })
}

function turnMessages(
  userText: string,
  agentText: string,
): readonly (HistoryMessage & { readonly role: 'user' | 'assistant' })[] {
  return [
    ...(userText === '' ? [] : [{ role: 'user' as const, content: userText }]),
    ...(agentText === '' ? [] : [{ role: 'assistant' as const, content: agentText }]),
  ]
}

/** The whole reply as text, for clients that asked for it; an interrupted one as far as it came. */
export function tellCompleteReply(draft: Draft, speech: AgentSpeech): void {
  if (!draft.state.settings.tellsCompleteReply || speech.generated === '') return
  act(draft, { type: 'tell-reply-complete', turnId: speech.turnId, text: speech.generated })
}

/** Stops the agent where it is, gives up what was still to come. */
export function cutSpeech(draft: Draft, reason: number, isForgotten = false): void {
  const { speech, turn } = draft.state
  if (speech === undefined) return
  if (speech.isOpen && speech.replyId !== undefined) {
    act(draft, { type: 'reply-cancel' })
    if (!isForgotten) tellCompleteReply(draft, speech)
  }
  clearTimer(draft, 'filler')
  clearTimer(draft, 'output')
  const userText = turn?.turnId === speech.turnId ? turn.query : ''
  const cut = { speech, atMs: draft.nowMs, reason, isForgotten, userText }
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
  const begun = speech.segments.filter((segment) => segment.progress !== 'queued')
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
      },
    })
    act(draft, { type: 'tell-agent-subtitle', turnId: speech.turnId, text: '', isEnd: true })
  }
  if (cut.isForgotten) return
  const messages = turnMessages(
    cut.userText,
    begun.length === 0 && settings.isHistorySynced ? '' : kept,
  )
  update(draft, { history: remember(history, messages, settings) })
  const note = { interruptedMs: cut.atMs, interruptReason: cut.reason, history: messages }
  act(draft, { type: 'note-turn', turn: { ...speech.note, ...note } })
}

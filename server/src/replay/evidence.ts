import type { DialogueEvent, ReplyEvent, Timer } from '../dialogue/events.ts'
import type { RunStep } from './rerun.ts'

/** What a record tells of the call's surroundings: enough to put them in front of another engine. */
export interface Evidence {
  /** What was done by the user and others, in order: the same whatever the engine decides. */
  readonly outside: readonly DialogueEvent[]
  /** The user's stretches of speech, in order. */
  readonly utterances: readonly Utterance[]
  readonly replies: readonly RecordedReply[]
  /** What a judge said of a turn, by its text. */
  readonly judgements: ReadonlyMap<string, Answered<Judged>>
  /** What functions gave, by {@link callKey}, in order. */
  readonly toolResults: ReadonlyMap<string, readonly Answered<ToolResult>[]>
  /** By the text that was spoken, in order. */
  readonly voices: ReadonlyMap<string, readonly RecordedVoice[]>
  readonly msPerChar: number
  /** The chances that timers had, by timer, in order. */
  readonly chances: ReadonlyMap<Timer, readonly number[]>
}

/** What was said between one start of speech and its end, apart from what was said before. */
export interface Utterance {
  readonly startMs: number
  endMs: number
  /** Partial transcripts, when they came. */
  readonly partials: { readonly atMs: number; readonly text: string }[]
  /** The final text; from the partial ones when the engine did not wait for it. */
  text: string
  /** From asking for the final transcript to its coming. */
  finalDelayMs?: number
}

export interface RecordedReply {
  readonly question: string
  readonly parts: readonly ReplyPart[]
  /** It came to its end; else it was given up by the engine. */
  readonly isWhole: boolean
}

/** An event of the reply, so long after it was asked for. */
export interface ReplyPart {
  readonly afterMs: number
  readonly event: ReplyEvent
}

/** An answer, and how long it took. */
export interface Answered<Event> {
  readonly delayMs: number
  readonly event: Event
}

type Judged = Extract<DialogueEvent, { readonly type: 'turn-judged' }>
type ToolResult = Extract<DialogueEvent, { readonly type: 'tool-result' }>

export const callKey = (call: { readonly name: string; readonly arguments: string }): string =>
  `${call.name} ${call.arguments}`

export interface RecordedVoice {
  /** From the request to its first sound, as far as that had to be waited for. */
  readonly synthesisMs: number
  /** Unknown of what was cut. */
  readonly playoutMs?: number
}

/** For a record in which the agent never spoke to the end of a sentence. */
const MS_PER_CHAR = 65

/** These follow from what the engine asked for; everything else comes from outside. */
const ANSWERS: ReadonlySet<DialogueEvent['type']> = new Set([
  'transcript-partial',
  'transcript-final',
  'reply-delta',
  'reply-tool-call',
  'reply-thinking',
  'reply-end',
  'reply-error',
  'tool-result',
  'turn-judged',
  'segment-start',
  'segment-end',
  'speech-cancelled',
  'timer-fire',
])

export function gatherEvidence(steps: readonly RunStep[]): Evidence {
  const chances = new Map<Timer, number[]>()
  for (const { event } of steps) {
    if (event.type !== 'timer-fire') continue
    const known = chances.get(event.timer) ?? []
    chances.set(event.timer, [...known, event.chance])
  }
  const { voices, msPerChar } = gatherVoices(steps)
  return {
    outside: steps.map(({ event }) => event).filter(({ type }) => !ANSWERS.has(type)),
    utterances: gatherUtterances(steps),
    replies: gatherReplies(steps),
    judgements: gatherJudgements(steps),
    toolResults: gatherToolResults(steps),
    voices,
    msPerChar,
    chances,
  }
}

/** Whether the event begins or ends a stretch of speech that the engine listens to. */
export function speechEdge({
  event,
  before,
}: Pick<RunStep, 'event' | 'before'>): 'start' | 'end' | undefined {
  const { earMode } = before
  if (event.type === 'speech-start') return earMode === 'vad' ? 'start' : undefined
  if (event.type === 'speech-end') return earMode === 'vad' ? 'end' : undefined
  if (event.type === 'talk-start') return before.settings.isPushToTalk ? 'start' : undefined
  const isTalkOver = event.type === 'talk-finish' || event.type === 'talk-cancel'
  return isTalkOver && earMode === 'open' ? 'end' : undefined
}

function gatherUtterances(steps: readonly RunStep[]): readonly Utterance[] {
  const utterances: Utterance[] = []
  const flushes = new Map<number, { readonly atMs: number; readonly utterance: Utterance }>()
  // What the recogniser had said of earlier utterances when the present one began.
  let before = ''
  let latest = ''
  for (const step of steps) {
    const { event, actions } = step
    const edge = speechEdge(step)
    const current = utterances.at(-1)
    if (edge === 'start') {
      before = latest
      const startMs = event.type === 'speech-start' ? event.onsetMs : event.atMs
      utterances.push({ startMs, endMs: Infinity, partials: [], text: '' })
    } else if (edge === 'end' && current !== undefined) {
      current.endMs = event.type === 'speech-end' ? event.endMs : event.atMs
    }
    if (event.type === 'transcript-partial' && current !== undefined) {
      latest = event.text
      const text = added(before, event.text)
      current.partials.push({ atMs: event.atMs, text })
      current.text = text
    }
    if (event.type === 'transcript-final') {
      const flush = flushes.get(event.flushId)
      latest = event.text
      if (flush !== undefined) {
        flush.utterance.finalDelayMs = event.atMs - flush.atMs
        if (flush.utterance === current) current.text = added(before, event.text)
      }
    }
    for (const action of actions) {
      const utterance = utterances.at(-1)
      if (action.type === 'asr-flush' && utterance !== undefined) {
        flushes.set(action.flushId, { atMs: event.atMs, utterance })
      } else if (action.type === 'asr-reset') {
        before = ''
        latest = ''
      }
    }
  }
  return utterances
}

/** What `text` says after `before`; a recogniser may have changed its mind about that, too. */
function added(before: string, text: string): string {
  if (text.startsWith(before)) return text.slice(before.length).trim()
  const known = before.split(/\s+/).filter(Boolean).length
  return text.split(/\s+/).slice(known).join(' ')
}

function gatherReplies(steps: readonly RunStep[]): readonly RecordedReply[] {
  const replies = new Map<number, { question: string; atMs: number; parts: ReplyPart[] }>()
  for (const { event, actions } of steps) {
    if (isReplyEvent(event)) {
      const reply = replies.get(event.replyId)
      reply?.parts.push({ afterMs: event.atMs - reply.atMs, event })
    }
    for (const action of actions) {
      if (action.type !== 'reply-start') continue
      const question = action.messages.at(-1)?.content ?? ''
      replies.set(action.replyId, { question, atMs: event.atMs, parts: [] })
    }
  }
  return [...replies.values()].map(({ question, parts }) => {
    const last = parts.at(-1)?.event.type
    return { question, parts, isWhole: last === 'reply-end' || last === 'reply-error' }
  })
}

const isReplyEvent = (event: DialogueEvent): event is ReplyEvent => 'replyId' in event

function gatherJudgements(steps: readonly RunStep[]): Evidence['judgements'] {
  const asked = new Map<number, { readonly atMs: number; readonly text: string }>()
  const judgements = new Map<string, Answered<Judged>>()
  for (const { event, actions } of steps) {
    if (event.type === 'turn-judged') {
      const question = asked.get(event.judgeId)
      const delayMs = event.atMs - (question?.atMs ?? event.atMs)
      if (question !== undefined) judgements.set(question.text, { delayMs, event })
    }
    for (const action of actions) {
      if (action.type !== 'judge-start') continue
      asked.set(action.judgeId, { atMs: event.atMs, text: action.text })
    }
  }
  return judgements
}

function gatherToolResults(steps: readonly RunStep[]): Evidence['toolResults'] {
  const asked = new Map<string, { readonly atMs: number; readonly key: string }>()
  const results = new Map<string, Answered<ToolResult>[]>()
  for (const { event, actions } of steps) {
    if (event.type === 'tool-result') {
      const call = asked.get(event.toolCallId)
      if (call !== undefined) {
        const known = results.get(call.key) ?? []
        results.set(call.key, [...known, { delayMs: event.atMs - call.atMs, event }])
      }
    }
    for (const action of actions) {
      if (action.type !== 'tool-run') continue
      asked.set(action.toolCallId, { atMs: event.atMs, key: callKey(action) })
    }
  }
  return results
}

interface SpokenSegment {
  readonly text: string
  readonly askedMs: number
  startMs?: number
  /** As in {@link RecordedVoice}. */
  synthesisMs?: number
  /** Time for which it stood still. */
  heldMs: number
}

function gatherVoices(steps: readonly RunStep[]): Pick<Evidence, 'voices' | 'msPerChar'> {
  const voices = new Map<string, RecordedVoice[]>()
  const hear = ({ text, synthesisMs = 0 }: SpokenSegment, playoutMs?: number): void => {
    const voice = { synthesisMs, ...(playoutMs === undefined ? {} : { playoutMs }) }
    voices.set(text, [...(voices.get(text) ?? []), voice])
  }
  const segments = new Map<number, SpokenSegment>()
  let freeMs = -Infinity
  let heldSinceMs: number | undefined
  let playing: SpokenSegment | undefined
  const total = { ms: 0, chars: 0 }
  for (const { event, actions } of steps) {
    const { atMs } = event
    if (event.type === 'segment-start') {
      playing = segments.get(event.segmentId)
      if (playing !== undefined) {
        playing.startMs = atMs
        playing.synthesisMs = Math.max(0, atMs - Math.max(playing.askedMs, freeMs))
      }
    } else if (event.type === 'segment-end') {
      const segment = segments.get(event.segmentId)
      if (segment?.startMs !== undefined) {
        const playoutMs = atMs - segment.startMs - segment.heldMs
        hear(segment, playoutMs)
        total.ms += playoutMs
        total.chars += segment.text.trim().length
      }
      freeMs = atMs
      playing = undefined
    } else if (event.type === 'speech-cancelled') {
      if (playing !== undefined) hear(playing)
      playing = undefined
    }
    for (const action of actions) {
      if (action.type === 'segment-speak') {
        segments.set(action.segmentId, { text: action.text, askedMs: atMs, heldMs: 0 })
      } else if (action.type === 'playout-level') {
        if (action.level === 'held') heldSinceMs ??= atMs
        else if (heldSinceMs !== undefined) {
          if (playing !== undefined) playing.heldMs += atMs - heldSinceMs
          freeMs = Math.max(freeMs, atMs)
          heldSinceMs = undefined
        }
      }
    }
  }
  return { voices, msPerChar: total.chars === 0 ? MS_PER_CHAR : total.ms / total.chars }
}

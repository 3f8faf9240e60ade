import { INTERRUPTED_BY } from '../dialogue/barge-in.ts'
import type { EndReason, SentenceNote, TurnNote } from '../dialogue/events.ts'
import { speechEdge } from './evidence.ts'
import type { RunStep } from './rerun.ts'

/** What somebody who listened to a run of a call would tell of it. Times are ms since the call's start. */
export interface Outline {
  readonly turns: readonly OutlineTurn[]
  readonly interruptions: readonly OutlineInterruption[]
  /** Absent when the run did not come to an end. */
  readonly end?: { readonly atMs: number; readonly reason: EndReason }
}

/** What the user said in one go, and its answer. What did not happen is absent. */
export interface OutlineTurn {
  readonly turnId: number
  /** The numbers, from 0, of the stretches of speech that it is made of. */
  readonly utterances: readonly number[]
  readonly userText: string
  readonly speechStartMs?: number
  readonly speechEndMs?: number
  /** The model was asked. */
  readonly turnEndMs?: number
  readonly firstAudioMs?: number
  /** From the user's last sound (or from when what was typed was asked) to the answer's first. */
  readonly answerDelayMs?: number
  readonly answerText: string
  readonly interruptedMs?: number
  readonly endpointReason?: string
}

export interface OutlineInterruption {
  readonly atMs: number
  /** `InterruptReason` of the wire, in words. */
  readonly by: string
  readonly turnId?: number
  /** The stretch of speech that did it, if one did. */
  readonly utterance?: number
}

interface Utterance {
  readonly startMs: number
  endMs: number
}

export function outlineOf(steps: readonly RunStep[], offsetMs: number): Outline {
  const utterances = utterancesOf(steps)
  const sentences = new Map<number, SentenceNote>()
  const notes = new Map<number, TurnNote>()
  const interruptions: OutlineInterruption[] = []
  let end: Outline['end']
  for (const { event, before, actions } of steps) {
    for (const action of actions) {
      switch (action.type) {
        case 'note-sentence':
          sentences.set(action.sentence.entryId, action.sentence)
          break
        case 'note-turn':
          notes.set(action.turn.turnId, action.turn)
          break
        case 'tell-interrupted': {
          const by = nameOf(action.reason)
          const utterance = by === 'voice' || by === 'words' ? spokenAt(utterances, event.atMs) : -1
          interruptions.push({
            atMs: event.atMs + offsetMs,
            by,
            ...(before.speech === undefined ? {} : { turnId: before.speech.turnId }),
            ...(utterance < 0 ? {} : { utterance }),
          })
          break
        }
        case 'end':
          end = { atMs: action.atMs + offsetMs, reason: action.reason }
          break
        default:
      }
    }
  }
  const turns = turnsOf([...sentences.values()], notes, utterances, offsetMs)
  return { turns, interruptions, ...(end === undefined ? {} : { end }) }
}

const nameOf = (reason: number): string =>
  Object.entries(INTERRUPTED_BY).find(([, value]) => value === reason)?.[0] ?? 'takeover'

function utterancesOf(steps: readonly RunStep[]): readonly Utterance[] {
  const utterances: Utterance[] = []
  for (const step of steps) {
    const edge = speechEdge(step)
    const { event } = step
    const last = utterances.at(-1)
    if (edge === 'start') {
      const startMs = event.type === 'speech-start' ? event.onsetMs : event.atMs
      utterances.push({ startMs, endMs: Infinity })
    } else if (edge === 'end' && last !== undefined) {
      last.endMs = event.type === 'speech-end' ? event.endMs : event.atMs
    }
  }
  return utterances
}

const spokenAt = (utterances: readonly Utterance[], atMs: number): number =>
  utterances.findLastIndex(({ startMs }) => startMs <= atMs)

function turnsOf(
  sentences: readonly SentenceNote[],
  notes: ReadonlyMap<number, TurnNote>,
  utterances: readonly Utterance[],
  offsetMs: number,
): readonly OutlineTurn[] {
  const said = sentences.filter(({ role }) => role === 'user')
  return said.map(({ turnId, text, beginMs }) => {
    const note = notes.get(turnId)
    const startMs = note?.speechStartMs ?? beginMs
    const { speechEndMs, firstAudioMs } = note ?? {}
    const within = utterances.flatMap((utterance, index) =>
      speechEndMs !== undefined && utterance.startMs >= startMs && utterance.endMs <= speechEndMs
        ? [index]
        : [],
    )
    const answer = sentences.filter((one) => one.role === 'agent' && one.turnId === turnId)
    const waitsFromMs = speechEndMs ?? note?.turnEndMs
    const isAnswered = firstAudioMs !== undefined && waitsFromMs !== undefined
    return {
      turnId,
      utterances: within,
      userText: text,
      ...times(note, offsetMs),
      ...(isAnswered ? { answerDelayMs: firstAudioMs - waitsFromMs } : {}),
      answerText: answer
        .map((one) => one.spokenText ?? one.text)
        .join(' ')
        .trim(),
      ...(note?.endpointReason === undefined ? {} : { endpointReason: note.endpointReason }),
    }
  })
}

const TIMES = [
  'speechStartMs',
  'speechEndMs',
  'turnEndMs',
  'firstAudioMs',
  'interruptedMs',
] as const satisfies readonly (keyof TurnNote & keyof OutlineTurn)[]

function times(
  note: TurnNote | undefined,
  offsetMs: number,
): Pick<OutlineTurn, (typeof TIMES)[number]> {
  const known = TIMES.flatMap((name) => {
    const atMs = note?.[name]
    return atMs === undefined ? [] : [[name, atMs + offsetMs] as const]
  })
  return Object.fromEntries(known)
}

import type { Action, TurnNote } from '../dialogue/events.ts'
import type { DialoguePast } from '../dialogue/state.ts'
import type { CallRecord, Sentence, Turn } from '../ports/call-record.ts'
import type { CallPast } from '../ports/worker-protocol.ts'

/** What of an action is to be remembered, with times on the wall clock. */
export function recordOf(action: Action, wallOffsetMs: number): readonly CallRecord[] {
  const wall = (ms: number): number => Math.round(ms + wallOffsetMs)
  switch (action.type) {
    case 'note-executing':
      return [{ type: 'executing', atMs: wall(action.atMs) }]
    case 'note-takeover':
      return [{ type: 'takeover', atMs: wall(action.atMs), takeover: action.takeover }]
    case 'note-sentence': {
      const { sentence } = action
      return [{ type: 'sentence', sentence: { ...sentence, beginMs: wall(sentence.beginMs) } }]
    }
    case 'note-turn':
      return [{ type: 'turn', turn: onTheWall(action.turn, wall) }]
    case 'note-decision': {
      const { decision } = action
      return [{ type: 'decision', decision: { ...decision, atMs: wall(decision.atMs) } }]
    }
    case 'end':
      return [{ type: 'finished', atMs: wall(action.atMs), reason: action.reason }]
    default:
      return []
  }
}

const TIMES = [
  'speechStartMs',
  'speechEndMs',
  'finalTranscriptMs',
  'turnEndMs',
  'firstTokenMs',
  'firstAudioMs',
  'playoutEndMs',
  'interruptedMs',
] as const satisfies readonly (keyof TurnNote)[]

function onTheWall(note: TurnNote, wall: (ms: number) => number): Turn {
  const times = TIMES.flatMap((name) => {
    const ms = note[name]
    return ms === undefined ? [] : [[name, wall(ms)] as const]
  })
  return { ...note, ...Object.fromEntries(times) }
}

/** The engine's view of what a call had been through before it lost its worker. */
export function dialoguePast(past: CallPast, wallOffsetMs: number): DialoguePast {
  const turnIds = [...past.turns, ...past.sentences].map((item) => item.turnId)
  const entryIds = past.sentences.map((sentence) => sentence.entryId)
  const told = new Set(past.turns.map((turn) => turn.turnId))
  const unfinished = past.sentences.filter(
    ({ turnId, kind, text }) => !told.has(turnId) && kind === 'normal' && text !== '',
  )
  const unanswered = unansweredTurn(unfinished, wallOffsetMs)
  const messages = unfinished
    .filter((sentence) => sentence.turnId !== unanswered?.turnId)
    .map(({ role, text }) => ({
      role: role === 'user' ? ('user' as const) : ('assistant' as const),
      content: text,
    }))
  return {
    nextTurnId: Math.max(0, ...turnIds) + 1,
    nextEntryId: Math.max(0, ...entryIds) + 1,
    history: [...past.turns.map((turn) => turn.history), messages].filter(
      (turn) => turn.length > 0,
    ),
    hasBegun: past.executingMs !== undefined,
    ...(unanswered === undefined ? {} : { unanswered }),
    ...(past.takeover === undefined ? {} : { takeover: past.takeover }),
    lostAtMs: past.lastSeenMs - wallOffsetMs,
  }
}

/** What the user said last, if the agent had not begun to answer. */
function unansweredTurn(
  unfinished: readonly Sentence[],
  wallOffsetMs: number,
): DialoguePast['unanswered'] {
  const last = unfinished.at(-1)
  if (last?.role !== 'user') return undefined
  const { turnId, entryId, text } = last
  const beginMs = last.beginMs - wallOffsetMs
  return { turnId, entryId, text, query: text, beginMs, note: { turnId, history: [] } }
}

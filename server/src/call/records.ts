import type { Action, TurnNote } from '../dialogue/events.ts'
import type { DialoguePast } from '../dialogue/state.ts'
import type { CallRecord, Turn } from '../ports/call-record.ts'
import type { CallPast } from '../ports/worker-protocol.ts'

/** What of an action is to be remembered, with times on the wall clock. */
export function recordOf(action: Action, wallOffsetMs: number): readonly CallRecord[] {
  const wall = (ms: number): number => Math.round(ms + wallOffsetMs)
  switch (action.type) {
    case 'note-executing':
      return [{ type: 'executing', atMs: wall(action.atMs) }]
    case 'note-sentence': {
      const { sentence } = action
      return [{ type: 'sentence', sentence: { ...sentence, beginMs: wall(sentence.beginMs) } }]
    }
    case 'note-turn':
      return [{ type: 'turn', turn: onTheWall(action.turn, wall) }]
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
export function dialoguePast(past: CallPast): DialoguePast {
  const turnIds = [...past.turns, ...past.sentences].map((item) => item.turnId)
  const entryIds = past.sentences.map((sentence) => sentence.entryId)
  const told = new Set(past.turns.map((turn) => turn.turnId))
  const turns = past.turns.map((turn) => ({ turnId: turn.turnId, messages: turn.history }))
  // What was said last, but whose turn was not over yet.
  for (const { turnId, role, text, kind } of past.sentences) {
    if (told.has(turnId) || text === '' || kind !== 'normal') continue
    const message = {
      role: role === 'user' ? ('user' as const) : ('assistant' as const),
      content: text,
    }
    const open = turns.find((turn) => turn.turnId === turnId)
    if (open === undefined) turns.push({ turnId, messages: [message] })
    else open.messages = [...open.messages, message]
  }
  return {
    nextTurnId: Math.max(0, ...turnIds) + 1,
    nextEntryId: Math.max(0, ...entryIds) + 1,
    history: turns
      .sort((one, other) => one.turnId - other.turnId)
      .map((turn) => turn.messages)
      .filter((messages) => messages.length > 0),
    hasBegun: past.executingMs !== undefined,
  }
}

import type { CallRecord, Turn } from '../ports/call-record.ts'

/** The latest time that a record tells of, as a sign of life of its call; 0 when it tells of none. */
export function recordTimeMs(record: CallRecord): number {
  switch (record.type) {
    case 'executing':
    case 'finished':
    case 'settings':
    case 'takeover':
    case 'provider-failure':
      return record.atMs
    case 'ready':
    case 'event':
      return 0
    case 'sentence':
      return record.sentence.beginMs
    case 'turn':
      return turnTimeMs(record.turn)
    // They come along with records of the same time.
    case 'decision':
    case 'trace':
      return 0
  }
}

/** The latest time in a turn; 0 when it has none. */
export function turnTimeMs(turn: Turn): number {
  return Math.max(
    turn.speechStartMs ?? 0,
    turn.speechEndMs ?? 0,
    turn.finalTranscriptMs ?? 0,
    turn.turnEndMs ?? 0,
    turn.firstTokenMs ?? 0,
    turn.firstAudioMs ?? 0,
    turn.playoutEndMs ?? 0,
    turn.interruptedMs ?? 0,
  )
}

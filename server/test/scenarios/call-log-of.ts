import { callLogPieces, type CallLog } from '../../src/web/call-log.ts'
import { MemoryTraces } from '../../src/store/memory-traces.ts'
import type { Sentence, Turn } from '../../src/ports/call-record.ts'
import { storedCall } from '../../src/web/loopback.ts'
import type { SimulatedCall } from './simulated-call.ts'

/** The call log that a server would give out for the simulated call. */
export function logOf(talk: SimulatedCall): CallLog {
  const records = talk.records.map(({ record }) => record)
  const sentences = new Map<number, Sentence>()
  const turns = new Map<number, Turn>()
  let executingMs = talk.clock.wallMs()
  for (const record of records) {
    if (record.type === 'sentence') sentences.set(record.sentence.entryId, record.sentence)
    if (record.type === 'turn') turns.set(record.turn.turnId, record.turn)
    if (record.type === 'executing') executingMs = record.atMs
  }
  const traces = new MemoryTraces()
  traces.record('call', records)
  const call = {
    ...storedCall({ executingMs, finishedMs: talk.clock.wallMs() }),
    sentences: [...sentences.values()],
    turns: [...turns.values()],
  }
  return JSON.parse(
    Buffer.concat([...callLogPieces(call, traces.get('call'))]).toString(),
  ) as CallLog
}

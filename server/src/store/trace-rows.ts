import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CallRecord, Decision } from '../ports/call-record.ts'
import type { CallTrace, TraceStretch } from '../ports/trace-store.ts'
import { callRows, type CallPart } from './call-parts.ts'
import { packText, unpackText } from './trace-codec.ts'

/** What is deleted with a call. */
export const TRACE_PARTS: readonly CallPart[] = [
  callRows({ table: 'call_trace', key: 'piece_no', by: 'instance_no', kind: 'log' }),
  callRows({ table: 'call_decision', key: 'decision_no', by: 'instance_no', kind: 'log' }),
]

type TraceRecord = Extract<CallRecord, { readonly type: 'trace' | 'decision' }>

/** Writes traces inside a transaction of the writer. */
export class TraceWriter {
  readonly #addTrace: StatementSync
  readonly #addDecision: StatementSync

  constructor(database: DatabaseSync) {
    this.#addTrace = database.prepare(
      'insert into call_trace (instance_no, stretch_ms, codec, body) values (?, ?, ?, ?)',
    )
    this.#addDecision = database.prepare(
      'insert into call_decision (instance_no, body) values (?, ?)',
    )
  }

  add(instanceNo: number, record: TraceRecord): void {
    if (record.type === 'decision') {
      this.#addDecision.run(instanceNo, JSON.stringify(record.decision))
      return
    }
    const { codec, body } = packText(record.lines)
    this.#addTrace.run(instanceNo, record.stretchMs, codec, body)
  }
}

/** Reads traces on the connection that only reads. */
export class TraceReader {
  readonly #trace: StatementSync
  readonly #decisions: StatementSync

  constructor(database: DatabaseSync) {
    this.#trace = database.prepare(
      'select stretch_ms, codec, body from call_trace where instance_no = ? order by piece_no',
    )
    this.#decisions = database.prepare(
      'select body from call_decision where instance_no = ? order by decision_no',
    )
  }

  read(instanceNo: number): CallTrace {
    const stretches: { stretchMs: number; readonly pieces: string[] }[] = []
    for (const row of this.#trace.iterate(instanceNo)) {
      const stretchMs = row['stretch_ms'] as number
      const last = stretches.at(-1)
      const stretch = last?.stretchMs === stretchMs ? last : { stretchMs, pieces: [] }
      if (stretch !== last) stretches.push(stretch)
      const packed = { codec: row['codec'] as number, body: row['body'] as Uint8Array }
      stretch.pieces.push(unpackText(packed))
    }
    const decisions = this.#decisions
      .all(instanceNo)
      .map((row) => JSON.parse(row['body'] as string) as Decision)
    return { decisions, stretches: stretches satisfies TraceStretch[] }
  }
}

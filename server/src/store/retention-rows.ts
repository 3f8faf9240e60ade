import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SweptPart } from '../ports/retention-store.ts'
import { CALLBACK_PARTS } from './callback-rows.ts'
import { callRows, type CallPart, type CallToDelete } from './call-parts.ts'
import { TRACE_PARTS } from './trace-rows.ts'

/** What was said, and the full-text index of it. */
const SAID_PARTS: readonly CallPart[] = [
  callRows({ table: 'sentence', key: 'entry_id', by: 'instance_no', kind: 'log' }),
  callRows({ table: 'turn', key: 'turn_id', by: 'instance_no', kind: 'log' }),
  {
    kind: 'log',
    prepare: (database) => {
      const remove = database.prepare('delete from call_text where rowid = ?')
      return ({ instanceNo }) => Number(remove.run(instanceNo).changes)
    },
  },
]

/** All that is stored about a call beside its row in `instance`. */
const CALL_PARTS: readonly CallPart[] = [...SAID_PARTS, ...TRACE_PARTS, ...CALLBACK_PARTS]

type Delete = (call: CallToDelete, limit: number) => number

/** Deletes calls inside a transaction of the writer. */
export class RetentionWriter {
  readonly #find: StatementSync
  readonly #nextCall: StatementSync
  readonly #nextLog: StatementSync
  readonly #removeCall: StatementSync
  readonly #noteLogDeleted: StatementSync
  readonly #parts: Readonly<Record<SweptPart, readonly Delete[]>>

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      'select instance_no, instance_id, status from instance where instance_id = ?',
    )
    // Both values of has_log, so that the index gives the rows.
    this.#nextCall = database.prepare(`
      select instance_no, instance_id from instance
      where status = 'Finished' and has_log in (0, 1) and finished_ms < ? limit 1`)
    this.#nextLog = database.prepare(`
      select instance_no, instance_id from instance
      where status = 'Finished' and has_log = 1 and finished_ms < ? order by finished_ms limit 1`)
    this.#removeCall = database.prepare('delete from instance where instance_no = ?')
    this.#noteLogDeleted = database.prepare('update instance set has_log = 0 where instance_no = ?')
    const prepared = (parts: readonly CallPart[]): readonly Delete[] =>
      parts.map((part) => part.prepare(database))
    this.#parts = {
      calls: prepared(CALL_PARTS),
      logs: prepared(CALL_PARTS.filter(({ kind }) => kind === 'log')),
    }
  }

  deleteCall(instanceId: string): 'done' | 'unknown' | 'running' {
    const row = this.#find.get(instanceId)
    if (row === undefined) return 'unknown'
    if (row['status'] !== 'Finished') return 'running'
    // A limit of -1 is none.
    const call = callOf(row)
    for (const remove of this.#parts.calls) remove(call, -1)
    this.#removeCall.run(call.instanceNo)
    return 'done'
  }

  /** Gives how many rows are gone; not more than a few past the limit. */
  sweep(part: SweptPart, endedBeforeMs: number, limit: number): number {
    let deleted = 0
    while (deleted < limit) {
      const next = part === 'calls' ? this.#nextCall : this.#nextLog
      const row = next.get(endedBeforeMs)
      if (row === undefined) break
      const call = callOf(row)
      for (const remove of this.#parts[part]) {
        if (deleted < limit) deleted += remove(call, limit - deleted)
      }
      // There may be more of this call: the next step goes on with it.
      if (deleted >= limit) break
      if (part === 'calls') this.#removeCall.run(call.instanceNo)
      else this.#noteLogDeleted.run(call.instanceNo)
      deleted += 1
    }
    return deleted
  }
}

const callOf = (row: ReturnType<StatementSync['get']>): CallToDelete => ({
  instanceNo: row?.['instance_no'] as number,
  instanceId: row?.['instance_id'] as string,
})

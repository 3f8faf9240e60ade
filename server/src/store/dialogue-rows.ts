import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Sentence } from '../ports/call-record.ts'
import type { DialogueQuery, StoredDialogue } from '../ports/dialogue-store.ts'
import type { CallPart } from './call-parts.ts'
import { sentenceOf } from './sentence-rows.ts'
import { TRACE_PARTS } from './trace-rows.ts'

/** A dialogue that is to be erased. */
export interface DialogueToDelete {
  readonly sessionId: string
  readonly instanceId: string
  readonly entryId: number
}

/** Something may still be recorded after the end of a call, but not long after it. */
const LATE_MS = 3_600_000

/** The calls of a session: those that carry its name, or the one call without a session of that instance id. */
const CALLS_OF_SESSION = `(
  select instance_no from instance where session_id = :session
  union all
  select instance_no from instance where instance_id = :session and session_id is null
)`

/**
 * Erases what was said, inside a transaction of the writer. A running call keeps what its model has been told, and
 * what it can be played again from, until it ends: it may have to be taken up again.
 */
export class DialogueWriter {
  readonly #erase: StatementSync
  readonly #forgetHistory: StatementSync
  readonly #isFinished: StatementSync
  readonly #traces: readonly ReturnType<CallPart['prepare']>[]

  constructor(database: DatabaseSync) {
    this.#erase = database.prepare(`
      update sentence set text = '', spoken_text = null, is_deleted = 1
      where entry_id = :entry and is_deleted = 0 and text <> '' and instance_no in (
        select instance_no from instance
        where instance_id = :instance and instance_no in ${CALLS_OF_SESSION}
      )
      returning instance_no`)
    this.#forgetHistory = database.prepare(`
      update turn set body = json_set(body, '$.history', json('[]'))
      where instance_no = :call and turn_id in (
        select turn_id from sentence where instance_no = :call and is_deleted = 1
      )`)
    this.#isFinished = database.prepare(
      `select instance_id from instance where instance_no = ? and status = 'Finished'`,
    )
    this.#traces = TRACE_PARTS.map((part) => part.prepare(database))
  }

  /** Gives how many there were: 0 or 1. */
  erase({ sessionId, instanceId, entryId }: DialogueToDelete): number {
    const row = this.#erase.get({ entry: entryId, instance: instanceId, session: sessionId })
    if (row === undefined) return 0
    const instanceNo = row['instance_no'] as number
    if (this.#isFinished.get(instanceNo) !== undefined) this.forgetErased(instanceNo)
    return 1
  }

  /** Of a finished call: the words of its erased sentences are forgotten wherever else they stand. */
  forgetErased(instanceNo: number): void {
    const { changes } = this.#forgetHistory.run({ call: instanceNo })
    if (changes === 0) return
    // The words cannot be taken out of a trace.
    for (const remove of this.#traces) remove({ instanceNo, instanceId: '' }, -1)
  }
}

/** Reads dialogues on the connection that only reads. */
export class DialogueReader {
  readonly #statements: ReadonlyMap<string, StatementSync>

  constructor(database: DatabaseSync) {
    const make = (isNewest: boolean, isAscending: boolean): [string, StatementSync] => [
      nameOf(isNewest, isAscending),
      database.prepare(select(isNewest, isAscending)),
    ]
    this.#statements = new Map([
      make(false, false),
      make(false, true),
      make(true, false),
      make(true, true),
    ])
  }

  list({ sessionId, fromMs, untilMs, isAscending, part }: DialogueQuery): StoredDialogue[] {
    const statement = this.#statements.get(nameOf(part.type === 'newest', isAscending))
    const query = { session: sessionId, from: fromMs, until: untilMs }
    const rows =
      part.type === 'newest'
        ? statement?.all({ ...query, rounds: part.rounds })
        : statement?.all({
            ...query,
            size: part.pageSize,
            skipped: (part.pageNumber - 1) * part.pageSize,
          })
    return (rows ?? []).map((row) => ({
      instanceId: row['instance_id'] as string,
      sentence: sentenceOf(row) satisfies Sentence,
    }))
  }
}

const nameOf = (isNewest: boolean, isAscending: boolean): string =>
  `${isNewest ? 'newest' : 'page'} ${isAscending ? 'asc' : 'desc'}`

function select(isNewest: boolean, isAscending: boolean): string {
  const way = isAscending ? 'asc' : 'desc'
  const said = `
    select i.instance_id, s.* from ${CALLS_OF_SESSION} c
    cross join instance i on i.instance_no = c.instance_no
    cross join sentence s on s.instance_no = c.instance_no
    where i.created_ms <= :until and (i.finished_ms is null or i.finished_ms >= :from - ${LATE_MS})
      and round(s.begin_ms) between :from and :until and s.text <> ''`
  const order = `order by begin_ms ${way}, instance_id ${way}, entry_id ${way}`
  if (!isNewest) return `${said} ${order} limit :size offset :skipped`
  return `
    with said as (${said})
    select said.* from said join (
      select instance_no, turn_id from said group by instance_no, turn_id
      order by max(begin_ms) desc, instance_no desc, turn_id desc limit :rounds
    ) newest on newest.instance_no = said.instance_no and newest.turn_id = said.turn_id
    ${order}`
}

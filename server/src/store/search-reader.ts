import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type {
  CallCount,
  CallCursor,
  CallFilter,
  CallPage,
  CallSearch,
  FoundCall,
} from '../ports/search-store.ts'
import type { InstanceStatus } from '../ports/store.ts'
import { sentenceOf } from './sentence-rows.ts'
import { instanceIdRange } from './instance-id-range.ts'
import { phrasesOf, says, SENTENCE_GAP, wordsOf } from './said-words.ts'
import { countSql, liveSql, pageSql, type SearchBounds, type Sql } from './search-sql.ts'

type Row = Readonly<Record<string, SQLOutputValue>>

/** Statements that are kept ready; the filters that people use are few. */
const STATEMENTS_LIMIT = 64
/** Calls that an estimate counts before it reckons. */
const ESTIMATE_SAMPLE = 5000
/** Calls that are counted in one go. */
const STRETCH = 20_000

export interface SearchSizes {
  readonly stretch?: number
  readonly sample?: number
}

/** A part of a count; `next` is where the rest begins. */
export interface CountedStretch {
  readonly count: number
  readonly next?: CallCursor
}

const decoder = new TextDecoder()

/** Finds calls from a connection that only reads. It blocks: `search-thread.ts` runs it in a thread of its own. */
export class SearchReader {
  readonly #database: DatabaseSync
  readonly #call: StatementSync
  readonly #sentences: StatementSync
  readonly #bound: StatementSync
  readonly #stretch: number
  readonly #sample: number
  /** By text, least recently used first. */
  readonly #statements = new Map<string, StatementSync>()

  constructor(
    database: DatabaseSync,
    { stretch = STRETCH, sample = ESTIMATE_SAMPLE }: SearchSizes = {},
  ) {
    this.#database = database
    this.#stretch = stretch
    this.#sample = sample
    this.#call = database.prepare('select * from instance where instance_no = ?')
    this.#sentences = database.prepare(
      'select * from sentence where instance_no = ? order by entry_id',
    )
    this.#bound = database.prepare('select longest_ms from call_bound')
  }

  page(search: CallSearch): CallPage {
    if (isWordless(search.filter)) return { calls: [] }
    return this.#atOnce(() => {
      const rows = this.#rows(search)
      const calls = rows.slice(0, search.limit).flatMap((cursor) => {
        const row = this.#call.get(cursor.number)
        return row === undefined ? [] : [this.#found(row, cursor.number, search)]
      })
      const last = rows[search.limit - 1]
      return { calls, ...(rows.length > search.limit && last !== undefined && { next: last }) }
    })
  }

  /** Counts a stretch of the calls, newest first: all at once would keep others waiting. */
  countSome(filter: CallFilter, after?: CallCursor): CountedStretch {
    if (isWordless(filter)) return { count: 0 }
    return this.#atOnce(() => {
      const row = this.#get(countSql(filter, this.#bounds(), { limit: this.#stretch, after }))
      const live = after === undefined ? this.#live(filter).length : 0
      const counted = row['count'] as number
      const isLast = counted < this.#stretch
      return { count: counted + live, ...(!isLast && { next: cursorOf(row) }) }
    })
  }

  /** Counts the newest calls and reckons from how close together they lie. */
  estimate(filter: CallFilter): CallCount {
    if (isWordless(filter)) return { count: 0, isExact: true }
    return this.#atOnce(() => {
      const row = this.#get(countSql(filter, this.#bounds(), { limit: this.#sample }))
      const live = this.#live(filter).length
      const counted = row['count'] as number
      if (counted < this.#sample) return { count: counted + live, isExact: true }
      const [least, greatest] = [row['number'] as number, row['greatest'] as number]
      const perNumber = counted / (greatest - least + 1)
      const further = Math.max(0, least - this.#leastNumber(filter))
      return { count: Math.round(counted + live + perNumber * further), isExact: false }
    })
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  /** One transaction, or a write might come between the statements. */
  #atOnce<T>(read: () => T): T {
    this.#database.exec('begin')
    try {
      return read()
    } finally {
      this.#database.exec('commit')
    }
  }

  /** Up to one more than the page holds. */
  #rows(search: CallSearch): readonly CallCursor[] {
    const finished = this.#all(pageSql(search, this.#bounds())).map(cursorOf)
    const live = search.orderBy === 'duration' ? [] : this.#live(search.filter)
    if (live.length === 0) return finished
    const sign = search.direction === 'desc' ? -1 : 1
    const compare = (a: string, b: string): number => (a < b ? -sign : a > b ? sign : 0)
    const { after } = search
    const behind = live.filter(
      ({ instanceId }) => after === undefined || compare(instanceId, after.instanceId) > 0,
    )
    return [...finished, ...behind]
      .sort((a, b) => compare(a.instanceId, b.instanceId))
      .slice(0, search.limit + 1)
  }

  /** The live calls in which the words of the filter were said; none if it has no words. */
  #live(filter: CallFilter): readonly CallCursor[] {
    const { said, status } = filter
    if (said === undefined || status === 'Finished') return []
    const phrases = phrasesOf(said.text)
    return this.#all(liveSql(filter, this.#bounds()))
      .map(cursorOf)
      .filter(({ number }) => says(this.#wordsOf(number, said.by), phrases))
  }

  #wordsOf(instanceNo: number, by: 'user' | 'agent' | undefined): readonly string[] {
    const sentences = this.#sentences.all(instanceNo).map(sentenceOf)
    const texts = sentences.filter(({ role }) => by === undefined || role === by)
    return wordsOf(texts.map(({ text }) => text).join(SENTENCE_GAP))
  }

  #bounds(): SearchBounds {
    return { longestMs: (this.#bound.get()?.['longest_ms'] as number | undefined) ?? 0 }
  }

  /** The number of the oldest call that could be meant. */
  #leastNumber({ createdFromMs, agentId }: CallFilter): number {
    const { from } = instanceIdRange(createdFromMs === undefined ? {} : { fromMs: createdFromMs })
    const isMine = agentId === undefined ? '' : 'agent_id = ? and '
    const text = `select instance_no from instance where ${isMine} instance_id >= ?
      order by instance_id limit 1`
    const values = agentId === undefined ? [from] : [agentId, from]
    return (this.#all({ text, values })[0]?.['instance_no'] as number | undefined) ?? 0
  }

  #found(row: Row, number: number, { withSentences = false }: CallSearch): FoundCall {
    const sentences = withSentences ? this.#sentences.all(number).map(sentenceOf) : undefined
    return { ...foundOf(row), ...(sentences && { sentences }) }
  }

  #get(sql: Sql): Row {
    return this.#all(sql)[0] ?? {}
  }

  #all({ text, values }: Sql): readonly Row[] {
    const statement = this.#statements.get(text) ?? this.#database.prepare(text)
    this.#statements.delete(text)
    this.#statements.set(text, statement)
    for (const oldest of this.#statements.keys()) {
      if (this.#statements.size <= STATEMENTS_LIMIT) break
      this.#statements.delete(oldest)
    }
    return statement.all(...values)
  }
}

/** It asks for words without naming any: nothing is found. */
const isWordless = ({ said }: CallFilter): boolean =>
  said !== undefined && phrasesOf(said.text).length === 0

const cursorOf = (row: Row): CallCursor => ({
  instanceId: row['instance_id'] as string,
  number: row['number'] as number,
  ...(typeof row['duration_ms'] === 'number' && { durationMs: row['duration_ms'] }),
})

function foundOf(row: Row): FoundCall {
  const text = (column: string): string => row[column] as string
  const optional = <Name extends string>(name: Name, column: string) =>
    (row[column] === null ? {} : { [name]: row[column] }) as Partial<Record<Name, never>>
  const userData = row['user_data'] as Uint8Array | null
  return {
    instanceId: text('instance_id'),
    agentId: text('agent_id'),
    status: text('status') as InstanceStatus,
    channelId: text('channel_id'),
    agentUserId: text('agent_user_id'),
    createdMs: row['created_ms'] as number,
    turns: row['turns'] as number,
    interruptions: row['interruptions'] as number,
    ...(userData !== null && { userData: JSON.parse(decoder.decode(userData)) as string }),
    ...optional('sessionId', 'session_id'),
    ...optional('executingMs', 'executing_ms'),
    ...optional('finishedMs', 'finished_ms'),
    ...optional('endReason', 'end_reason'),
    ...optional('durationMs', 'duration_ms'),
    ...optional('answerP50Ms', 'answer_p50_ms'),
    ...optional('answerP95Ms', 'answer_p95_ms'),
  }
}

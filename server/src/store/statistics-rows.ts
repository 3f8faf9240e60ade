import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CallRecord, Turn } from '../ports/call-record.ts'
import type { InstanceRecord } from '../ports/store.ts'
import {
  delayBucket,
  HOUR_MS,
  STATISTICS_KEPT_MS,
  type AgentFigures,
  type HourRange,
  type PeriodFigures,
  type PeriodRange,
} from '../ports/statistics-store.ts'
import {
  ALL_AGENTS,
  countsOfEnd,
  countsOfRecord,
  countsOfStart,
  countsOfTurn,
  hourOf,
  periodsOf,
  type Count,
  type StoredFigure,
} from './call-counts.ts'

const hour = (time: string): string => `cast(${time} / ${HOUR_MS} as integer) * ${HOUR_MS}`

/** Counts what is there already; `counted` gives agent_id, time, detail and amount of each thing. */
const fill = (figure: string, counted: string): string =>
  ['agent_id', `'${ALL_AGENTS}'`]
    .map(
      (agent) => `
  insert into hourly (agent_id, hour_ms, figure, detail, amount)
    select ${agent} as agent, ${hour('time')} as hour, '${figure}', detail, sum(amount)
    from (${counted}) where time is not null group by agent, hour, detail;`,
    )
    .join('')

const member = (name: string): string => `json_extract(t.body, '$.${name}')`
const OF_TURNS = 'from turn t join instance i on i.instance_no = t.instance_no'
const turnTime = `coalesce(${member('turnEndMs')}, t.last_ms)`

/**
 * Figures by the hour; `figure` and `detail` as in call-counts.ts. Of the hour 0, which never was, `live` says how many calls
 * there are now. On an existing database this counts everything that is in it.
 */
export const STATISTICS_SCHEMA = `
  create table hourly (
    -- '' is all of them together.
    agent_id text not null,
    hour_ms integer not null,
    figure text not null,
    detail text not null,
    amount real not null,
    primary key (agent_id, hour_ms, figure, detail)
  ) strict, without rowid;
  -- Comparing the agents reads little of the whole.
  create index hourly_by_figure on hourly (figure, hour_ms, agent_id, amount)
    where figure in ('started', 'duration', 'most');

  ${fill('started', `select agent_id, created_ms as time, '' as detail, 1 as amount from instance`)}
  ${fill('ended', `select agent_id, finished_ms as time, coalesce(end_reason, 'error') as detail, 1 as amount from instance`)}
  ${fill('duration', `select agent_id, finished_ms as time, '' as detail, duration_ms as amount from instance where duration_ms > 0`)}
  ${fill('turns', `select agent_id, ${turnTime} as time, '' as detail, 1 as amount ${OF_TURNS} where t.is_asked`)}
  ${fill('answers', `select agent_id, ${turnTime} as time, delay_bucket(t.answer_ms) as detail, 1 as amount ${OF_TURNS} where t.answer_ms is not null`)}
  ${fill('interruptions', `select agent_id, ${member('interruptedMs')} as time, '' as detail, 1 as amount ${OF_TURNS} where t.is_interrupted`)}
  ${fill(
    'false-interruptions',
    `select agent_id, json_extract(d.body, '$.atMs') as time, '' as detail, 1 as amount
     from call_decision d join instance i on i.instance_no = d.instance_no
     where instr(d.body, '"no-interruption"') > 0 and json_extract(d.body, '$.kind') = 'no-interruption'
       and json_extract(d.body, '$.figures.heardMs') is not null`,
  )}
  insert into hourly (agent_id, hour_ms, figure, detail, amount)
    select agent_id, 0, 'live', '', count(*) from instance where status <> 'Finished' group by agent_id;
  insert into hourly (agent_id, hour_ms, figure, detail, amount)
    select '${ALL_AGENTS}', 0, 'live', '', count(*) from instance where status <> 'Finished';
`

/** Gives a connection that writes the function that the schema's step calls. */
export function addStatisticsFunctions(database: DatabaseSync): void {
  database.function('delay_bucket', { deterministic: true }, (ms) =>
    typeof ms === 'number' ? String(delayBucket(ms)) : null,
  )
}

/** Keeps the figures up inside a transaction of the writer. */
export class StatisticsWriter {
  readonly #add: StatementSync
  readonly #raise: StatementSync
  readonly #addLive: StatementSync
  readonly #forget: StatementSync
  readonly #agentOf: StatementSync
  readonly #call: StatementSync
  readonly #turn: StatementSync

  constructor(database: DatabaseSync) {
    const insert = 'insert into hourly (agent_id, hour_ms, figure, detail, amount)'
    const again = 'on conflict (agent_id, hour_ms, figure, detail) do update set amount ='
    this.#add = database.prepare(
      `${insert} values (?, ?, ?, ?, ?) ${again} amount + excluded.amount`,
    )
    this.#raise = database.prepare(
      `${insert} values (?, ?, 'most', '', ?) ${again} max(amount, excluded.amount)`,
    )
    this.#addLive = database.prepare(
      `${insert} values (?, 0, 'live', '', ?) ${again} max(0, amount + excluded.amount)
       returning amount`,
    )
    this.#forget = database.prepare(
      'delete from hourly where agent_id = ? and hour_ms > 0 and hour_ms < ?',
    )
    this.#agentOf = database.prepare('select agent_id from instance where instance_no = ?')
    this.#call = database.prepare(
      'select agent_id, executing_ms, finished_ms, end_reason from instance where instance_no = ?',
    )
    this.#turn = database.prepare('select body from turn where instance_no = ? and turn_id = ?')
  }

  /** A call was made. */
  started(agentId: string, createdMs: number): void {
    this.#count(agentId, countsOfStart(createdMs))
    for (const agent of [agentId, ALL_AGENTS]) {
      this.#raise.run(agent, hourOf(createdMs), this.#live(agent, 1))
      this.#forget.run(agent, hourOf(createdMs - STATISTICS_KEPT_MS))
    }
  }

  /** A call has ended; its row says so already. */
  ended(instanceNo: number): void {
    const row = this.#call.get(instanceNo)
    if (row === undefined) return
    const agentId = row['agent_id'] as string
    const finishedMs = row['finished_ms'] as number
    const executingMs = row['executing_ms'] as number | null
    const call: Pick<InstanceRecord, 'executingMs' | 'finishedMs' | 'endReason'> = {
      finishedMs,
      endReason: row['end_reason'] as string,
      ...(executingMs !== null && { executingMs }),
    }
    this.#count(agentId, countsOfEnd(call))
    for (const agent of [agentId, ALL_AGENTS]) {
      this.#raise.run(agent, hourOf(finishedMs), this.#live(agent, -1) + 1)
    }
  }

  /** Before the turn is stored. */
  turn(instanceNo: number, turn: Turn): void {
    const body = this.#turn.get(instanceNo, turn.turnId)?.['body']
    const before = body === undefined ? undefined : (JSON.parse(body as string) as Turn)
    this.#countOf(instanceNo, countsOfTurn(turn, before))
  }

  record(instanceNo: number, record: CallRecord): void {
    this.#countOf(instanceNo, countsOfRecord(record))
  }

  #countOf(instanceNo: number, counts: readonly Count[]): void {
    if (counts.length === 0) return
    const agentId = this.#agentOf.get(instanceNo)?.['agent_id']
    if (agentId !== undefined) this.#count(agentId as string, counts)
  }

  #count(agentId: string, counts: readonly Count[]): void {
    for (const { figure, detail, atMs, amount } of counts) {
      for (const agent of [agentId, ALL_AGENTS]) {
        this.#add.run(agent, hourOf(atMs), figure, detail, amount)
      }
    }
  }

  /** Changes how many calls there are now, and tells how many. */
  #live(agentId: string, by: number): number {
    return this.#addLive.get(agentId, by)?.['amount'] as number
  }
}

/** Reads the figures on the connection that only reads. */
export class StatisticsReader {
  readonly #periods: StatementSync
  readonly #agents: StatementSync

  constructor(database: DatabaseSync) {
    this.#periods = database.prepare(
      `select ?1 + (hour_ms - ?1) / ?2 * ?2 as start_ms, figure, detail,
         case figure when 'most' then max(amount) else sum(amount) end as amount
       from hourly where agent_id = ?3 and hour_ms >= ?1 and hour_ms < ?4 and hour_ms > 0
       group by 1, 2, 3`,
    )
    this.#agents = database.prepare(
      `select agent_id,
         sum(amount) filter (where figure = 'started') as started,
         sum(amount) filter (where figure = 'duration') as duration_ms,
         max(amount) filter (where figure = 'most') as most
       from hourly
       where figure in ('started', 'duration', 'most') and hour_ms >= ? and hour_ms < ?
         and agent_id <> '${ALL_AGENTS}'
       group by agent_id order by started desc nulls last, agent_id limit ?`,
    )
  }

  periods(range: PeriodRange): readonly PeriodFigures[] {
    const { agentId = ALL_AGENTS, fromMs, untilMs, periodMs = HOUR_MS } = range
    // As integers: the periods are found by whole division.
    const [from, period] = [BigInt(fromMs), BigInt(periodMs)]
    const rows = this.#periods.all(from, period, agentId, untilMs).map((row): StoredFigure => ({
      startMs: row['start_ms'] as number,
      figure: row['figure'] as StoredFigure['figure'],
      detail: row['detail'] as string,
      amount: row['amount'] as number,
    }))
    return periodsOf(rows)
  }

  agents(range: HourRange & { readonly limit: number }): readonly AgentFigures[] {
    return this.#agents.all(range.fromMs, range.untilMs, range.limit).map((row) => ({
      agentId: row['agent_id'] as string,
      started: (row['started'] as number | null) ?? 0,
      durationMs: (row['duration_ms'] as number | null) ?? 0,
      mostCalls: (row['most'] as number | null) ?? 0,
    }))
  }
}

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { CallRecord, Sentence } from '../ports/call-record.ts'
import {
  DELIVERY_LIMIT_MS,
  RESEND_LIMIT,
  WAKE_LIMIT,
  type CallbackFilter,
  type CallbackOutcome,
  type DueCallback,
  type NotifyConfig,
  type StoredCallback,
} from '../ports/callback-store.ts'
import {
  callbackBody,
  type CallbackEvent,
  type CallbackEventName,
} from '../schema/callback-event.ts'
import { callRows, type CallPart } from './call-parts.ts'
import { chatRecord, eventOf } from './callback-events.ts'

/** What is deleted with a call. */
export const CALLBACK_PARTS: readonly CallPart[] = [
  callRows({ table: 'callback', key: 'callback_no', by: 'instance_id', kind: 'record' }),
  callRows({ table: 'callback_lane', key: 'instance_id', by: 'instance_id', kind: 'record' }),
]

/** A configuration as it crosses to the writer thread: its secrets are encrypted, absent when empty. */
export interface SealedNotifyConfig extends Omit<NotifyConfig, 'token' | 'signingSecret'> {
  readonly token?: Uint8Array
  readonly signingSecret?: Uint8Array
}

/** A change of the queue that no record of a call causes. */
export type CallbackChange =
  | {
      readonly type: 'config-put'
      readonly agentId: string
      readonly config: SealedNotifyConfig
      readonly atMs: number
    }
  | { readonly type: 'settle'; readonly callbackNo: number; readonly outcome: CallbackOutcome }
  | { readonly type: 'resend'; readonly filter: CallbackFilter; readonly atMs: number }
  | { readonly type: 'sweep'; readonly failedBeforeMs: number; readonly limit: number }

type Row = Readonly<Record<string, SQLOutputValue>>
const text = (row: Row, column: string): string => row[column] as string
const number = (row: Row, column: string): number => row[column] as number

/** Writes the queue inside a transaction of the writer. */
export class CallbackWriter {
  readonly #statements: Statements<typeof WRITES>

  constructor(database: DatabaseSync) {
    this.#statements = prepare(database, WRITES)
  }

  /** Queues what is told of a record that says something new; gives the agent whose receiver is to hear of it. */
  tell(instanceNo: number, record: CallRecord, wallMs: number): string | undefined {
    const told = eventOf(record)
    if (told === undefined) return undefined
    const row = this.#statements.findReceiver.get(instanceNo)
    if (row === undefined) return undefined
    const open = record.type === 'finished' ? this.#openSentences(instanceNo) : []
    const wanted = text(row, 'event_types')
    const events = [...open.map((sentence) => chatRecord(sentence)), told].filter(
      ({ name }) => wanted === '' || wanted.split(',').includes(name),
    )
    for (const event of events) this.#queue(row, event, wallMs)
    return events.length > 0 ? text(row, 'agent_id') : undefined
  }

  /** Gives how many rows it was about. */
  apply(change: CallbackChange): number {
    switch (change.type) {
      case 'config-put':
        return this.#putConfig(change)
      case 'settle':
        return this.#settle(change.callbackNo, change.outcome)
      case 'resend':
        return this.#resend(change.filter, change.atMs)
      case 'sweep': {
        const { changes } = this.#statements.sweep.run(change.failedBeforeMs, change.limit)
        return Number(changes)
      }
    }
  }

  #queue(row: Row, event: CallbackEvent, wallMs: number): void {
    const agentId = text(row, 'agent_id')
    const instanceId = text(row, 'instance_id')
    const literal = row['user_data'] as Uint8Array | null
    const userData = literal === null ? undefined : (JSON.parse(decoder.decode(literal)) as string)
    const body = callbackBody(
      { agentId, instanceId, ...(userData === undefined ? {} : { userData }) },
      event,
    )
    const deadlineMs = wallMs + DELIVERY_LIMIT_MS
    this.#statements.add.run(agentId, instanceId, event.name, body, wallMs, deadlineMs)
    this.#statements.addLane.run(instanceId, agentId, wallMs)
  }

  #openSentences(instanceNo: number): readonly Sentence[] {
    return this.#statements.openSentences.all(instanceNo).map((row) => ({
      entryId: number(row, 'entry_id'),
      turnId: number(row, 'turn_id'),
      role: row['role'] as Sentence['role'],
      kind: row['kind'] as Sentence['kind'],
      text: text(row, 'text'),
      beginMs: number(row, 'begin_ms'),
      isFinal: false,
    }))
  }

  #putConfig(change: Extract<CallbackChange, { readonly type: 'config-put' }>): number {
    const { agentId, config, atMs } = change
    this.#statements.putConfig.run(
      agentId,
      config.isEnabled ? 1 : 0,
      config.callbackUrl,
      config.eventTypes.join(','),
      config.token ?? null,
      config.signingSecret ?? null,
      config.recordsAudio ? 1 : 0,
      config.audioOssPath,
    )
    return this.#wake(agentId, atMs, -1)
  }

  #settle(callbackNo: number, outcome: CallbackOutcome): number {
    const row = this.#statements.findWaiting.get(callbackNo)
    if (row === undefined) return 0
    const instanceId = text(row, 'instance_id')
    const { atMs } = outcome
    if (outcome.type === 'retry') {
      this.#statements.noteFailure.run(outcome.error, null, callbackNo)
      this.#statements.setDue.run(outcome.dueMs, instanceId)
      return 1
    }
    if (outcome.type === 'failed') this.#statements.noteFailure.run(outcome.error, atMs, callbackNo)
    else this.#statements.remove.run(callbackNo)
    if (this.#statements.head.get(instanceId) === undefined) {
      this.#statements.removeLane.run(instanceId)
    } else this.#statements.setDue.run(atMs, instanceId)
    if (outcome.type === 'delivered' && outcome.wakes) {
      this.#wake(text(row, 'agent_id'), atMs, WAKE_LIMIT)
    }
    return 1
  }

  /** Ends the waiting of the agent's calls that are to be tried first; a limit of -1 is none. */
  #wake(agentId: string, atMs: number, limit: number): number {
    return Number(this.#statements.wake.run(atMs, agentId, atMs, limit).changes)
  }

  #resend(filter: CallbackFilter, atMs: number): number {
    const rows = this.#statements.findFailed.all({ ...named(filter), limit: RESEND_LIMIT })
    for (const row of rows) {
      const { instance_id: instanceId = null, agent_id: agentId = null } = row
      const callbackNo = number(row, 'callback_no')
      this.#statements.revive.run(atMs + DELIVERY_LIMIT_MS, callbackNo)
      this.#statements.addLane.run(instanceId, agentId, atMs)
      this.#statements.setDue.run(atMs, instanceId)
    }
    return rows.length
  }
}

/** Answers questions about the queue. */
export class CallbackReader {
  readonly #statements: Statements<typeof READS>

  constructor(database: DatabaseSync) {
    this.#statements = prepare(database, READS)
  }

  config(agentId: string): SealedNotifyConfig | undefined {
    const row = this.#statements.config.get(agentId)
    if (row === undefined) return undefined
    const eventTypes = text(row, 'event_types')
    const { token, signing_secret: secret } = row
    return {
      isEnabled: row['is_enabled'] === 1,
      callbackUrl: text(row, 'callback_url'),
      eventTypes: eventTypes === '' ? [] : (eventTypes.split(',') as CallbackEventName[]),
      ...(token instanceof Uint8Array && { token }),
      ...(secret instanceof Uint8Array && { signingSecret: secret }),
      recordsAudio: row['records_audio'] === 1,
      audioOssPath: text(row, 'audio_oss_path'),
    }
  }

  receivers(): readonly { readonly agentId: string; readonly dueMs: number }[] {
    return this.#statements.receivers
      .all()
      .map((row) => ({ agentId: text(row, 'agent_id'), dueMs: number(row, 'due_ms') }))
  }

  next(agentId: string, limit: number): readonly DueCallback[] {
    return this.#statements.next
      .all(agentId, limit)
      .map((row) => ({ callback: callbackOf(row), dueMs: number(row, 'due_ms') }))
  }

  list(
    query: CallbackFilter & { readonly status: 'waiting' | 'failed' },
    limit: number,
    offset: number,
  ): readonly StoredCallback[] {
    const statement = this.#statements[query.status === 'failed' ? 'failed' : 'waiting']
    return statement.all({ ...named(query), limit, offset }).map(callbackOf)
  }

  count(query: CallbackFilter & { readonly status: 'waiting' | 'failed' }): number {
    const statement = this.#statements[query.status === 'failed' ? 'countFailed' : 'countWaiting']
    return Number(statement.get(named(query))?.['number'])
  }
}

const decoder = new TextDecoder()

const callbackOf = (row: Row): StoredCallback => ({
  callbackNo: number(row, 'callback_no'),
  eventId: `${text(row, 'instance_id')}-${number(row, 'callback_no')}`,
  agentId: text(row, 'agent_id'),
  instanceId: text(row, 'instance_id'),
  event: row['event'] as CallbackEventName,
  body: text(row, 'body'),
  createdMs: number(row, 'created_ms'),
  deadlineMs: number(row, 'deadline_ms'),
  attempts: number(row, 'attempts'),
  ...(row['last_error'] !== null && { lastError: text(row, 'last_error') }),
  ...(row['failed_ms'] !== null && { failedMs: number(row, 'failed_ms') }),
})

const named = ({ agentId, instanceId, eventIds }: CallbackFilter) => ({
  agentId: agentId ?? null,
  instanceId: instanceId ?? null,
  eventIds: eventIds === undefined ? null : JSON.stringify(eventIds),
  // Found by the number, which is the end of the id; the whole id is compared afterwards.
  numbers: eventIds === undefined ? null : JSON.stringify(eventIds.map(numberOf)),
})

const numberOf = (eventId: string): number => Number(/-(\d{1,15})$/.exec(eventId)?.[1] ?? 0)

const MATCHES = `
  (:agentId is null or agent_id = :agentId)
  and (:instanceId is null or instance_id = :instanceId)
  and (:numbers is null or callback_no in (select value from json_each(:numbers)))
  and (:eventIds is null
    or instance_id || '-' || callback_no in (select value from json_each(:eventIds)))`

const WRITES = {
  findReceiver: `
    select i.agent_id, i.instance_id, i.user_data, n.event_types
    from instance i join notify_config n on n.agent_id = i.agent_id
    where i.instance_no = ? and n.is_enabled = 1`,
  openSentences: `
    select entry_id, turn_id, role, kind, text, begin_ms from sentence
    where instance_no = ? and is_final = 0 and text <> '' order by entry_id`,
  add: `
    insert into callback (agent_id, instance_id, event, body, created_ms, deadline_ms)
    values (?, ?, ?, ?, ?, ?)`,
  addLane: `
    insert into callback_lane (instance_id, agent_id, due_ms) values (?, ?, ?)
    on conflict (instance_id) do nothing`,
  putConfig: `
    insert into notify_config (agent_id, is_enabled, callback_url, event_types, token,
      signing_secret, records_audio, audio_oss_path)
    values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (agent_id) do update set
      is_enabled = excluded.is_enabled, callback_url = excluded.callback_url,
      event_types = excluded.event_types, token = excluded.token,
      signing_secret = excluded.signing_secret, records_audio = excluded.records_audio,
      audio_oss_path = excluded.audio_oss_path`,
  findWaiting: `
    select instance_id, agent_id from callback where callback_no = ? and failed_ms is null`,
  head: `
    select callback_no from callback where instance_id = ? and failed_ms is null
    order by callback_no limit 1`,
  noteFailure: `
    update callback set attempts = attempts + 1, last_error = ?, failed_ms = ?
    where callback_no = ?`,
  remove: `delete from callback where callback_no = ?`,
  removeLane: `delete from callback_lane where instance_id = ?`,
  setDue: `update callback_lane set due_ms = ? where instance_id = ?`,
  wake: `
    update callback_lane set due_ms = ? where instance_id in (
      select instance_id from callback_lane where agent_id = ? and due_ms > ?
      order by due_ms limit ?)`,
  findFailed: `
    select callback_no, instance_id, agent_id from callback
    where failed_ms is not null and ${MATCHES}
    order by callback_no limit :limit`,
  revive: `
    update callback set failed_ms = null, attempts = 0, deadline_ms = ? where callback_no = ?`,
  sweep: `
    delete from callback where callback_no in (
      select callback_no from callback where failed_ms < ? order by failed_ms limit ?)`,
} as const

const READS = {
  config: `select * from notify_config where agent_id = ?`,
  receivers: `select agent_id, min(due_ms) as due_ms from callback_lane group by agent_id`,
  next: `
    select l.due_ms, c.* from (
      select instance_id, due_ms from callback_lane where agent_id = ? order by due_ms limit ?
    ) l
    cross join callback c on c.callback_no = (
      select callback_no from callback
      where instance_id = l.instance_id and failed_ms is null order by callback_no limit 1)
    order by l.due_ms`,
  waiting: `
    select * from callback where failed_ms is null and ${MATCHES}
    order by callback_no desc limit :limit offset :offset`,
  failed: `
    select * from callback where failed_ms is not null and ${MATCHES}
    order by callback_no desc limit :limit offset :offset`,
  countWaiting: `select count(*) as number from callback where failed_ms is null and ${MATCHES}`,
  countFailed: `select count(*) as number from callback where failed_ms is not null and ${MATCHES}`,
} as const

type Statements<Sql> = Readonly<Record<keyof Sql, StatementSync>>

function prepare<Sql extends Readonly<Record<string, string>>>(
  database: DatabaseSync,
  sql: Sql,
): Statements<Sql> {
  const prepared = Object.entries(sql).map(([name, one]) => [name, database.prepare(one)])
  return Object.fromEntries(prepared) as Statements<Sql>
}

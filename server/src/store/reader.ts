import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Log } from '../base/log.ts'
import type { AccessRecords } from '../ports/access-store.ts'
import type { Takeover, Turn } from '../ports/call-record.ts'
import type {
  AgentRecord,
  InstanceQuery,
  InstanceRecord,
  ListedInstance,
  StoredCall,
} from '../ports/store.ts'
import type { DialogueQuery, StoredDialogue } from '../ports/dialogue-store.ts'
import type { CallTrace } from '../ports/trace-store.ts'
import { readAccessRecords } from './access-rows.ts'
import { CallbackReader } from './callback-rows.ts'
import { ConfigurationBodies, NoConfiguration } from './configuration-bodies.ts'
import { DialogueReader } from './dialogue-rows.ts'
import { instanceIdRange } from './instance-id-range.ts'
import type { SecretBox } from './secret-box.ts'
import { sentenceOf } from './sentence-rows.ts'
import { StatisticsReader } from './statistics-rows.ts'
import { TraceReader } from './trace-rows.ts'

type Row = Readonly<Record<string, SQLOutputValue>>
export interface RememberedNonce {
  readonly key: string
  readonly expiresMs: number
}

const decoder = new TextDecoder()

/** Answers questions from a connection that only reads; it sees what has been committed. */
export class StoreReader {
  readonly callbacks: CallbackReader
  readonly statistics: StatisticsReader
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #bodies: ConfigurationBodies
  readonly #traces: TraceReader
  readonly #dialogues: DialogueReader

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = prepare(database)
    this.callbacks = new CallbackReader(database)
    this.statistics = new StatisticsReader(database)
    this.#bodies = new ConfigurationBodies(database)
    this.#traces = new TraceReader(database)
    this.#dialogues = new DialogueReader(database)
  }

  agent(agentId: string): AgentRecord | undefined {
    const row = this.#statements.agent.get(agentId)
    return row && agentOf(row)
  }

  hasAgents(): boolean {
    return this.#statements.anyAgent.get() !== undefined
  }

  agents(limit: number, offset: number): readonly AgentRecord[] {
    return this.#statements.agents.all(limit, offset).map(agentOf)
  }

  instance(instanceId: string): InstanceRecord | undefined {
    return settled(() => {
      const row = this.#statements.instance.get(instanceId)
      return row && instanceOf(row, this.#bodies)
    })
  }

  liveInstances(): readonly InstanceRecord[] {
    return settled(() =>
      this.#statements.liveInstances.all().map((row) => instanceOf(row, this.#bodies)),
    )
  }

  listInstances(query: InstanceQuery): readonly ListedInstance[] {
    const { from, before } = instanceIdRange(query)
    const { agentId, pageSize, pageNumber } = query
    return settled(() => {
      const rows =
        pageNumber === 1
          ? this.#statements.listFirst.all(agentId, from, before, pageSize)
          : this.#statements.listInstances.all(
              agentId,
              from,
              before,
              pageSize,
              (pageNumber - 1) * pageSize,
            )
      return rows.map((row) => listedOf(row, this.#bodies))
    })
  }

  call(instanceId: string): StoredCall | undefined {
    // One transaction, or a write might come between the statements.
    this.#database.exec('begin')
    try {
      const row = this.#statements.instance.get(instanceId)
      if (row === undefined) return undefined
      const instanceNo = row['instance_no'] as number
      return {
        instance: instanceOf(row, this.#bodies),
        sentences: this.#statements.sentences.all(instanceNo).map(sentenceOf),
        turns: this.#statements.turns
          .all(instanceNo)
          .map((turn) => JSON.parse(text(turn, 'body')) as Turn),
      }
    } finally {
      this.#database.exec('commit')
    }
  }

  trace(instanceId: string): CallTrace {
    const row = this.#statements.instance.get(instanceId)
    if (row === undefined) return { decisions: [], stretches: [] }
    return this.#traces.read(row['instance_no'] as number)
  }

  dialogues(query: DialogueQuery): readonly StoredDialogue[] {
    return this.#dialogues.list(query)
  }

  lastSignOfLifeMs(instanceId: string): number | undefined {
    return this.#statements.lastSignOfLife.get(instanceId)?.['last_ms'] as number | undefined
  }

  nonces(wallMs: number): readonly RememberedNonce[] {
    return this.#statements.nonces
      .all(wallMs)
      .map((row) => ({ key: text(row, 'key'), expiresMs: number(row, 'expires_ms') }))
  }

  accessRecords(box: SecretBox | undefined, log: Log): AccessRecords {
    return readAccessRecords(this.#database, box, log)
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }
}

/**
 * Between a row and the configuration it names the writer may have deleted both, or given the row another one: then
 * the rows are read again. Reading in a transaction would do as well, at a cost for every reading.
 */
function settled<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof NoConfiguration) return read()
    throw error
  }
}

const text = (row: Row, column: string): string => row[column] as string
const number = (row: Row, column: string): number => row[column] as number
const bytes = (row: Row, column: string): Uint8Array => row[column] as Uint8Array

function agentOf(row: Row): AgentRecord {
  return {
    agentId: text(row, 'agent_id'),
    name: text(row, 'name'),
    type: row['type'] as AgentRecord['type'],
    agentConfig: text(row, 'agent_config'),
    providers: text(row, 'providers'),
    createdMs: number(row, 'created_ms'),
    modifiedMs: number(row, 'modified_ms'),
    ...(row['deleted_ms'] !== null && { deletedMs: number(row, 'deleted_ms') }),
  }
}

function instanceOf(row: Row, bodies: ConfigurationBodies): InstanceRecord {
  const body = (column: string): string => decoder.decode(bodies.get(number(row, column)))
  return {
    instanceId: text(row, 'instance_id'),
    agentId: text(row, 'agent_id'),
    type: row['type'] as InstanceRecord['type'],
    status: row['status'] as InstanceRecord['status'],
    channelId: text(row, 'channel_id'),
    agentUserId: text(row, 'agent_user_id'),
    runtimeConfig: decoder.decode(bytes(row, 'runtime_config')),
    agentConfig: body('agent_config_no'),
    templateConfig: body('template_config_no'),
    providers: body('providers_no'),
    createdMs: number(row, 'created_ms'),
    modifiedMs: number(row, 'modified_ms'),
    tokenLifeS: number(row, 'token_life_s'),
    ...(row['user_data'] !== null && {
      userData: JSON.parse(decoder.decode(bytes(row, 'user_data'))) as string,
    }),
    ...(row['session_id'] !== null && { sessionId: text(row, 'session_id') }),
    ...(row['executing_ms'] !== null && { executingMs: number(row, 'executing_ms') }),
    ...(row['finished_ms'] !== null && { finishedMs: number(row, 'finished_ms') }),
    ...(row['has_log'] === 0 && { isLogDeleted: true as const }),
    ...(row['end_reason'] !== null && { endReason: text(row, 'end_reason') }),
    ...(row['takeover'] !== null && { takeover: JSON.parse(text(row, 'takeover')) as Takeover }),
  }
}

function listedOf(row: Row, bodies: ConfigurationBodies): ListedInstance {
  return {
    instanceId: text(row, 'instance_id'),
    status: row['status'] as ListedInstance['status'],
    runtimeConfig: text(row, 'runtime_config'),
    agentConfig: bodies.get(number(row, 'agent_config_no')),
    templateConfig: bodies.get(number(row, 'template_config_no')),
    ...(row['user_data'] !== null && { userData: text(row, 'user_data') }),
  }
}

const LISTED = `i.instance_id, i.status, cast(i.runtime_config as text) as runtime_config,
    cast(i.user_data as text) as user_data, i.agent_config_no, i.template_config_no`
const MEANT = 'i.agent_id = ? and i.instance_id >= ? and i.instance_id < ?'

/** The first page of ListAIAgentInstance. */
export const LIST_FIRST_SQL = `
  select ${LISTED} from instance i indexed by instance_by_agent
  where ${MEANT} order by i.instance_id desc limit ?`

/** A page further on. It skips within the index and reads the rows of the page alone; "cross join" keeps that order. */
export const LIST_SQL = `
  select ${LISTED}
  from (
    select i.instance_no, i.instance_id from instance i indexed by instance_by_agent
    where ${MEANT} order by i.instance_id desc limit ? offset ?
  ) page
  cross join instance i on i.instance_no = page.instance_no
  order by page.instance_id desc`

const SQL = {
  agent: `select * from agent where agent_id = ?`,
  anyAgent: `select 1 from agent limit 1`,
  agents: `
    select * from agent where deleted_ms is null
    order by created_ms desc, agent_id desc limit ? offset ?`,
  instance: `select * from instance where instance_id = ?`,
  liveInstances: `select * from instance where status <> 'Finished' order by instance_id desc`,
  listFirst: LIST_FIRST_SQL,
  listInstances: LIST_SQL,
  sentences: `select * from sentence where instance_no = ? order by entry_id`,
  turns: `select body from turn where instance_no = ? order by turn_id`,
  lastSignOfLife: `
    select max(
      created_ms, coalesce(executing_ms, 0), coalesce(finished_ms, 0), coalesce(seen_ms, 0),
      (select coalesce(max(begin_ms), 0) from sentence where sentence.instance_no = i.instance_no),
      (select coalesce(max(last_ms), 0) from turn where turn.instance_no = i.instance_no)
    ) as last_ms
    from instance i where instance_id = ?`,
  nonces: `select key, expires_ms from nonce where expires_ms > ? order by expires_ms`,
} as const

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>

function prepare(database: DatabaseSync): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)])
  return Object.fromEntries(prepared) as Statements
}

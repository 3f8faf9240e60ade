import { createHash } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CallRecord, Sentence } from '../ports/call-record.ts'
import type { AgentRecord, InstanceChange, NewInstance } from '../ports/store.ts'
import { AccessWriter } from './access-rows.ts'
import { messageOf } from './data-folder.ts'
import { turnTimeMs } from './record-time.ts'
import type { Write, WriteOutcome } from './write.ts'

const DONE: WriteOutcome = { type: 'done' }
const UNKNOWN_INSTANCE: WriteOutcome = { type: 'unknown-instance' }
const encoder = new TextEncoder()

/** Carries out writes, many in one transaction. It belongs to the one connection that writes. */
export class BatchWriter {
  readonly #database: DatabaseSync
  readonly #run: number
  readonly #statements: Statements
  readonly #access: AccessWriter

  constructor(database: DatabaseSync, run: number) {
    this.#database = database
    this.#run = run
    this.#statements = prepare(database)
    this.#access = new AccessWriter(database)
  }

  /** Gives one outcome for each write; those that did not fail are durable when it returns. */
  apply(writes: readonly Write[]): readonly WriteOutcome[] {
    const together = this.#transact(writes)
    if (Array.isArray(together)) return together
    if (writes.length <= 1) return writes.map(() => failed(together))
    // One of them cannot be written. It must not take the others with it: each gets its own transaction.
    return writes.map((write) => {
      const alone = this.#transact([write])
      return Array.isArray(alone) ? (alone[0] ?? DONE) : failed(alone)
    })
  }

  /** All of the writes or, giving back why, none. */
  #transact(writes: readonly Write[]): WriteOutcome[] | Error {
    try {
      this.#database.exec('begin immediate')
      const outcomes = writes.map((write) => this.#applyOne(write))
      this.#database.exec('commit')
      return outcomes
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('rollback')
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  #applyOne(write: Write): WriteOutcome {
    switch (write.type) {
      case 'agent-put':
        return this.#putAgent(write.agent)
      case 'instance-create':
        return this.#createInstance(write.instance)
      case 'instance-update':
        return this.#updateInstance(write.instanceId, write.change)
      case 'call-record':
        return this.#recordCall(write.instanceId, write.records)
      case 'beat':
        this.#statements.beat.run(write.wallMs)
        return DONE
      case 'access-change':
        for (const change of write.changes) this.#access.apply(change)
        return DONE
      case 'nonces-remember':
        this.#statements.forgetNonces.run(write.wallMs)
        for (const { key, expiresMs } of write.nonces) this.#statements.putNonce.run(key, expiresMs)
        return DONE
    }
  }

  #putAgent(agent: AgentRecord): WriteOutcome {
    this.#statements.putAgent.run(
      agent.agentId,
      agent.name,
      agent.type,
      agent.agentConfig,
      agent.providers,
      agent.createdMs,
      agent.modifiedMs,
      agent.deletedMs ?? null,
    )
    return DONE
  }

  #createInstance(instance: NewInstance): WriteOutcome {
    const { changes } = this.#statements.createInstance.run(
      instance.instanceId,
      instance.agentId,
      instance.type,
      instance.channelId,
      instance.agentUserId,
      encoder.encode(instance.runtimeConfig),
      this.#configurationNo(instance.agentConfig),
      this.#configurationNo(instance.templateConfig),
      this.#configurationNo(instance.providers),
      literalOf(instance.userData),
      instance.sessionId ?? null,
      instance.tokenLifeS,
      instance.createdMs,
      instance.createdMs,
      this.#run,
    )
    return changes === 0 ? { type: 'exists' } : DONE
  }

  #updateInstance(instanceId: string, change: InstanceChange): WriteOutcome {
    const { agentConfig, templateConfig } = change
    const { changes } = this.#statements.updateInstance.run(
      agentConfig === undefined ? null : this.#configurationNo(agentConfig),
      templateConfig === undefined ? null : this.#configurationNo(templateConfig),
      literalOf(change.userData),
      change.modifiedMs,
      instanceId,
    )
    return changes === 0 ? UNKNOWN_INSTANCE : DONE
  }

  #recordCall(instanceId: string, records: readonly CallRecord[]): WriteOutcome {
    const row = this.#statements.findInstance.get(instanceId)
    if (row === undefined) return UNKNOWN_INSTANCE
    const instanceNo = row['instance_no'] as number
    for (const record of records) {
      if (record.type === 'settings') {
        this.#updateInstance(instanceId, { ...record, modifiedMs: record.atMs })
      } else this.#record(instanceNo, record)
    }
    if (row['run'] !== this.#run) this.#statements.setRun.run(this.#run, instanceNo)
    return DONE
  }

  #record(instanceNo: number, record: Exclude<CallRecord, { type: 'settings' }>): void {
    const statements = this.#statements
    switch (record.type) {
      case 'executing':
        statements.setExecuting.run(record.atMs, record.atMs, instanceNo)
        return
      case 'finished':
        statements.setFinished.run(record.atMs, record.reason, record.atMs, instanceNo)
        return
      case 'sentence':
        this.#putSentence(instanceNo, record.sentence)
        return
      case 'turn': {
        const { turn } = record
        statements.putTurn.run(instanceNo, turn.turnId, JSON.stringify(turn), turnTimeMs(turn))
      }
    }
  }

  #putSentence(instanceNo: number, sentence: Sentence): void {
    this.#statements.putSentence.run(
      instanceNo,
      sentence.entryId,
      sentence.turnId,
      sentence.role,
      sentence.kind,
      sentence.text,
      sentence.beginMs,
      sentence.isFinal ? 1 : 0,
      sentence.spokenText ?? null,
    )
  }

  /** The row that holds `json`, made if there is none yet. */
  #configurationNo(json: string): number {
    const body = encoder.encode(json)
    const sha256 = createHash('sha256').update(body).digest()
    const row = this.#statements.findConfiguration.get(sha256)
    if (row !== undefined) return row['configuration_no'] as number
    return Number(this.#statements.addConfiguration.run(sha256, body).lastInsertRowid)
  }
}

const failed = (error: unknown): WriteOutcome => ({ type: 'failed', message: messageOf(error) })

/** Text as a JSON string literal, which is how a list gives it out. */
const literalOf = (text: string | undefined): Uint8Array | null =>
  text === undefined ? null : encoder.encode(JSON.stringify(text))

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>

const SQL = {
  putAgent: `
    insert into agent (agent_id, name, type, agent_config, providers, created_ms, modified_ms, deleted_ms)
    values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (agent_id) do update set
      name = excluded.name, type = excluded.type, agent_config = excluded.agent_config,
      providers = excluded.providers, created_ms = excluded.created_ms,
      modified_ms = excluded.modified_ms, deleted_ms = excluded.deleted_ms`,
  findConfiguration: `select configuration_no from configuration where sha256 = ?`,
  addConfiguration: `insert into configuration (sha256, body) values (?, ?)`,
  createInstance: `
    insert into instance (instance_id, agent_id, type, status, channel_id, agent_user_id, runtime_config,
      agent_config_no, template_config_no, providers_no, user_data, session_id, token_life_s,
      created_ms, modified_ms, run)
    values (?, ?, ?, 'Created', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (instance_id) do nothing`,
  updateInstance: `
    update instance set
      agent_config_no = coalesce(?, agent_config_no),
      template_config_no = coalesce(?, template_config_no),
      user_data = coalesce(?, user_data),
      modified_ms = max(modified_ms, ?)
    where instance_id = ?`,
  findInstance: `select instance_no, run from instance where instance_id = ?`,
  setRun: `update instance set run = ? where instance_no = ?`,
  setExecuting: `
    update instance set status = 'Executing', executing_ms = ?, modified_ms = max(modified_ms, ?)
    where instance_no = ? and status = 'Created'`,
  setFinished: `
    update instance set
      status = 'Finished', finished_ms = ?, end_reason = ?, modified_ms = max(modified_ms, ?)
    where instance_no = ? and status <> 'Finished'`,
  putSentence: `
    insert into sentence (instance_no, entry_id, turn_id, role, kind, text, begin_ms, is_final, spoken_text)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (instance_no, entry_id) do update set
      turn_id = excluded.turn_id, role = excluded.role, kind = excluded.kind, text = excluded.text,
      begin_ms = excluded.begin_ms, is_final = excluded.is_final, spoken_text = excluded.spoken_text`,
  putTurn: `
    insert into turn (instance_no, turn_id, body, last_ms) values (?, ?, ?, ?)
    on conflict (instance_no, turn_id) do update set body = excluded.body, last_ms = excluded.last_ms`,
  beat: `update server set beat_ms = ?`,
  forgetNonces: `delete from nonce where expires_ms <= ?`,
  putNonce: `
    insert into nonce (key, expires_ms) values (?, ?)
    on conflict (key) do update set expires_ms = max(expires_ms, excluded.expires_ms)`,
} as const

function prepare(database: DatabaseSync): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)])
  return Object.fromEntries(prepared) as Statements
}

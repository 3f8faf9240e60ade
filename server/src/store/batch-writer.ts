import { createHash } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CallRecord, Sentence } from '../ports/call-record.ts'
import type { AgentRecord, InstanceChange, NewInstance } from '../ports/store.ts'
import { patchConfig } from '../schema/config-patch.ts'
import { AccessWriter } from './access-rows.ts'
import { isCompletion } from './callback-events.ts'
import { CallbackWriter } from './callback-rows.ts'
import { messageOf } from './data-folder.ts'
import { truncateLog } from './database.ts'
import { DialogueWriter } from './dialogue-rows.ts'
import { turnTimeMs } from './record-time.ts'
import { RetentionWriter } from './retention-rows.ts'
import { StatisticsWriter } from './statistics-rows.ts'
import { TraceWriter } from './trace-rows.ts'
import { WordIndexWriter } from './word-index.ts'
import type { Write, WriteOutcome } from './write.ts'

const DONE: WriteOutcome = { type: 'done' }
const UNKNOWN_INSTANCE: WriteOutcome = { type: 'unknown-instance' }
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Carries out writes, many in one transaction. It belongs to the one connection that writes. */
export class BatchWriter {
  readonly #database: DatabaseSync
  readonly #run: number
  readonly #statements: Statements
  readonly #access: AccessWriter
  readonly #callbacks: CallbackWriter
  readonly #trace: TraceWriter
  readonly #dialogues: DialogueWriter
  readonly #retention: RetentionWriter
  readonly #statistics: StatisticsWriter
  readonly #words: WordIndexWriter

  constructor(database: DatabaseSync, run: number) {
    this.#database = database
    this.#run = run
    this.#statements = prepare(database)
    this.#access = new AccessWriter(database)
    this.#callbacks = new CallbackWriter(database)
    this.#trace = new TraceWriter(database)
    this.#dialogues = new DialogueWriter(database)
    this.#retention = new RetentionWriter(database)
    this.#statistics = new StatisticsWriter(database)
    this.#words = new WordIndexWriter(database)
  }

  /** Gives one outcome for each write; those that did not fail are durable when it returns. */
  apply(writes: readonly Write[]): readonly WriteOutcome[] {
    const outcomes = this.#apply(writes)
    if (!writes.some(({ type }) => type === 'log-truncate')) return outcomes
    // Not inside a transaction.
    const truncated = this.#truncateLog()
    return outcomes.map((outcome, index) =>
      writes[index]?.type === 'log-truncate' ? truncated : outcome,
    )
  }

  #truncateLog(): WriteOutcome {
    try {
      return { type: 'done', rows: truncateLog(this.#database) ? 1 : 0 }
    } catch (error) {
      return failed(error)
    }
  }

  #apply(writes: readonly Write[]): readonly WriteOutcome[] {
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
        return this.#recordCall(write)
      case 'beat':
        this.#statements.beat.run(write.wallMs)
        return DONE
      case 'dialogue-delete':
        return this.#deleted(this.#dialogues.erase(write.dialogue), 'asked')
      case 'call-delete': {
        const deletion = this.#retention.deleteCall(write.instanceId)
        return deletion === 'done' ? this.#deleted(1, 'asked') : outcomeOf(deletion)
      }
      case 'sweep': {
        const { part, endedBeforeMs, limit } = write
        return this.#deleted(this.#retention.sweep(part, endedBeforeMs, limit), 'age')
      }
      case 'words-step':
        return { type: 'done', words: this.#words.step(write.step) }
      case 'log-truncate':
        return DONE
      case 'callback-change':
        return { type: 'done', rows: this.#callbacks.apply(write.change) }
      case 'access-change':
        for (const change of write.changes) this.#access.apply(change)
        return DONE
      case 'nonces-remember':
        this.#statements.forgetNonces.run(write.wallMs)
        for (const { key, expiresMs } of write.nonces) this.#statements.putNonce.run(key, expiresMs)
        return DONE
    }
  }

  #deleted(rows: number, why: 'asked' | 'age'): WriteOutcome {
    if (rows > 0) this.#words.noteDeletion(why)
    return { type: 'done', rows }
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
    if (changes === 0) return { type: 'exists' }
    this.#statistics.started(instance.agentId, instance.createdMs)
    return DONE
  }

  #updateInstance(instanceId: string, change: InstanceChange): WriteOutcome {
    const { agentConfig, templateConfig, basedOn } = change
    if (basedOn !== undefined) {
      const before = this.#configOf(instanceId)
      if (before !== undefined && before.agentConfig !== basedOn) return { type: 'changed' }
    }
    const { changes } = this.#statements.updateInstance.run(
      agentConfig === undefined ? null : this.#configurationNo(agentConfig),
      templateConfig === undefined ? null : this.#configurationNo(templateConfig),
      literalOf(change.userData),
      change.modifiedMs,
      instanceId,
    )
    return changes === 0 ? UNKNOWN_INSTANCE : DONE
  }

  #recordCall(write: Extract<Write, { readonly type: 'call-record' }>): WriteOutcome {
    const { instanceId, records, wallMs } = write
    const row = this.#statements.findInstance.get(instanceId)
    if (row === undefined) return UNKNOWN_INSTANCE
    const instanceNo = row['instance_no'] as number
    let queuedFor: string | undefined
    for (const record of records) {
      if (record.type === 'settings') {
        this.#patch(instanceId, record)
      } else if (this.#record(instanceNo, record)) {
        queuedFor = this.#callbacks.tell(instanceNo, record, wallMs) ?? queuedFor
      }
    }
    if (row['run'] !== this.#run) this.#statements.setRun.run(this.#run, instanceNo)
    return queuedFor === undefined ? DONE : { type: 'done', queuedFor }
  }

  #patch(instanceId: string, record: Extract<CallRecord, { type: 'settings' }>): void {
    const before = this.#configOf(instanceId)
    if (before === undefined) return
    const after = patchConfig(before.agentConfig, record.patch, before.type)
    this.#updateInstance(instanceId, { ...after, modifiedMs: record.atMs })
  }

  #configOf(instanceId: string): Pick<NewInstance, 'agentConfig' | 'type'> | undefined {
    const row = this.#statements.findConfig.get(instanceId)
    if (row === undefined) return undefined
    const agentConfig = decoder.decode(row['body'] as Uint8Array)
    return { agentConfig, type: row['type'] as NewInstance['type'] }
  }

  /** True when the record says something new that may have to be told. */
  #record(instanceNo: number, record: Exclude<CallRecord, { type: 'settings' }>): boolean {
    const statements = this.#statements
    switch (record.type) {
      case 'ready':
        return statements.setReady.run(record.atMs, instanceNo).changes > 0
      case 'executing':
        return statements.setExecuting.run(record.atMs, record.atMs, instanceNo).changes > 0
      case 'finished':
        if (statements.setFinished.run(record.atMs, record.reason, instanceNo).changes === 0) {
          return false
        }
        this.#dialogues.forgetErased(instanceNo)
        this.#statistics.ended(instanceNo)
        return true
      case 'event':
        return true
      case 'takeover':
        statements.setTakeover.run(JSON.stringify(record.takeover), record.atMs, instanceNo)
        return true
      case 'sentence':
        return this.#putSentence(instanceNo, record.sentence)
      case 'decision':
      case 'trace':
        this.#trace.add(instanceNo, record)
        this.#statistics.record(instanceNo, record)
        return false
      case 'provider-failure':
        this.#statistics.record(instanceNo, record)
        return false
      case 'turn': {
        const { turn } = record
        this.#statistics.turn(instanceNo, turn)
        statements.putTurn.run(instanceNo, turn.turnId, JSON.stringify(turn), turnTimeMs(turn))
        return false
      }
    }
  }

  /** True when the sentence has just been completed. */
  #putSentence(instanceNo: number, sentence: Sentence): boolean {
    const row = sentence.isFinal
      ? this.#statements.findSentence.get(instanceNo, sentence.entryId)
      : undefined
    const before = row && { isFinal: row['is_final'] === 1, text: row['text'] as string }
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
      sentence.saidBy ?? null,
    )
    return isCompletion(sentence, before)
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

function outcomeOf(deletion: 'unknown' | 'running'): WriteOutcome {
  return deletion === 'unknown' ? UNKNOWN_INSTANCE : { type: deletion }
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
  // No number is given twice; see retention-schema.ts.
  addConfiguration: `
    insert into configuration (configuration_no, sha256, body)
    select 1 + max(last_configuration_no,
      (select coalesce(max(configuration_no), 0) from configuration)), ?, ? from server`,
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
  findConfig: `
    select i.type, c.body from instance i
    join configuration c on c.configuration_no = i.agent_config_no where i.instance_id = ?`,
  findInstance: `select instance_no, run from instance where instance_id = ?`,
  setRun: `update instance set run = ? where instance_no = ?`,
  setExecuting: `
    update instance set status = 'Executing', executing_ms = ?, modified_ms = max(modified_ms, ?)
    where instance_no = ? and status = 'Created'`,
  setFinished: `
    update instance set
      status = 'Finished', finished_ms = ?1, end_reason = ?2, modified_ms = max(modified_ms, ?1),
      duration_ms = max(0, ?1 - coalesce(executing_ms, ?1))
    where instance_no = ?3 and status <> 'Finished'`,
  setReady: `update instance set ready_ms = ? where instance_no = ? and ready_ms is null`,
  findSentence: `select is_final, text from sentence where instance_no = ? and entry_id = ?`,
  setTakeover: `
    update instance set takeover = ?, modified_ms = max(modified_ms, ?) where instance_no = ?`,
  putSentence: `
    insert into sentence (instance_no, entry_id, turn_id, role, kind, text, begin_ms, is_final,
      spoken_text, said_by)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (instance_no, entry_id) do update set
      turn_id = excluded.turn_id, role = excluded.role, kind = excluded.kind, text = excluded.text,
      begin_ms = excluded.begin_ms, is_final = excluded.is_final, spoken_text = excluded.spoken_text,
      said_by = excluded.said_by
    where sentence.is_deleted = 0`,
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

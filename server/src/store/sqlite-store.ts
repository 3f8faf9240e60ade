import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { systemClock } from '../base/system-clock.ts'
import type { AccessChange, AccessRecords, AccessStore } from '../ports/access-store.ts'
import type { CallRecord } from '../ports/call-record.ts'
import type {
  AgentRecord,
  InstanceChange,
  InstanceQuery,
  InstanceRecord,
  ListedInstance,
  NewInstance,
  Store,
  StoredCall,
} from '../ports/store.ts'
import type { DialogueStore } from '../ports/dialogue-store.ts'
import { NO_WORDS, type RetentionStore } from '../ports/retention-store.ts'
import type { StatisticsStore } from '../ports/statistics-store.ts'
import type { CallTrace } from '../ports/trace-store.ts'
import { sealChange } from './access-rows.ts'
import { SqliteCallbacks } from './sqlite-callbacks.ts'
import { holdDataFolder, messageOf, type HeldFolder } from './data-folder.ts'
import { openForReading, prepareDatabase } from './database.ts'
import { SearchQueue } from './search-queue.ts'
import { StoreReader, type RememberedNonce } from './reader.ts'
import type { SecretBox } from './secret-box.ts'
import { WriteQueue } from './write-queue.ts'
import type { Write, WriteOutcome, WriterSettings } from './write.ts'

export interface SqliteStoreOptions {
  /** The data folder, on a local disk; made when there is none. */
  readonly folder: string
  readonly log: Log
  /** Tells which nonces have expired; the machine's clock when left out. */
  readonly clock?: Clock
  /** Encrypts the secrets of access keys. Without it there can be none. */
  readonly secrets?: SecretBox
}

/**
 * Opens the store in a data folder, which no other process can use until it is closed. The error is a sentence
 * for the operator: the folder is in use, cannot be written, or is of a newer version.
 */
export async function openSqliteStore(
  options: SqliteStoreOptions,
): Promise<Result<SqliteStore, string>> {
  const held = holdDataFolder(resolve(options.folder))
  if (!held.ok) return held
  const { databasePath, release } = held.value
  const opened = prepareDatabase(databasePath)
  if (!opened.ok) {
    release()
    return opened
  }
  const { run, lastBeatMs } = opened.value
  const workerData: WriterSettings = { databasePath, run }
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData })
  const queue = new WriteQueue(thread, (error) => {
    options.log.error('the store cannot write any more', { error: messageOf(error) })
  })
  try {
    await queue.ready
    const reader = new StoreReader(openForReading(databasePath))
    return ok(new SqliteStore({ held: held.value, queue, reader, lastBeatMs }, options))
  } catch (error) {
    await thread.terminate()
    release()
    return fail(`The database ${databasePath} cannot be used: ${messageOf(error)}.`)
  }
}

interface Parts {
  readonly held: HeldFolder
  readonly queue: WriteQueue
  readonly reader: StoreReader
  readonly lastBeatMs: number | undefined
}

/** The store on disk. */
export class SqliteStore implements Store, AccessStore {
  readonly lastBeatMs: number | undefined
  readonly callbacks: SqliteCallbacks
  readonly dialogues: DialogueStore
  readonly retention: RetentionStore
  readonly search: SearchQueue
  readonly statistics: StatisticsStore = {
    periods: async (range) => this.#read().statistics.periods(range),
    agents: async (range) => this.#read().statistics.agents(range),
  }
  readonly #held: HeldFolder
  readonly #queue: WriteQueue
  readonly #reader: StoreReader
  readonly #log: Log
  readonly #clock: Clock
  readonly #secrets: SecretBox | undefined
  #closed: Promise<void> | undefined

  constructor(parts: Parts, options: SqliteStoreOptions) {
    this.lastBeatMs = parts.lastBeatMs
    this.#held = parts.held
    this.#queue = parts.queue
    this.#reader = parts.reader
    this.#log = options.log
    this.#clock = options.clock ?? systemClock
    this.#secrets = options.secrets
    this.search = new SearchQueue(parts.held.databasePath)
    const { dialogues, retention } = this.#keeping()
    this.dialogues = dialogues
    this.retention = retention
    this.callbacks = new SqliteCallbacks({
      reader: () => this.#read().callbacks,
      write: (change) => this.#write({ type: 'callback-change', change }),
      secrets: options.secrets,
      log: options.log,
    })
  }

  /** Writes that wait for the disk. */
  get writesWaiting(): number {
    return this.#queue.waiting
  }

  /** Deleting, and what can be deleted by itself. */
  #keeping(): Pick<Store, 'dialogues' | 'retention'> {
    const rowsOf = async (write: Write): Promise<number> => {
      const outcome = await this.#write(write)
      return (outcome.type === 'done' && outcome.rows) || 0
    }
    return {
      dialogues: {
        listDialogues: async (query) => this.#read().dialogues(query),
        deleteDialogue: async (dialogue) =>
          (await rowsOf({ type: 'dialogue-delete', dialogue })) > 0,
      },
      retention: {
        deleteCall: async (instanceId) => {
          const outcome = await this.#write({ type: 'call-delete', instanceId })
          if (outcome.type === 'unknown-instance') return fail('unknown')
          return outcome.type === 'running' ? fail('running') : ok(undefined)
        },
        sweep: (part, endedBeforeMs, limit) =>
          rowsOf({ type: 'sweep', part, endedBeforeMs, limit }),
        stepWords: async (step) => {
          const outcome = await this.#write({ type: 'words-step', step })
          return (outcome.type === 'done' && outcome.words) || NO_WORDS
        },
        dropOldPages: async () => (await rowsOf({ type: 'log-truncate' })) > 0,
      },
    }
  }

  async putAgent(agent: AgentRecord): Promise<void> {
    await this.#write({ type: 'agent-put', agent })
  }

  async getAgent(agentId: string): Promise<AgentRecord | undefined> {
    return this.#read().agent(agentId)
  }

  async hasAgents(): Promise<boolean> {
    return this.#read().hasAgents()
  }

  async listAgents(page: {
    readonly pageSize: number
    readonly pageNumber: number
  }): Promise<readonly AgentRecord[]> {
    return this.#read().agents(page.pageSize, (page.pageNumber - 1) * page.pageSize)
  }

  async createInstance(instance: NewInstance): Promise<Result<void, 'exists'>> {
    const outcome = await this.#write({ type: 'instance-create', instance })
    return outcome.type === 'exists' ? fail('exists') : ok(undefined)
  }

  async getInstance(instanceId: string): Promise<InstanceRecord | undefined> {
    return this.#read().instance(instanceId)
  }

  async listInstances(query: InstanceQuery): Promise<readonly ListedInstance[]> {
    return this.#read().listInstances(query)
  }

  async updateInstance(
    instanceId: string,
    change: InstanceChange,
  ): Promise<Result<void, 'changed'>> {
    const outcome = await this.#writeTo(instanceId, { type: 'instance-update', instanceId, change })
    return outcome.type === 'changed' ? fail('changed') : ok(undefined)
  }

  async liveInstances(): Promise<readonly InstanceRecord[]> {
    return this.#read().liveInstances()
  }

  async recordCall(instanceId: string, records: readonly CallRecord[]): Promise<void> {
    const wallMs = this.#clock.wallMs()
    await this.#writeTo(instanceId, { type: 'call-record', instanceId, records, wallMs })
  }

  async getCall(instanceId: string): Promise<StoredCall | undefined> {
    return this.#read().call(instanceId)
  }

  async getTrace(instanceId: string): Promise<CallTrace> {
    return this.#read().trace(instanceId)
  }

  async beat(wallMs: number): Promise<void> {
    await this.#write({ type: 'beat', wallMs })
  }

  async lastSignOfLifeMs(instanceId: string): Promise<number | undefined> {
    return this.#read().lastSignOfLifeMs(instanceId)
  }

  async rememberNonces(nonces: readonly RememberedNonce[]): Promise<void> {
    await this.#write({ type: 'nonces-remember', nonces, wallMs: this.#clock.wallMs() })
  }

  async recalledNonces(wallMs: number): Promise<readonly RememberedNonce[]> {
    return this.#read().nonces(wallMs)
  }

  async accessRecords(): Promise<AccessRecords> {
    return this.#read().accessRecords(this.#secrets, this.#log)
  }

  async changeAccess(changes: readonly AccessChange[]): Promise<void> {
    const box = this.#secrets
    if (box === undefined) throw new Error('The store was opened without a key for secrets.')
    const sealed = changes.map((change) => sealChange(change, box))
    await this.#write({ type: 'access-change', changes: sealed })
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#reader.close()
    await this.search.close()
    // The writer's connection is the last, so it folds the write-ahead log into the database.
    await this.#queue.close()
    this.#held.release()
  }

  #read(): StoreReader {
    if (this.#closed !== undefined) throw new Error('The store is closed.')
    return this.#reader
  }

  #write(write: Write): Promise<WriteOutcome> {
    return this.#queue.write(write)
  }

  async #writeTo(instanceId: string, write: Write): Promise<WriteOutcome> {
    const outcome = await this.#write(write)
    if (outcome.type === 'unknown-instance') {
      this.#log.warn('write to an unknown instance ignored', { instanceId, write: write.type })
    }
    if (outcome.type === 'done' && outcome.queuedFor !== undefined) {
      this.callbacks.queued(outcome.queuedFor)
    }
    return outcome
  }
}

import type { Clock } from '../base/clock.ts'
import { silentLog, type Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { systemClock } from '../base/system-clock.ts'
import type { AccessChange, AccessRecords, AccessStore } from '../ports/access-store.ts'
import { AccessTables } from '../ports/access-tables.ts'
import type { CallRecord, Sentence } from '../ports/call-record.ts'
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
import type { CallTrace } from '../ports/trace-store.ts'
import { patchConfig } from '../schema/config-patch.ts'
import { instanceIdRange } from './instance-id-range.ts'
import { MemorySearch } from './memory-search.ts'
import { MemoryStatistics } from './memory-statistics.ts'
import { MemoryTraces } from './memory-traces.ts'
import { isCompletion } from './callback-events.ts'
import { MemoryCallbacks } from './memory-callbacks.ts'
import { MemoryDialogues, MemoryRetention, type Forget, type KeptCall } from './memory-dialogues.ts'
import { recordTimeMs } from './record-time.ts'

interface StoredNonce {
  readonly key: string
  readonly expiresMs: number
}

interface Remembered extends KeptCall {
  isReady?: boolean
  /** The newest time told of by a record. */
  signMs: number
  /** Which of the stores that followed each other recorded the call last. */
  run: number
}

const encoder = new TextEncoder()

/** A store that forgets everything when its process ends: for tests, and for trying things out. */
export class MemoryStore implements Store, AccessStore {
  readonly lastBeatMs: number | undefined
  readonly callbacks: MemoryCallbacks
  readonly search: MemorySearch
  readonly statistics: MemoryStatistics
  readonly #log: Log
  readonly #clock: Clock
  readonly #run: number = 1
  readonly #agents = new Map<string, AgentRecord>()
  readonly #calls = new Map<string, Remembered>()
  readonly #nonces = new Map<string, number>()
  readonly #access: AccessTables
  readonly #traces: MemoryTraces
  readonly dialogues: MemoryDialogues
  readonly retention: MemoryRetention
  #beatMs: number | undefined
  #isClosed = false

  /**
   * `before` is the store of a server that died: this one is what the next server finds. `clock` tells which
   * nonces have expired; it is the machine's when left out.
   */
  constructor(
    options: { readonly log?: Log; readonly clock?: Clock; readonly before?: MemoryStore } = {},
  ) {
    this.#log = options.log ?? silentLog
    this.#clock = options.clock ?? systemClock
    const { before } = options
    this.callbacks = new MemoryCallbacks(before?.callbacks)
    this.statistics = new MemoryStatistics(before?.statistics)
    this.search = new MemorySearch(() => {
      this.#assertOpen()
      return this.#calls.values()
    })
    this.#access = new AccessTables(before === undefined ? undefined : before.#access.records())
    this.#traces = new MemoryTraces(before === undefined ? undefined : before.#traces)
    const forget: Forget = (instanceId, what) => {
      this.#traces.forget(instanceId)
      if (what === 'all') this.callbacks.forget(instanceId)
    }
    this.dialogues = new MemoryDialogues(this.#calls, forget)
    this.retention = new MemoryRetention(this.#calls, forget)
    if (before === undefined) return
    this.#run = before.#run + 1
    this.lastBeatMs = before.#beatMs
    this.#beatMs = before.#beatMs
    for (const [id, agent] of before.#agents) this.#agents.set(id, agent)
    for (const [key, expiresMs] of before.#nonces) this.#nonces.set(key, expiresMs)
    for (const [id, call] of before.#calls) this.#calls.set(id, this.#inherit(call))
  }

  /** A call that the last store recorded and that is still live was alive until its last beat. */
  #inherit(call: Remembered): Remembered {
    const wasAlive = call.instance.status !== 'Finished' && call.run === this.#run - 1
    return {
      ...call,
      sentences: new Map(call.sentences),
      turns: new Map(call.turns),
      erased: new Set(call.erased),
      signMs: wasAlive ? Math.max(call.signMs, this.lastBeatMs ?? 0) : call.signMs,
    }
  }

  async putAgent(agent: AgentRecord): Promise<void> {
    this.#assertOpen()
    this.#agents.set(agent.agentId, agent)
  }

  async getAgent(agentId: string): Promise<AgentRecord | undefined> {
    this.#assertOpen()
    return this.#agents.get(agentId)
  }

  async hasAgents(): Promise<boolean> {
    this.#assertOpen()
    return this.#agents.size > 0
  }

  async listAgents(page: {
    readonly pageSize: number
    readonly pageNumber: number
  }): Promise<readonly AgentRecord[]> {
    this.#assertOpen()
    const skipped = (page.pageNumber - 1) * page.pageSize
    return [...this.#agents.values()]
      .filter((agent) => agent.deletedMs === undefined)
      .sort((a, b) => b.createdMs - a.createdMs || descending(a.agentId, b.agentId))
      .slice(skipped, skipped + page.pageSize)
  }

  async createInstance(instance: NewInstance): Promise<Result<void, 'exists'>> {
    this.#assertOpen()
    if (this.#calls.has(instance.instanceId)) return fail('exists')
    this.#calls.set(instance.instanceId, {
      instance: { ...instance, status: 'Created', modifiedMs: instance.createdMs },
      sentences: new Map(),
      turns: new Map(),
      erased: new Set(),
      signMs: instance.createdMs,
      run: this.#run,
    })
    this.statistics.started({ ...instance, status: 'Created', modifiedMs: instance.createdMs })
    return ok(undefined)
  }

  async getInstance(instanceId: string): Promise<InstanceRecord | undefined> {
    this.#assertOpen()
    return this.#calls.get(instanceId)?.instance
  }

  async listInstances(query: InstanceQuery): Promise<readonly ListedInstance[]> {
    const { from, before } = instanceIdRange(query)
    const skipped = (query.pageNumber - 1) * query.pageSize
    return this.#instances()
      .filter(({ agentId }) => agentId === query.agentId)
      .filter(({ instanceId }) => instanceId >= from && instanceId < before)
      .slice(skipped, skipped + query.pageSize)
      .map(listedOf)
  }

  async updateInstance(
    instanceId: string,
    change: InstanceChange,
  ): Promise<Result<void, 'changed'>> {
    const call = this.#find(instanceId)
    if (call === undefined) return ok(undefined)
    const { agentConfig, templateConfig, userData, basedOn } = change
    if (basedOn !== undefined && basedOn !== call.instance.agentConfig) return fail('changed')
    call.instance = {
      ...call.instance,
      ...(agentConfig !== undefined && { agentConfig }),
      ...(templateConfig !== undefined && { templateConfig }),
      ...(userData !== undefined && { userData }),
      modifiedMs: Math.max(call.instance.modifiedMs, change.modifiedMs),
    }
    return ok(undefined)
  }

  async liveInstances(): Promise<readonly InstanceRecord[]> {
    return this.#instances().filter(({ status }) => status !== 'Finished')
  }

  async recordCall(instanceId: string, records: readonly CallRecord[]): Promise<void> {
    const call = this.#find(instanceId)
    if (call === undefined) return
    const wallMs = this.#clock.wallMs()
    for (const record of records) {
      const isTold = isNews(call, record)
      this.#countRecord(call, record)
      applyRecord(call, record)
      if (isTold && record.type === 'finished') this.statistics.ended(call.instance)
      if (isTold && record.type === 'finished') this.dialogues.forgetErased(call)
      if (isTold) this.callbacks.tell(call.instance, record, { open: openSentences(call), wallMs })
      call.signMs = Math.max(call.signMs, recordTimeMs(record))
    }
    this.#traces.record(instanceId, records)
    call.run = this.#run
  }

  #countRecord({ instance, turns }: Remembered, record: CallRecord): void {
    const { agentId } = instance
    if (record.type !== 'turn') this.statistics.record(agentId, record)
    else this.statistics.turn(agentId, record.turn, turns.get(record.turn.turnId))
  }

  async getTrace(instanceId: string): Promise<CallTrace> {
    this.#assertOpen()
    return this.#traces.get(instanceId)
  }

  async getCall(instanceId: string): Promise<StoredCall | undefined> {
    this.#assertOpen()
    const call = this.#calls.get(instanceId)
    if (call === undefined) return undefined
    return {
      instance: call.instance,
      sentences: [...call.sentences.values()].sort((a, b) => a.entryId - b.entryId),
      turns: [...call.turns.values()].sort((a, b) => a.turnId - b.turnId),
    }
  }

  async beat(wallMs: number): Promise<void> {
    this.#assertOpen()
    this.#beatMs = wallMs
  }

  async lastSignOfLifeMs(instanceId: string): Promise<number | undefined> {
    this.#assertOpen()
    return this.#calls.get(instanceId)?.signMs
  }

  async rememberNonces(nonces: readonly StoredNonce[]): Promise<void> {
    this.#assertOpen()
    const wallMs = this.#clock.wallMs()
    for (const [key, expiresMs] of this.#nonces) if (expiresMs <= wallMs) this.#nonces.delete(key)
    for (const { key, expiresMs } of nonces) {
      this.#nonces.set(key, Math.max(expiresMs, this.#nonces.get(key) ?? 0))
    }
  }

  async recalledNonces(wallMs: number): Promise<readonly StoredNonce[]> {
    this.#assertOpen()
    return [...this.#nonces]
      .map(([key, expiresMs]) => ({ key, expiresMs }))
      .filter(({ expiresMs }) => expiresMs > wallMs)
  }

  async accessRecords(): Promise<AccessRecords> {
    this.#assertOpen()
    return this.#access.records()
  }

  async changeAccess(changes: readonly AccessChange[]): Promise<void> {
    this.#assertOpen()
    for (const change of changes) this.#access.apply(change)
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  /** Newest first. */
  #instances(): InstanceRecord[] {
    this.#assertOpen()
    return [...this.#calls.values()]
      .map(({ instance }) => instance)
      .sort((a, b) => descending(a.instanceId, b.instanceId))
  }

  #find(instanceId: string): Remembered | undefined {
    this.#assertOpen()
    const call = this.#calls.get(instanceId)
    if (call === undefined) this.#log.warn('write to an unknown instance ignored', { instanceId })
    return call
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new Error('The store is closed.')
  }
}

/** Whether a record says something that may have to be told. */
function isNews({ instance, isReady, sentences }: Remembered, record: CallRecord): boolean {
  if (record.type === 'ready') return isReady !== true
  if (record.type === 'executing') return instance.status === 'Created'
  if (record.type === 'finished') return instance.status !== 'Finished'
  if (record.type !== 'sentence') return true
  return isCompletion(record.sentence, sentences.get(record.sentence.entryId))
}

const openSentences = ({ sentences }: Remembered): readonly Sentence[] =>
  [...sentences.values()]
    .filter(({ isFinal, text }) => !isFinal && text !== '')
    .sort((a, b) => a.entryId - b.entryId)

function applyRecord(call: Remembered, record: CallRecord): void {
  const { instance } = call
  switch (record.type) {
    case 'ready':
      call.isReady = true
      return
    case 'executing':
      if (instance.status !== 'Created') return
      call.instance = {
        ...instance,
        status: 'Executing',
        executingMs: record.atMs,
        modifiedMs: Math.max(instance.modifiedMs, record.atMs),
      }
      return
    case 'finished':
      if (instance.status === 'Finished') return
      call.instance = {
        ...instance,
        status: 'Finished',
        finishedMs: record.atMs,
        endReason: record.reason,
        modifiedMs: Math.max(instance.modifiedMs, record.atMs),
      }
      return
    case 'settings':
      call.instance = {
        ...instance,
        ...patchConfig(instance.agentConfig, record.patch, instance.type),
        modifiedMs: Math.max(instance.modifiedMs, record.atMs),
      }
      return
    case 'takeover':
      call.instance = {
        ...instance,
        takeover: record.takeover,
        modifiedMs: Math.max(instance.modifiedMs, record.atMs),
      }
      return
    case 'sentence':
      if (call.erased.has(record.sentence.entryId)) return
      call.sentences.set(record.sentence.entryId, record.sentence)
      return
    case 'turn':
      call.turns.set(record.turn.turnId, record.turn)
  }
}

function listedOf(instance: InstanceRecord): ListedInstance {
  return {
    instanceId: instance.instanceId,
    status: instance.status,
    runtimeConfig: instance.runtimeConfig,
    agentConfig: encoder.encode(instance.agentConfig),
    templateConfig: encoder.encode(instance.templateConfig),
    ...(instance.userData !== undefined && {
      userData: JSON.stringify(instance.userData),
    }),
  }
}

const descending = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0)

import type { Result } from '../base/result.ts'
import type { CallRecord, Sentence, Takeover, Turn } from './call-record.ts'
import type { CallbackStore } from './callback-store.ts'
import type { DialogueStore } from './dialogue-store.ts'
import type { RetentionStore } from './retention-store.ts'
import type { SearchStore } from './search-store.ts'
import type { StatisticsStore } from './statistics-store.ts'
import type { TraceStore } from './trace-store.ts'
import type { TemplateType } from '../schema/ai-agent-template-config.ts'

/** The kinds of agents; the deprecated configuration of a kind stands under its name. */
export type AgentType = TemplateType

/** JSON text in UTF-8. Configurations are stored and given back as text, never parsed on the way out. The array
 * is shared by all who ask: it must not be changed. */
export type JsonBytes = Uint8Array

export interface AgentRecord {
  /** 32 lower-case hex digits. */
  readonly agentId: string
  readonly name: string
  readonly type: AgentType
  /** JSON text of the agent's own `AgentConfig`; `{}` when it has none. */
  readonly agentConfig: string
  /** JSON text of `Providers` (see `schema/providers.ts`); `{}` leaves every choice to the server. */
  readonly providers: string
  readonly createdMs: number
  readonly modifiedMs: number
  /** Set once the agent is deleted: it starts no more calls, but its records stay listable. */
  readonly deletedMs?: number
}

export type InstanceStatus = 'Created' | 'Executing' | 'Finished'

/** What a call is when it starts. Configurations are JSON text. */
export interface NewInstance {
  readonly instanceId: string
  readonly agentId: string
  readonly type: AgentType
  readonly channelId: string
  readonly agentUserId: string
  readonly runtimeConfig: string
  /** The effective configuration in the current form. */
  readonly agentConfig: string
  /** The effective configuration in the deprecated form, under the agent's type. */
  readonly templateConfig: string
  /** The agent's providers as they were at the start. */
  readonly providers: string
  readonly userData?: string
  readonly sessionId?: string
  readonly createdMs: number
  /** Life of channel tokens made for this call, s. */
  readonly tokenLifeS: number
}

export interface InstanceRecord extends NewInstance {
  readonly status: InstanceStatus
  readonly modifiedMs: number
  /** When the first human and the agent were both connected. */
  readonly executingMs?: number
  readonly finishedMs?: number
  /** `CallEndReason` of `call-record.ts`. */
  readonly endReason?: string
  /** What was said in it was deleted when its time had come. */
  readonly isLogDeleted?: true
  /** The last that was heard of a human in the agent's place. */
  readonly takeover?: Takeover
}

/** One row of ListAIAgentInstance. */
export interface ListedInstance {
  readonly instanceId: string
  readonly status: InstanceStatus
  /** JSON text, the call's own: text costs less than an array that is used once. */
  readonly runtimeConfig: string
  readonly agentConfig: JsonBytes
  readonly templateConfig: JsonBytes
  /** The caller's `UserData` as a JSON string literal, quotes included. */
  readonly userData?: string
}

export interface InstanceQuery {
  readonly agentId: string
  /** Creation time, inclusive, ms since 1970; absent = open. */
  readonly fromMs?: number
  readonly untilMs?: number
  /** 0…100 */
  readonly pageSize: number
  /** From 1. */
  readonly pageNumber: number
}

export interface InstanceChange {
  readonly agentConfig?: string
  readonly templateConfig?: string
  readonly userData?: string
  readonly modifiedMs: number
  /** The `agentConfig` that the change was made from. */
  readonly basedOn?: string
}

/** Everything a finished (or interrupted) call left behind. */
export interface StoredCall {
  readonly instance: InstanceRecord
  /** In output order, by `entryId`. */
  readonly sentences: readonly Sentence[]
  /** By `turnId`. */
  readonly turns: readonly Turn[]
}

/**
 * What the server remembers. Every promise of a writing method resolves after the change is durable:
 * nothing acknowledged is lost by `kill -9`. Rejections are faults of the machine (disk full).
 */
export interface Store extends TraceStore {
  /** Events on their way to the receivers that agents have. */
  readonly callbacks: CallbackStore
  /** What was said, by sessions. */
  readonly dialogues: DialogueStore
  /** Deletes calls. */
  readonly retention: RetentionStore
  /** Finding calls among millions. */
  readonly search: SearchStore
  /** How many calls there were, and how they went, by the hour. */
  readonly statistics: StatisticsStore

  /** Inserts, or replaces the agent of the same id. */
  putAgent(agent: AgentRecord): Promise<void>
  /** Deleted agents are found too. */
  getAgent(agentId: string): Promise<AgentRecord | undefined>
  /** Whether there has ever been an agent, deleted ones included. */
  hasAgents(): Promise<boolean>
  /** Agents that are not deleted, newest first. */
  listAgents(page: {
    readonly pageSize: number
    readonly pageNumber: number
  }): Promise<readonly AgentRecord[]>

  /** Stored with status `Created`. */
  createInstance(instance: NewInstance): Promise<Result<void, 'exists'>>
  getInstance(instanceId: string): Promise<InstanceRecord | undefined>
  /** Newest first, ties by descending instance id. */
  listInstances(query: InstanceQuery): Promise<readonly ListedInstance[]>
  /** `changed`: the configuration is another one than the change was based on; nothing was written. */
  updateInstance(instanceId: string, change: InstanceChange): Promise<Result<void, 'changed'>>
  /** All that are not `Finished`: what a restarted server has to take care of. */
  liveInstances(): Promise<readonly InstanceRecord[]>

  /** Adds what happened in a call, in order, in one transaction. Sentences and turns replace those of the
   * same number; `executing` and `finished` move the status, which never moves back. */
  recordCall(instanceId: string, records: readonly CallRecord[]): Promise<void>
  getCall(instanceId: string): Promise<StoredCall | undefined>

  /** Notes that the server is alive at `wallMs`. Written at least once a second while calls run. */
  beat(wallMs: number): Promise<void>
  /** The last beat before this process opened the store. */
  readonly lastBeatMs: number | undefined
  /** The last sign of life of a call: the newest time it recorded; or, if that is later and the call was live
   * when the server that recorded it died, the last beat of that server. */
  lastSignOfLifeMs(instanceId: string): Promise<number | undefined>

  /** Nonces of valid signatures, kept until `expiresMs` so that a restart does not open a replay window. */
  rememberNonces(
    nonces: readonly { readonly key: string; readonly expiresMs: number }[],
  ): Promise<void>
  /** Those that have not expired at `wallMs`. */
  recalledNonces(
    wallMs: number,
  ): Promise<readonly { readonly key: string; readonly expiresMs: number }[]>

  /** Waits for what is under way, then gives the data folder free. */
  close(): Promise<void>
}

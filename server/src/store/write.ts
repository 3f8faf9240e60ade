import type { CallRecord } from '../ports/call-record.ts'
import type { AgentRecord, InstanceChange, NewInstance } from '../ports/store.ts'
import type { SweptPart, WordsState, WordsStep } from '../ports/retention-store.ts'
import type { SealedChange } from './access-rows.ts'
import type { CallbackChange } from './callback-rows.ts'
import type { DialogueToDelete } from './dialogue-rows.ts'

/** One change of the database: all of it happens or nothing. It crosses to the writer thread as it is. */
export type Write =
  | { readonly type: 'agent-put'; readonly agent: AgentRecord }
  | { readonly type: 'instance-create'; readonly instance: NewInstance }
  | {
      readonly type: 'instance-update'
      readonly instanceId: string
      readonly change: InstanceChange
    }
  | {
      readonly type: 'call-record'
      readonly instanceId: string
      readonly records: readonly CallRecord[]
      readonly wallMs: number
    }
  | { readonly type: 'callback-change'; readonly change: CallbackChange }
  | { readonly type: 'dialogue-delete'; readonly dialogue: DialogueToDelete }
  | { readonly type: 'call-delete'; readonly instanceId: string }
  | {
      readonly type: 'sweep'
      readonly part: SweptPart
      readonly endedBeforeMs: number
      readonly limit: number
    }
  | { readonly type: 'words-step'; readonly step: WordsStep }
  /** The write-ahead log is folded into the database and emptied: `rows` is 1 if that could be done at once, else 0. */
  | { readonly type: 'log-truncate' }
  | { readonly type: 'beat'; readonly wallMs: number }
  | { readonly type: 'access-change'; readonly changes: readonly SealedChange[] }
  | {
      readonly type: 'nonces-remember'
      readonly nonces: readonly { readonly key: string; readonly expiresMs: number }[]
      /** Those that have expired by now are forgotten. */
      readonly wallMs: number
    }

export type WriteOutcome =
  | {
      readonly type: 'done'
      /** How many rows it was about, where that is of interest. */
      readonly rows?: number
      /** The agent whose receiver has got something to be told. */
      readonly queuedFor?: string
      readonly words?: WordsState
    }
  /** The instance id is taken; nothing was written. */
  | { readonly type: 'exists' }
  /** What the change was based on has changed; nothing was written. */
  | { readonly type: 'changed' }
  /** The call is not finished; nothing was written. */
  | { readonly type: 'running' }
  /** No such instance; nothing was written. */
  | { readonly type: 'unknown-instance' }
  /** The database refused (disk full, a broken rule); nothing was written. */
  | { readonly type: 'failed'; readonly message: string }

export type ToWriter =
  /** Answered by `outcomes`, once all that could be written is durable. */
  | { readonly type: 'batch'; readonly writes: readonly Write[] }
  /** The thread closes the database and ends. */
  | { readonly type: 'close' }

export type FromWriter =
  | { readonly type: 'ready' }
  /** One for each write of the batch, in its order. */
  | { readonly type: 'outcomes'; readonly outcomes: readonly WriteOutcome[] }

/** `workerData` of the writer thread. */
export interface WriterSettings {
  readonly databasePath: string
  /** The number of this opening of the database; see `migrations.ts`. */
  readonly run: number
}

import type { DatabaseSync } from 'node:sqlite'

/** A call whose parts are deleted. */
export interface CallToDelete {
  readonly instanceNo: number
  readonly instanceId: string
}

/** Rows that belong to calls. Each subject's rows file gives its own; `retention-rows.ts` puts them together. */
export interface CallPart {
  /** `log`: what was said and how it went, which may have a shorter life than the call itself. */
  readonly kind: 'log' | 'record'
  /** Makes what deletes at most `limit` rows of a call and gives their number. */
  prepare(database: DatabaseSync): (call: CallToDelete, limit: number) => number
}

/** The rows of `table` that name a call by `by`; `key` is what tells them apart. */
export const callRows = (options: {
  readonly table: string
  readonly key: string
  readonly by: 'instance_no' | 'instance_id'
  readonly kind: CallPart['kind']
}): CallPart => ({
  kind: options.kind,
  prepare: (database) => {
    const { table, key, by } = options
    const remove = database.prepare(`
      delete from ${table} where ${by} = :call and ${key} in (
        select ${key} from ${table} where ${by} = :call limit :limit
      )`)
    return ({ instanceNo, instanceId }, limit) => {
      const call = by === 'instance_no' ? instanceNo : instanceId
      return Number(remove.run({ call, limit }).changes)
    }
  },
})

import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** What is kept in memory; past it, what was asked for longest ago is dropped and read again when needed. */
const CACHE_LIMIT_BYTES = 16 * 1024 * 1024

/** A body was deleted with its last use, after the row that names it was read. */
export class NoConfiguration extends Error {}

/**
 * The JSON bodies of table `configuration`, by number. They never change, so those kept in memory are always right.
 * One array is given to all who ask: it must not be changed.
 */
export class ConfigurationBodies {
  readonly #find: StatementSync
  readonly #limitBytes: number
  /** Least recently asked for first. */
  readonly #kept = new Map<number, Uint8Array>()
  #keptBytes = 0

  constructor(database: DatabaseSync, limitBytes = CACHE_LIMIT_BYTES) {
    this.#find = database.prepare('select body from configuration where configuration_no = ?')
    this.#limitBytes = limitBytes
  }

  get(configurationNo: number): Uint8Array {
    const kept = this.#kept.get(configurationNo)
    if (kept !== undefined) {
      this.#kept.delete(configurationNo)
      this.#kept.set(configurationNo, kept)
      return kept
    }
    const row = this.#find.get(configurationNo)
    if (row === undefined)
      throw new NoConfiguration(`There is no configuration ${configurationNo}.`)
    const body = row['body'] as Uint8Array
    this.#kept.set(configurationNo, body)
    this.#keptBytes += body.byteLength
    this.#drop()
    return body
  }

  get keptBytes(): number {
    return this.#keptBytes
  }

  #drop(): void {
    for (const [no, body] of this.#kept) {
      if (this.#keptBytes <= this.#limitBytes) return
      this.#kept.delete(no)
      this.#keptBytes -= body.byteLength
    }
  }
}

import { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '../base/result.ts'
import { whyNot } from './data-folder.ts'
import { MIGRATIONS, takeStep } from './migrations.ts'
import { addSearchFunctions } from './search-schema.ts'
import { addStatisticsFunctions } from './statistics-rows.ts'

/** How long a connection waits for another one of this process, which holds a lock only for moments. */
const LOCK_WAIT_MS = 5000

/** What the database said when this process opened it. */
export interface OpenedDatabase {
  /** The number of this opening. */
  readonly run: number
  readonly lastBeatMs: number | undefined
}

/** The connection that writes: a transaction is on the disk when it has been committed. */
export function openForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS })
  try {
    // What is deleted is overwritten: it must not stay readable in the file.
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on')
    addSearchFunctions(database)
    addStatisticsFunctions(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Folds the write-ahead log into the database and empties it, so that no older copies of pages are left. It waits for
 * nobody: false when somebody is just reading from it. Not to be called inside a transaction.
 */
export function truncateLog(database: DatabaseSync): boolean {
  database.exec('pragma busy_timeout = 0')
  try {
    return database.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'] === 0
  } finally {
    database.exec(`pragma busy_timeout = ${LOCK_WAIT_MS}`)
  }
}

export function openForReading(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: LOCK_WAIT_MS, readOnly: true })
}

/**
 * Brings the schema up to date and counts this run. Calls that the last run recorded and that are still live were
 * alive until its last beat, which is noted with them. The error is a sentence for the operator.
 */
export function prepareDatabase(path: string): Result<OpenedDatabase, string> {
  let database: DatabaseSync | undefined
  try {
    database = openForWriting(path)
    const version = Number(database.prepare('pragma user_version').get()?.['user_version'])
    if (version > MIGRATIONS.length) {
      return fail(
        `The database ${path} was written by a newer antiphon (schema ${version}; this one ` +
          `knows schemas up to ${MIGRATIONS.length}). Start that version, or use another data folder.`,
      )
    }
    database.exec('begin immediate')
    for (const step of MIGRATIONS.slice(version)) takeStep(database, step)
    database.exec(`pragma user_version = ${MIGRATIONS.length}`)
    const server = database.prepare('select run, beat_ms from server').get()
    const lastRun = Number(server?.['run'])
    const beatMs = server?.['beat_ms'] as number | null
    if (beatMs !== null) {
      database
        .prepare(`update instance set seen_ms = ? where status <> 'Finished' and run = ?`)
        .run(beatMs, lastRun)
    }
    database.prepare('update server set run = ?').run(lastRun + 1)
    database.exec('commit')
    return ok({ run: lastRun + 1, lastBeatMs: beatMs ?? undefined })
  } catch (error) {
    return fail(`The database ${path} cannot be used: ${whyNot(error)}.`)
  } finally {
    if (database?.isOpen === true) database.close()
  }
}

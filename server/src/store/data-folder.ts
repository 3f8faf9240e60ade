import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '../base/result.ts'

const SQLITE_BUSY = 5
const SQLITE_CANTOPEN = 14
const OWNER_ONLY = 0o600

/** A data folder that no other server uses meanwhile. */
export interface HeldFolder {
  readonly databasePath: string
  /** Lets another server have the folder. */
  release(): void
}

/**
 * Makes the data folder if there is none and holds it against other servers. What holds it is a lock of the
 * operating system (an open transaction on a file of its own), so that it ends with the process, however that
 * ends. The error is a sentence for the operator.
 */
export function holdDataFolder(folder: string): Result<HeldFolder, string> {
  const lockPath = join(folder, 'antiphon.lock')
  const databasePath = join(folder, 'antiphon.db')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
    createOwnerOnly(lockPath)
  } catch (error) {
    return fail(`The data folder ${folder} cannot be written: ${messageOf(error)}.`)
  }
  const lock = new DatabaseSync(lockPath, { timeout: 0, open: false })
  try {
    lock.open()
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
    createOwnerOnly(databasePath)
  } catch (error) {
    if (lock.isOpen) lock.close()
    return fail(
      isBusy(error)
        ? `The data folder ${folder} is in use: another antiphon is running on it.`
        : `The data folder ${folder} cannot be used: ${whyNot(error)}.`,
    )
  }
  return ok({
    databasePath,
    release: () => {
      if (lock.isOpen) lock.close()
    },
  })
}

/**
 * Makes an empty file that only its owner may read (SQLite gives its side files the same rights). A file that
 * exists must not even be opened: closing it would drop the locks that this process has on it.
 */
function createOwnerOnly(path: string): void {
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const isBusy = (error: unknown): boolean =>
  (((error as { errcode?: number }).errcode ?? 0) & 0xff) === SQLITE_BUSY

/** SQLite names no reason when it may not open a file; mostly it is somebody else's, as after a restore. */
export function whyNot(error: unknown): string {
  const isShut = (((error as { errcode?: number }).errcode ?? 0) & 0xff) === SQLITE_CANTOPEN
  return isShut
    ? `${messageOf(error)} (is it, and are the files beside it, this user's?)`
    : messageOf(error)
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CommandError } from '../command.ts'

/** No model is larger; an archive that unpacks to more is no model. */
const UNPACKED_LIMIT_BYTES = 8 * 1024 ** 3
const FILES_LIMIT = 20_000

/** Where an archive may put its files: nowhere but into one folder, and not without end. */
export class SafePlace {
  readonly #root: string
  #bytes = 0
  #files = 0

  constructor(root: string) {
    this.#root = root
    mkdirSync(root, { recursive: true })
  }

  /** The path of a member of the archive; its folder is made. Refuses names that lead out. */
  fileFor(name: string): string {
    const parts = name.split('/').filter((part) => part !== '' && part !== '.')
    const isUnsafe =
      /^[/\\]|^[A-Za-z]:|\\|\0/.test(name) || parts.includes('..') || parts.length === 0
    if (isUnsafe) {
      throw new CommandError(`The archive would write to ${JSON.stringify(name)}: refused.`)
    }
    this.#files += 1
    if (this.#files > FILES_LIMIT)
      throw new CommandError('The archive has too many files: refused.')
    const file = join(this.#root, ...parts)
    mkdirSync(dirname(file), { recursive: true })
    return file
  }

  /** Bytes that are about to be written. */
  count(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > UNPACKED_LIMIT_BYTES) {
      throw new CommandError('The archive unpacks to more than 8 GiB: refused.')
    }
  }
}

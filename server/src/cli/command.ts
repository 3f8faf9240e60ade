import type { Environment } from '../config/readers.ts'

/** What a command may use of the machine, besides what its own parts open. */
export interface CommandIo {
  /** Writes to standard output as it is; resolves when more may be written. */
  out(text: string): Promise<void>
  /** A line for standard error. */
  err(line: string): void
  readonly environment: Environment
}

/** One command of `npx antiphon`. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What `npx antiphon <name> --help` prints. */
  readonly usage: string
  /** Gives the exit code: 0 done, 1 the answer is "no" or something failed, 2 wrongly called. */
  run(args: readonly string[], io: CommandIo): Promise<number>
}

/** Wrong use of a command; its message is shown, and where to find help. */
export class UsageError extends Error {}

/** A failure that the operator can understand; its message is all that is shown. */
export class CommandError extends Error {}

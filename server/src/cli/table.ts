import type { Command } from './command.ts'

/** All commands, as `npx antiphon --help` lists them. */
export const COMMANDS: readonly Command[] = []

import { callbacks } from './callbacks.ts'
import { calls } from './calls.ts'
import type { Command } from './command.ts'
import { models } from './models.ts'
import { replay } from './replay.ts'
import { simulate } from './simulate.ts'

/** All commands, as `npx antiphon --help` lists them. */
export const COMMANDS: readonly Command[] = [calls, replay, simulate, models, callbacks]

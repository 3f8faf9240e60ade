/** The commands: `npx antiphon <command>`. The server itself is `main.ts`. */
import { once } from 'node:events'
import type { CommandIo } from './cli/command.ts'
import { runCommand } from './cli/run.ts'
import { COMMANDS } from './cli/table.ts'

const io: CommandIo = {
  out: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  err: (line) => void process.stderr.write(`${line}\n`),
  environment: process.env,
}

// Whoever reads may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})
process.exitCode = await runCommand(COMMANDS, process.argv.slice(2), io)

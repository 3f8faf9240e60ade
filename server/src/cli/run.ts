import { CommandError, UsageError, type Command, type CommandIo } from './command.ts'

const WIDTH = 12

/** Runs `npx antiphon <args>` and gives its exit code. */
export async function runCommand(
  commands: readonly Command[],
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await io.out(overview(commands))
    return name === undefined ? 2 : 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) {
    io.err(`There is no command ${name}; npx antiphon --help lists them.`)
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    await io.out(`${command.usage.trim()}\n`)
    return 0
  }
  try {
    return await command.run(rest, io)
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      io.err(`${error.message}\nnpx antiphon ${name} --help tells how it is used.`)
      return 2
    }
    if (error instanceof CommandError) {
      io.err(error.message)
      return 1
    }
    throw error
  }
}

/** `parseArgs` of node:util tells of unknown options by errors of such codes. */
const isParseArgsError = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS_')

function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(WIDTH)}${summary}`)
  return [
    'npx antiphon <command>: works with a server of antiphon and with what it recorded.',
    '(npm start runs the server itself.)',
    '',
    ...lines,
    '',
    'npx antiphon <command> --help tells more.',
    '',
  ].join('\n')
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandError, UsageError, type Command } from './command.ts'
import { runCommand } from './run.ts'

const greet: Command = {
  name: 'greet',
  summary: 'says hello',
  usage: 'npx antiphon greet <name>',
  run: async ([name], io) => {
    if (name === undefined) throw new UsageError('A name is missing.')
    if (name === 'nobody') throw new CommandError('There is nobody.')
    await io.out(`Hello ${name}\n`)
    return 0
  },
}

async function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommand([greet], args, {
    out: async (text) => void out.push(text),
    err: (line) => void err.push(line),
    environment: {},
  })
  return { code, out: out.join(''), err: err.join('\n') }
}

test('a command gets its arguments and gives the exit code', async () => {
  assert.deepEqual(await run('greet', 'Ann'), { code: 0, out: 'Hello Ann\n', err: '' })
})

test('wrong use and failures are told on standard error, with different codes', async () => {
  const wrong = await run('greet')
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /A name is missing.*\n.*greet --help/)
  const failed = await run('greet', 'nobody')
  assert.deepEqual([failed.code, failed.err], [1, 'There is nobody.'])
  const unknown = await run('great')
  assert.equal(unknown.code, 2)
  assert.match(unknown.err, /no command great/)
})

test('the list of commands and each one’s help can be asked for', async () => {
  assert.match((await run('--help')).out, /greet\s+says hello/)
  assert.equal((await run('greet', '--help')).out, 'npx antiphon greet <name>\n')
})

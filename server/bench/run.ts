/** `npm run bench [name]`: runs one benchmark, or lists them. */
import { benchCalls } from './calls.ts'
import { benchList } from './list.ts'
import { benchLoop } from './loop.ts'
import { benchSimulate } from './simulate.ts'
import { benchStore } from './store.ts'
import { benchTurn } from './turn.ts'

const BENCHES: Readonly<
  Record<string, { readonly what: string; run(args: readonly string[]): Promise<void> }>
> = {
  turn: { what: 'turn-taking, sound and cost of a call, scripted providers', run: benchTurn },
  loop: { what: 'delay of the event loop, memory and CPU, real models', run: benchLoop },
  simulate: {
    what: 'an hour of scripted conversation, and the size of its trace',
    run: benchSimulate,
  },
  calls: { what: 'what stays behind after many short calls', run: benchCalls },
  list: { what: 'listing and finding calls among a million [calls] [folder]', run: benchList },
  store: {
    what: 'durable writes and lists of the SQLite store',
    run: ([instances]) => benchStore(instances === undefined ? undefined : Number(instances)),
  },
}

const [name = '', ...args] = process.argv.slice(2)
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (bench === undefined) {
  if (name !== '') console.log(`There is no benchmark ${name}.\n`)
  console.log('npm run bench <name>, one of:')
  for (const [known, { what }] of Object.entries(BENCHES))
    console.log(`  ${known.padEnd(8)} ${what}`)
  process.exitCode = name === '' ? 0 : 1
} else await bench.run(args)

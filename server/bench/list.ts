/**
 * `npm run bench list [calls] [folder] [part …]`: what it costs to list and to find calls among a
 * million of them, against a bare handler that sends the same bytes. With a folder the data is kept
 * there, and used again; parts are `cost`, `pages`, `busy`, `search`, `export`.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startAntiphon, temporaryFolder, type Antiphon } from '../test/system/antiphon-process.ts'
import { benchBusyList } from './list-busy.ts'
import { askOften, CONNECTIONS, ListClient, type ListBench } from './list-client.ts'
import { buildList, type BenchData } from './list-data.ts'
import { benchExport, benchSearch } from './list-search.ts'
import { line } from './figures.ts'
import { machineText } from './machine.ts'
import { threadsCpuMs } from './server-processes.ts'

const CALLS = 1_000_000
const ROUNDS = 7
/** In a round: enough for the clock of the processes, which moves in steps of 10 ms. */
const REQUESTS = 1200
const WARM_UP = 1500
const PAGE_REQUESTS = 400

export async function benchList(args: readonly string[]): Promise<void> {
  const [count, kept, ...wanted] = args
  const folder = kept || temporaryFolder()
  const data = prepare(folder, count === undefined ? CALLS : Number(count))
  const probe = new URL('./write-probe.ts', import.meta.url)
  const server = await startAntiphon({
    folder,
    env: {
      ANTIPHON_LOG_LEVEL: 'warn',
      ANTIPHON_RATE_LIMIT: 'off',
      NODE_OPTIONS: `--import=${probe.href} ${process.env['BENCH_NODE_OPTIONS'] ?? ''}`,
    },
  })
  const bench: ListBench = {
    server,
    data,
    client: new ListClient(server.origin, server, CONNECTIONS),
  }
  try {
    console.log(machineText())
    for (const [name, run] of Object.entries(PARTS)) {
      if (wanted.length === 0 || wanted.includes(name)) await run(bench)
    }
  } finally {
    bench.client.close()
    await server.end()
  }
}

const PARTS: Readonly<Record<string, (bench: ListBench) => Promise<void>>> = {
  cost: benchAgainstBare,
  pages: benchPages,
  busy: benchBusyList,
  search: benchSearch,
  export: benchExport,
}

/** Builds the data, or takes what was built before. */
function prepare(folder: string, calls: number): BenchData {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'bench-list.json')
  if (!existsSync(file)) {
    const startedMs = performance.now()
    const data = buildList(folder, calls, Date.now())
    writeFileSync(file, JSON.stringify(data))
    const tookS = (performance.now() - startedMs) / 1000
    const sizeGb = statSync(join(folder, 'antiphon.db')).size / 1e9
    console.log(`${calls} calls built in ${tookS.toFixed(0)} s, ${sizeGb.toFixed(2)} GB`)
  }
  return JSON.parse(readFileSync(file, 'utf8')) as BenchData
}

const TEN = (data: BenchData) => ({ AIAgentId: data.greatAgent, PageSize: '10' })

async function benchAgainstBare({ server, data, client }: ListBench): Promise<void> {
  const parameters = TEN(data)
  const answer = await client.ask('ListAIAgentInstance', parameters)
  if (answer.status !== 200) throw new Error(answer.body.toString('utf8'))
  const rowBytes = answer.body.length / 10
  const bare = await startBare(server, answer)
  const bareClient = new ListClient(bare.origin, server, CONNECTIONS)
  const sides = [
    { pid: server.pid, client, cpuMs: 0 },
    { pid: bare.child.pid ?? 0, client: bareClient, cpuMs: 0 },
  ]
  for (const side of sides) await askOften(side.client, parameters, WARM_UP)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of sides) {
      const before = threadsCpuMs(side.pid)
      await askOften(side.client, parameters, REQUESTS)
      side.cpuMs += threadsCpuMs(side.pid) - before
    }
  }
  bareClient.close()
  bare.child.disconnect()
  const [ours = NaN, bares = NaN] = sides.map(({ cpuMs }) => cpuMs / (ROUNDS * REQUESTS))
  console.log(`ListAIAgentInstance, 10 rows of ${(rowBytes / 1000).toFixed(1)} KB, signed`)
  line('CPU a request, bare handler', `${(bares * 1000).toFixed(0)} µs`)
  line('CPU a request, the server', `${(ours * 1000).toFixed(0)} µs (all threads)`)
  line('ratio', `${(ours / bares).toFixed(2)} × (aim 2 ×, at most 2.5 ×)`)
}

async function startBare(
  server: Antiphon,
  answer: { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer },
): Promise<{ readonly origin: string; readonly child: ChildProcess }> {
  const file = join(server.folder, 'bench-answer.json')
  const { connection: _c, 'keep-alive': _k, date: _d, ...headers } = answer.headers
  writeFileSync(file, JSON.stringify({ headers, body: answer.body.toString('base64') }))
  const child = fork(new URL('./list-bare.ts', import.meta.url), [file, server.accessKeySecret])
  const [port] = (await once(child, 'message')) as [number]
  return { origin: `http://127.0.0.1:${port}`, child }
}

async function benchPages(bench: ListBench): Promise<void> {
  const { data } = bench
  const great = { AIAgentId: data.greatAgent, PageSize: '100' }
  const day = (share: number): Readonly<Record<string, string>> => {
    const fromMs = data.firstMs + (data.lastMs - data.firstMs) * share
    const [StartTime, EndTime] = [fromMs, fromMs + 86_400_000].map((ms) =>
      new Date(ms).toISOString(),
    )
    return { ...TEN(data), StartTime: StartTime ?? '', EndTime: EndTime ?? '' }
  }
  const pages: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['page 1 of 100', great],
    ['page 100 of 100', { ...great, PageNumber: '100' }],
    ['newest 10', TEN(data)],
    ['newest 10 of a small agent', { ...TEN(data), AIAgentId: data.smallAgent }],
    ['10 of the first day', day(0)],
    ['10 of a day in the middle', day(0.5)],
    ['10 of a late day', day(0.95)],
  ]
  const cpuMs = await cpuOf(
    bench,
    pages.map(([, parameters]) => parameters),
  )
  console.log('CPU a request, all threads')
  const [first = NaN, , newest = NaN] = cpuMs
  for (const [index, [name]] of pages.entries()) {
    const own = cpuMs[index] ?? NaN
    const base = index < 2 ? first : newest
    line(name, `${(own * 1000).toFixed(0)} µs  ${(own / base).toFixed(2)} ×`)
  }
}

/** In turns, so that what else the machine does hits all alike. */
async function cpuOf(
  { server, client }: ListBench,
  requests: readonly Readonly<Record<string, string>>[],
): Promise<readonly number[]> {
  const all = requests.map(() => 0)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, parameters] of requests.entries()) {
      const before = threadsCpuMs(server.pid)
      await askOften(client, parameters, PAGE_REQUESTS)
      all[index] = (all[index] ?? 0) + threadsCpuMs(server.pid) - before
    }
    await pause(20)
  }
  return all.map((cpuMs) => cpuMs / (ROUNDS * PAGE_REQUESTS))
}

import { Agent, request } from 'node:http'
import { line, quantile } from './figures.ts'
import type { ListAnswer, ListBench, ListClient } from './list-client.ts'
import { ServerProcesses } from './server-processes.ts'

const OWN = '2026-11-01'
const TIMES = 15
const DAY_MS = 86_400_000

type Parameters = Readonly<Record<string, string>>

/** How long finding calls takes, each search by itself. */
export async function benchSearch(bench: ListBench): Promise<void> {
  const { client, data } = bench
  const middleMs = (data.firstMs + data.lastMs) / 2
  const iso = (ms: number): string => new Date(ms).toISOString()
  const agent = { AIAgentId: data.greatAgent }
  const searches: readonly (readonly [string, Parameters])[] = [
    ['newest 20', {}],
    ['newest 20 of the great agent', agent],
    [
      'created in a day in the middle',
      { CreatedAfter: iso(middleMs), CreatedBefore: iso(middleMs + DAY_MS) },
    ],
    [
      'ended in an hour in the middle',
      { FinishedAfter: iso(middleMs), FinishedBefore: iso(middleMs + 3.6e6) },
    ],
    ['status Executing', { Status: 'Executing' }],
    ['a rare end reason', { EndReason: 'error' }],
    ['… of the great agent', { ...agent, EndReason: 'error' }],
    ['longest first', { OrderBy: 'Duration' }],
    [
      '10 to 11 minutes, shortest first',
      { OrderBy: 'Duration', Order: 'Asc', MinDurationMs: '600000', MaxDurationMs: '660000' },
    ],
    ['a session', { SessionId: 'session-1234' }],
    ['UserData order=A77777', { UserDataPath: 'order', UserDataValue: 'A77777' }],
    [
      'UserData customer.tier=gold (a seventh)',
      { UserDataPath: 'customer.tier', UserDataValue: 'gold' },
    ],
    ['a word of one call', { Text: '"order 4711"' }],
    ['a frequent word', { Text: 'w2' }],
    ['two frequent words, great agent', { ...agent, Text: 'w2 w5' }],
    ['退款, as part of a sentence', { Text: '退款' }],
    ['longer than 14 minutes, newest first', { MinDurationMs: '880000' }],
  ]
  console.log('SearchAIAgentInstances, 20 rows')
  for (const [name, parameters] of searches) await benchOne(client, name, parameters)
  console.log('… with the total')
  const totals: readonly (readonly [string, Parameters])[] = [
    ['all, exact', { Total: 'Exact' }],
    ['all, estimated', { Total: 'Estimated' }],
    ['great agent, exact', { ...agent, Total: 'Exact' }],
    ['great agent, estimated', { ...agent, Total: 'Estimated' }],
    ['退款, exact', { Text: '退款', Total: 'Exact' }],
    ['退款, estimated', { Text: '退款', Total: 'Estimated' }],
  ]
  for (const [name, parameters] of totals) await benchOne(client, name, parameters)
}

async function benchOne(client: ListClient, name: string, parameters: Parameters): Promise<void> {
  const tookMs: number[] = []
  let answer: ListAnswer | undefined
  for (let time = 0; time < TIMES; time += 1) {
    answer = await client.ask('SearchAIAgentInstances', parameters, OWN)
    if (answer.status !== 200) throw new Error(answer.body.toString('utf8'))
    tookMs.push(answer.tookMs)
    if (tookMs.reduce((sum, ms) => sum + ms, 0) > 5000) break
  }
  const { Instances, TotalCount } = JSON.parse(String(answer?.body)) as {
    readonly Instances: readonly unknown[]
    readonly TotalCount?: number
  }
  const found = TotalCount === undefined ? `${Instances.length} rows` : `${TotalCount} in all`
  const [p50, most] = [quantile(tookMs, 0.5), quantile(tookMs, 1)]
  line(name, `p50 ${p50.toFixed(1)}  max ${most.toFixed(1)} ms  (${found})`)
}

/** The great agent's calls with what was said, read as fast as they come; the server's memory meanwhile. */
export async function benchExport({ client, server, data }: ListBench): Promise<void> {
  const parameters = { AIAgentId: data.greatAgent, WithSentences: 'true' }
  const processes = new ServerProcesses(server.pid, server.folder)
  const memoryMb = (): number => processes.residentMb([server.pid])
  const startMb = memoryMb()
  const startMs = performance.now()
  const sent = request({
    agent: new Agent(),
    ...client.signed('ExportAIAgentInstances', parameters, OWN),
  })
  let [bytes, lines, pieces] = [0, 0, 0]
  const samplesMb: number[] = []
  await new Promise<void>((resolve, reject) => {
    sent.on('error', reject).on('response', (answer) => {
      answer.on('error', reject).on('end', resolve)
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        for (const byte of chunk) if (byte === 10) lines += 1
        pieces += 1
        if (pieces % 20 === 0) samplesMb.push(memoryMb())
      })
    })
    sent.end()
  })
  const tookS = (performance.now() - startMs) / 1000
  console.log('ExportAIAgentInstances, the great agent with what was said')
  line(
    'calls',
    `${lines}, ${(bytes / 1e6).toFixed(0)} MB in ${tookS.toFixed(1)} s (${(lines / tookS).toFixed(0)} a second)`,
  )
  const half = samplesMb.length / 2
  const [early, late] = [samplesMb.slice(0, half), samplesMb.slice(half)]
  line(
    'memory of the control process',
    `${startMb.toFixed(0)} MB before, at most ${Math.max(...early).toFixed(0)} MB in the first half, ` +
      `${Math.max(...late).toFixed(0)} MB in the second`,
  )
}

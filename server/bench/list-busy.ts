import { setTimeout as pause } from 'node:timers/promises'
import { until, type Antiphon } from '../test/system/antiphon-process.ts'
import { OWN_VERSION, vendorClients } from '../test/system/vendor-client.ts'
import { generateCall, plansFor } from './bench-calls.ts'
import { line, quantile } from './figures.ts'
import { askOften, type ListBench } from './list-client.ts'
import { LoadProcess } from './load-process.ts'
import { Machine } from './machine.ts'
import { ServerProcesses } from './server-processes.ts'

const CALLS = 30
const WARM_UP_MS = 5000
const MEASURE_MS = 20_000
/** Requests come so often, whatever the answers do. */
const EVERY_MS = 10

/** Callers speak and interrupt all the time: each second some 100 sentences, or more of one, are stored. */
const AGENT = { Greeting: '', AsrConfig: { AsrMaxSilence: 400 } }
const PROVIDERS = {
  llm: { provider: 'scripted', replies: ['This is a sentence that is said. '.repeat(6)] },
  tts: { provider: 'scripted' },
  vad: { provider: 'energy' },
  asr: {
    provider: 'scripted',
    texts: ['Please tell me something long.'],
    partials: true,
    firstPartialMs: 20,
  },
}

/** How long the list takes while calls run on the same server. */
export async function benchBusyList(bench: ListBench): Promise<void> {
  const { server, data } = bench
  const vendor = vendorClients(server)
  const own = { ...server, vendor, processes: new ServerProcesses(server.pid, server.folder) }
  const made = await vendor.call(
    'CreateAIAgent',
    { Name: 'Bench', Type: 'VoiceChat', AgentConfig: AGENT, Providers: PROVIDERS },
    OWN_VERSION,
  )
  const load = new LoadProcess()
  const waiting = []
  for (let call = 0; call < CALLS; call += 1) {
    waiting.push(await generateCall(own, String(made['AIAgentId'])))
  }
  await load.connect(plansFor(waiting, { silenceMs: 400, speakMs: 500, listenMs: 700 }))
  await pause(WARM_UP_MS)
  await askOften(bench.client, { AIAgentId: data.greatAgent, PageSize: '10' }, 1000)
  const machine = new Machine()
  const before = await written(server)
  const tookMs = await askSteadily(bench, { AIAgentId: data.greatAgent, PageSize: '10' })
  const sentences = ((await written(server)) - before) / (MEASURE_MS / 1000)
  console.log(`10 rows listed ${1000 / EVERY_MS} times a second while ${CALLS} calls run`)
  line('sentences written, or more of one', `${sentences.toFixed(0)} a second`)
  const at = (share: number): string => quantile(tookMs, share).toFixed(2)
  line(
    'answer',
    `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  max ${at(1)} ms (aim p99 < 5 ms)`,
  )
  line('busy, all programs', `${machine.busyCores().toFixed(2)} cores`)
  load.end()
  await Promise.all(
    waiting.map(({ instanceId }) => vendor.call('StopAIAgentInstance', { InstanceId: instanceId })),
  )
  load.close()
}

/** See `write-probe.ts`. */
async function written(server: Antiphon): Promise<number> {
  const answers = (): readonly string[] => server.output().match(/sentences written: \d+/g) ?? []
  const known = answers().length
  process.kill(server.pid, 'SIGUSR2')
  await until(async () => answers().length > known)
  return Number(/\d+/.exec(answers().at(-1) ?? '')?.[0])
}

/** Requests at a steady rate, also when an answer takes long: late answers must not spare the server. */
async function askSteadily(
  { client }: ListBench,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly number[]> {
  const tookMs: number[] = []
  const asked: Promise<void>[] = []
  const ask = async (): Promise<void> => {
    const answer = await client.ask('ListAIAgentInstance', parameters)
    tookMs.push(answer.tookMs)
  }
  const startMs = performance.now()
  for (let count = 0; count * EVERY_MS < MEASURE_MS; count += 1) {
    const waitMs = startMs + count * EVERY_MS - performance.now()
    if (waitMs > 0) await pause(waitMs)
    asked.push(ask())
  }
  await Promise.all(asked)
  return tookMs
}

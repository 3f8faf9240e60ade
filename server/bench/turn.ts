/**
 * `npm run bench turn`: how fast the server takes turns, and what a call costs, with instant scripted providers
 * and the energy VAD over the WebSocket channel.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { CallLogTurn } from '../src/web/call-log.ts'
import {
  createAgent,
  endCall,
  generateCall,
  plansFor,
  startBenchServer,
  type BenchServer,
} from './bench-calls.ts'
import { aim, line, quantile, spread } from './figures.ts'
import { LoadProcess } from './load-process.ts'
import type { CallerReport } from './load-protocol.ts'
import { Machine, machineText } from './machine.ts'

const CALLS = [1, 10, 30]
/** The aims are for so many. */
const AIM_CALLS = 10
const AIMS = { firstAudioMs: 5, stoppedMs: 120, gapP95Ms: 5, gapP99Ms: 10, cpuPercent: 1.5, mb: 2 }
const SILENCE_MS = 400
const SPEAK_MS = 600
/** Past `MERGE_WINDOW_MS`: speech that comes sooner would continue the turn instead of interrupting. */
const LISTEN_MS = 1100
const WARM_UP_MS = 6000
const MEASURE_MS = 20_000
const SETTLE_MS = 3000
/** A call's first turns find code that is not compiled yet. */
const COLD_TURNS = 2

const AGENT = { Greeting: '', AsrConfig: { AsrMaxSilence: SILENCE_MS } }
const SENTENCE = 'This is one of the sentences of a long answer that nobody hears to its end. '
const PROVIDERS = {
  llm: { provider: 'scripted', replies: [SENTENCE.repeat(6)] },
  tts: { provider: 'scripted' },
  vad: { provider: 'energy' },
}
const TEXTS = ['Would you tell me something long, please?']
/** The two ways to a barge-in: the first text, here at once, or continuous speech. */
const WITH_TEXT = {
  ...PROVIDERS,
  asr: { provider: 'scripted', texts: TEXTS, partials: true, firstPartialMs: 20 },
}
const WITHOUT_TEXT = { ...PROVIDERS, asr: { provider: 'scripted', texts: TEXTS } }

const EXPLANATION = `
Each caller speaks ${SPEAK_MS} ms (a tone) into the agent's long answer, is silent, and hears the next answer begin, all
the time. Decided → first audio is from the call log: when the turn was closed (${SILENCE_MS} ms after the last frame of
speech) to when the first frame of the answer was handed to the socket; model and voice answer at once. The client's
view is from its last loud frame sent + ${SILENCE_MS} ms to the first loud frame received: on top come the way there and back
and the wait for the server's next 20 ms. Speech → stopped is from the first loud frame sent to the last one received:
the voice detector wants 60 ms of sound; then the first text stops the agent, or else 160 ms of speech in a row.
`

interface Measured {
  readonly calls: number
  readonly reports: readonly CallerReport[]
  readonly turns: readonly CallLogTurn[]
  readonly cpuPercent: number
  /** Of the whole machine, all programs. */
  readonly busyCores: number
  /** Of all the server's processes, garbage collected: resident, and what of it is heap and buffers. */
  readonly residentMb: number
  readonly heapMb: number
}

export async function benchTurn(args: readonly string[]): Promise<void> {
  const counts = args.length > 0 ? args.map(Number) : CALLS
  const server = await startBenchServer()
  const load = new LoadProcess()
  try {
    console.log(`${EXPLANATION}${machineText()}`)
    const withText = await createAgent(server, AGENT, WITH_TEXT)
    const withoutText = await createAgent(server, AGENT, WITHOUT_TEXT)
    // The first call finds everything cold: code not compiled, caches empty.
    const common = { server, load, measureMs: MEASURE_MS }
    await run({ ...common, agentId: withText, calls: 1, measureMs: 0 })
    const all: Measured[] = []
    for (const calls of counts) {
      const measured = await run({ ...common, agentId: withText, calls })
      print(measured)
      all.push(measured)
    }
    printMemory(all)
    const measured = await run({ ...common, agentId: withoutText, calls: AIM_CALLS })
    console.log(`${AIM_CALLS} calls, no text before the end of the sentence`)
    line('user speech → agent lowered', spread(flat(measured, 'loweredMs')))
    line('user speech → agent stopped', spread(flat(measured, 'stoppedMs')))
  } finally {
    load.close()
    await server.end()
  }
}

async function run(options: {
  readonly server: BenchServer
  readonly load: LoadProcess
  readonly agentId: string
  readonly calls: number
  readonly measureMs: number
}): Promise<Measured> {
  const { server, load, agentId, calls, measureMs } = options
  const { processes } = server
  const waiting = await Promise.all(
    Array.from({ length: calls }, () => generateCall(server, agentId)),
  )
  const plan = { silenceMs: SILENCE_MS, speakMs: SPEAK_MS, listenMs: LISTEN_MS }
  await load.connect(plansFor(waiting, plan))
  await pause(WARM_UP_MS)
  load.measure()
  const machine = new Machine()
  const before = { cpuMs: processes.cpuMs(), atMs: performance.now() }
  await pause(measureMs)
  const cpuMs = processes.cpuMs() - before.cpuMs
  const lengthMs = performance.now() - before.atMs
  const busyCores = machine.busyCores()
  const reports = await load.report()
  const heapMb = await processes.settle()
  const residentMb = await processes.steadyMb(SETTLE_MS)
  load.end()
  const logs = await Promise.all(waiting.map((call) => endCall(server, call.instanceId)))
  return {
    calls,
    reports,
    turns: logs.flatMap((log) => log.antiphon.turns.slice(COLD_TURNS)),
    cpuPercent: (cpuMs * 100) / lengthMs,
    busyCores,
    residentMb,
    heapMb,
  }
}

const flat = (
  measured: Measured,
  name: 'firstAudioMs' | 'loweredMs' | 'stoppedMs' | 'gapsMs',
): number[] => measured.reports.flatMap((report) => report[name])

function print(measured: Measured): void {
  const { calls, turns, residentMb, heapMb, reports } = measured
  const judge = (value: number, limit: number, unit: string): string =>
    calls === AIM_CALLS ? `  ${aim(value, limit, unit)}` : ''
  const decided = turns.flatMap(({ turnEndMs, firstAudioMs }) =>
    turnEndMs === undefined || firstAudioMs === undefined ? [] : [firstAudioMs - turnEndMs],
  )
  const stopped = flat(measured, 'stoppedMs')
  const cpuPercent = measured.cpuPercent / calls
  console.log(calls === 1 ? '1 call' : `${calls} calls`)
  line(
    'end of speech decided → first audio out',
    spread(decided) + judge(quantile(decided, 0.95), AIMS.firstAudioMs, 'ms p95'),
  )
  line('  seen by the client', spread(flat(measured, 'firstAudioMs')))
  line(
    'user speech → agent stopped (first text)',
    spread(stopped) + judge(quantile(stopped, 0.95), AIMS.stoppedMs, 'ms p95'),
  )
  printPacing(measured, judge)
  line(
    'CPU per call',
    `${cpuPercent.toFixed(2)} % of a core${judge(cpuPercent, AIMS.cpuPercent, '%')}` +
      `  (the whole machine, all programs: ${measured.busyCores.toFixed(2)} cores)`,
  )
  line(
    'memory of the server, garbage collected',
    `${residentMb.toFixed(0)} MB resident, heap and buffers ${heapMb.toFixed(1)} MB`,
  )
  const missed = reports.reduce((sum, report) => sum + report.missed, 0)
  if (missed > 0) line('turns without an answer', String(missed))
}

/** What a call adds: from the fewest calls to the most, since the system gives memory back when it pleases. */
function printMemory(all: readonly Measured[]): void {
  const [first] = all
  const last = all.at(-1)
  if (first === undefined || last === undefined || first.calls === last.calls) return
  const calls = last.calls - first.calls
  const residentMb = (last.residentMb - first.residentMb) / calls
  const heapMb = (last.heapMb - first.heapMb) / calls
  console.log(`from ${first.calls} to ${last.calls} calls`)
  line(
    'memory per call',
    `${residentMb.toFixed(2)} MB resident  ${aim(residentMb, AIMS.mb, 'MB')}, ` +
      `heap and buffers ${heapMb.toFixed(2)} MB`,
  )
}

/** By how much the gaps between frames miss 20 ms, in the call where it is worst and in all. */
function printPacing(
  measured: Measured,
  judge: (value: number, limit: number, unit: string) => string,
): void {
  const offOf = (report: CallerReport): number[] => report.gapsMs.map((ms) => Math.abs(ms - 20))
  const worst = (share: number): number =>
    Math.max(...measured.reports.map((report) => quantile(offOf(report), share)))
  line(
    'gap between frames received, off 20 ms by',
    `p50 ${quantile(measured.reports.flatMap(offOf), 0.5).toFixed(1)}; in the worst call ` +
      `p95 ${worst(0.95).toFixed(1)}${judge(worst(0.95), AIMS.gapP95Ms, 'ms')}, ` +
      `p99 ${worst(0.99).toFixed(1)} ms${judge(worst(0.99), AIMS.gapP99Ms, 'ms')}`,
  )
}

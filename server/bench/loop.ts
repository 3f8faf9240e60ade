/**
 * `npm run bench loop`: whether the media worker's event loop stays free while five people talk to agents with
 * the real models (Silero, Moonshine, Flite).
 */
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import type { CallLogTurn } from '../src/web/call-log.ts'
import {
  createAgent,
  endCall,
  generateCall,
  startBenchServer,
  type WaitingCall,
} from './bench-calls.ts'
import { aim, line, spread, within } from './figures.ts'
import { LoadProcess } from './load-process.ts'
import type { CallerPlan } from './load-protocol.ts'
import type { ProbeReading } from './server-processes.ts'

const RECORDINGS = ['en_01.wav', 'en_02.wav', 'en_05.wav', 'en_06.wav', 'en_09.wav']
const CALLS = 5
/** Between two times of a recording: the agent answers. */
const ANSWER_MS = 4000
const WARM_UP_MS = 8000
const MEASURE_MS = 40_000
const LOOP_AIM_MS = 20

export async function benchLoop(args: readonly string[]): Promise<void> {
  const calls = Number(args[0] ?? CALLS)
  const server = await startBenchServer({ BENCH_PROBE_LOOP: '1' })
  const load = new LoadProcess()
  try {
    const { processes } = server
    const [worker = 0] = processes.workerPids
    const agentId = await createAgent(server, { Greeting: 'Hello, what can I do for you?' }, {})
    const waiting = await Promise.all(
      Array.from({ length: calls }, () => generateCall(server, agentId)),
    )
    console.log(`${calls} calls with real models; memory of the worker`)
    line(
      'loaded, before the calls',
      memory(await processes.probe(worker), processes.residentMb([worker])),
    )
    await load.connect(waiting.map(planOf))
    await pause(WARM_UP_MS)
    for (const pid of processes.pids) await processes.probe(pid)
    load.measure()
    const before = processes.threadCpuMs(worker)
    const startMs = performance.now()
    await pause(MEASURE_MS)
    const after = processes.threadCpuMs(worker)
    const lengthMs = performance.now() - startMs
    const peakMb = processes.residentMb([worker])
    const reading = await processes.probe(worker)
    const control = await processes.probe(processes.controlPid)
    line('in the calls', memory(reading, peakMb))
    const reports = await load.report()
    load.end()
    const logs = await Promise.all(waiting.map((call) => endCall(server, call.instanceId)))
    console.log('event loop delay')
    line('media worker', `${delay(reading)}  ${aim(reading.loop.p99Ms, LOOP_AIM_MS, 'ms p99')}`)
    line('control process', delay(control))
    const gaps = reports.flatMap((report) => report.gapsMs)
    line(
      'frames received at 20 ms ± …',
      `± 5: ${within(gaps, 20, 5)}  ± 10: ${within(gaps, 20, 10)}`,
    )
    console.log('turns')
    printTurns(logs.flatMap((log) => log.antiphon.turns))
    console.log('CPU of the worker per call, by thread')
    for (const [name, percent] of perCall(before, after, lengthMs * calls)) {
      line(name, `${percent.toFixed(2)} % of a core`)
    }
  } finally {
    load.close()
    await server.end()
  }
}

const planOf = (call: WaitingCall, index: number): CallerPlan => ({
  address: call.address,
  phaseMs: index * 4,
  delayMs: 1500 + index * 900,
  speakMs: 0,
  listenMs: ANSWER_MS,
  silenceMs: 400,
  recording: fileURLToPath(
    new URL(`../test/audio/${RECORDINGS[index % RECORDINGS.length]}`, import.meta.url),
  ),
})

function printTurns(turns: readonly CallLogTurn[]): void {
  const waits = (from: keyof CallLogTurn, to: keyof CallLogTurn): number[] =>
    turns.flatMap((turn) => {
      const [fromMs, toMs] = [turn[from], turn[to]]
      return typeof fromMs === 'number' && typeof toMs === 'number' ? [toMs - fromMs] : []
    })
  line('end of speech → final transcript', spread(waits('speechEndMs', 'finalTranscriptMs')))
  line('end of speech → decided', spread(waits('speechEndMs', 'turnEndMs')))
  line('decided → first audio out', spread(waits('turnEndMs', 'firstAudioMs')))
}

function perCall(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  callMs: number,
): readonly (readonly [string, number])[] {
  return Object.entries(after)
    .map(([name, ms]) => [name, ((ms - (before[name] ?? 0)) * 100) / callMs] as const)
    .filter(([, percent]) => percent >= 0.05)
    .sort(([, a], [, b]) => b - a)
}

const delay = ({ loop }: ProbeReading): string =>
  `p50 ${loop.p50Ms.toFixed(1)}  p99 ${loop.p99Ms.toFixed(1)}  max ${loop.maxMs.toFixed(1)} ms`

const memory = (reading: ProbeReading, residentMb: number): string =>
  `${residentMb.toFixed(0)} MB resident, of which heap ${reading.heapMb.toFixed(0)}, ` +
  `buffers ${reading.externalMb.toFixed(0)}`

/**
 * `npm run bench calls [count]`: many short calls, of which nothing may stay behind: no memory, timer, socket,
 * file or thread.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { SocketCaller } from '../test/system/socket-caller.ts'
import { makeClient } from '../test/system/webrtc-client.ts'
import { until } from '../test/system/antiphon-process.ts'
import { tone } from '../test/tone.ts'
import { line } from './figures.ts'
import { createAgent, endCall, startBenchServer, type BenchServer } from './bench-calls.ts'

const CALLS = 300
const LANES = 4
const ROUNDS = 6
/** A call's last timers: a client that vanished, a closing socket. */
const AFTERMATH_MS = 4000
const SPEECH = tone({ hz: 400, rateHz: 16_000, samples: 16_000 * 0.2 })

const AGENT = { Greeting: 'Hello.', AsrConfig: { AsrMaxSilence: 200 }, UserOfflineTimeout: 1 }
const PROVIDERS = {
  asr: { provider: 'scripted', partials: true },
  llm: { provider: 'scripted' },
  tts: { provider: 'scripted' },
  vad: { provider: 'energy' },
}

export async function benchCalls(args: readonly string[]): Promise<void> {
  const count = Number(args[0] ?? CALLS)
  const server = await startBenchServer()
  try {
    const agentId = await createAgent(server, AGENT, PROVIDERS)
    console.log(
      `${count} short calls, ${LANES} at a time; what the server holds, garbage collected`,
    )
    const holdings = [await report(server, 0)]
    for (let round = 1; round <= ROUNDS; round += 1) {
      const [from, to] = [((round - 1) * count) / ROUNDS, (round * count) / ROUNDS]
      let next = Math.round(from)
      const lane = async (): Promise<void> => {
        while (next < Math.round(to)) await shortCall(server, agentId, next++)
      }
      await Promise.all(Array.from({ length: LANES }, lane))
      await pause(AFTERMATH_MS)
      holdings.push(await report(server, Math.round(to)))
    }
    const [, first = [], ...rest] = holdings
    conclude(first, rest.at(-1) ?? first, count - count / ROUNDS)
  } finally {
    await server.end()
  }
}

/** One call; every fifth over WebRTC, the others end in turn by a message, by silence and by the API. */
async function shortCall(server: BenchServer, agentId: string, index: number): Promise<void> {
  const made = await server.vendor.call('GenerateAIAgentCall', { AIAgentId: agentId })
  const channelId = String(made['ChannelId'])
  const token = String(made['Token'])
  const instanceId = String(made['InstanceId'])
  if (index % 5 === 4) return webRtcCall(server, { channelId, token, instanceId })
  const caller = await SocketCaller.connect(server.origin, channelId, token)
  await caller.play(SPEECH)
  await until(() => caller.answered().size >= 2)
  if (index % 3 === 0) caller.send(1100)
  else if (index % 3 === 1) caller.vanish()
  else await endCall(server, instanceId)
  await until(() => caller.closeCode !== undefined)
}

async function webRtcCall(
  server: BenchServer,
  call: { readonly channelId: string; readonly token: string; readonly instanceId: string },
): Promise<void> {
  const client = await makeClient()
  const address = `${server.origin}/rtc/channels/${call.channelId}`
  const authorization = { Authorization: `Bearer ${call.token}` }
  const answer = await fetch(address, {
    method: 'POST',
    headers: { ...authorization, 'Content-Type': 'application/sdp' },
    body: client.offerSdp,
  })
  client.peer.setRemoteDescription(await answer.text(), 'answer')
  await until(() => client.received.length > 5)
  const location = new URL(answer.headers.get('Location') ?? '', address)
  await fetch(location, { method: 'DELETE', headers: authorization })
  await endCall(server, call.instanceId)
  client.close()
}

/** What one process holds, garbage collected. */
interface Holding {
  readonly residentMb: number
  readonly heapMb: number
  readonly files: number
  readonly timers: number
  readonly sockets: number
}

async function holdingOf({ processes }: BenchServer, pid: number): Promise<Holding> {
  const { heapMb, resources } = await processes.probe(pid)
  return {
    residentMb: await processes.steadyMb(500, [pid]),
    heapMb,
    files: processes.openFiles([pid]),
    timers: resources['Timeout'] ?? 0,
    sockets: resources['TCPSocketWrap'] ?? 0,
  }
}

async function report(server: BenchServer, calls: number): Promise<readonly Holding[]> {
  const holdings: Holding[] = []
  for (const pid of server.processes.pids) holdings.push(await holdingOf(server, pid))
  for (const [index, holding] of holdings.entries()) {
    const { residentMb, heapMb, files, timers, sockets } = holding
    line(
      `after ${calls} calls, ${nameOf(index)}`,
      `${residentMb.toFixed(0)} MB resident, heap ${heapMb.toFixed(1)} MB, ` +
        `${files} files, ${timers} timers, ${sockets} sockets`,
    )
  }
  return holdings
}

/** From the first round, which finds the caches empty, to the last. */
function conclude(before: readonly Holding[], after: readonly Holding[], calls: number): void {
  for (const [index, last] of after.entries()) {
    const first = before[index] ?? last
    const per100 = (growth: number): string => `${((growth * 100) / calls).toFixed(2)} MB`
    line(
      `growth per 100 calls, ${nameOf(index)}`,
      `resident ${per100(last.residentMb - first.residentMb)}, ` +
        `heap ${per100(last.heapMb - first.heapMb)}, files ${last.files - first.files}, ` +
        `timers ${last.timers - first.timers}, sockets ${last.sockets - first.sockets}`,
    )
  }
}

const nameOf = (index: number): string => (index === 0 ? 'control process' : 'media worker')

import {
  startAntiphon,
  temporaryFolder,
  until,
  type Antiphon,
} from '../test/system/antiphon-process.ts'
import { OWN_VERSION, vendorClients, type VendorClients } from '../test/system/vendor-client.ts'
import type { CallLog } from '../src/web/call-log.ts'
import type { CallerPlan } from './load-protocol.ts'
import { ServerProcesses } from './server-processes.ts'

export interface BenchServer extends Antiphon {
  readonly vendor: VendorClients
  readonly processes: ServerProcesses
}

/** A whole server with one media worker, in processes of its own. */
export async function startBenchServer(env: NodeJS.ProcessEnv = {}): Promise<BenchServer> {
  const folder = temporaryFolder()
  const probe = new URL('./probe.ts', import.meta.url)
  const server = await startAntiphon({
    folder,
    env: {
      ANTIPHON_LOG_LEVEL: 'warn',
      NODE_OPTIONS: `--import=${probe.href}`,
      BENCH_PROBE_FOLDER: folder,
      ...env,
    },
  })
  const processes = new ServerProcesses(server.pid, folder)
  return { ...server, vendor: vendorClients(server), processes }
}

export async function createAgent(
  { vendor }: BenchServer,
  agentConfig: object,
  providers: object,
): Promise<string> {
  const made = await vendor.call(
    'CreateAIAgent',
    { Name: 'Bench', Type: 'VoiceChat', AgentConfig: agentConfig, Providers: providers },
    OWN_VERSION,
  )
  return String(made['AIAgentId'])
}

/** A call that waits for its caller. */
export interface WaitingCall {
  readonly instanceId: string
  readonly address: string
}

export async function generateCall(server: BenchServer, agentId: string): Promise<WaitingCall> {
  const made = await server.vendor.call('GenerateAIAgentCall', { AIAgentId: agentId })
  const query = new URLSearchParams({ token: String(made['Token']), sampleRate: '16000' })
  const origin = server.origin.replace(/^http/, 'ws')
  return {
    instanceId: String(made['InstanceId']),
    address: `${origin}/rtc/channels/${String(made['ChannelId'])}/socket?${query}`,
  }
}

/** Ends a call and gives back its log. */
export async function endCall({ vendor }: BenchServer, instanceId: string): Promise<CallLog> {
  await vendor.call('StopAIAgentInstance', { InstanceId: instanceId })
  let url: unknown
  await until(async () => {
    const described = await vendor.call('DescribeAIAgentInstance', { InstanceId: instanceId })
    url = (described['Instance'] as Record<string, unknown>)['CallLogUrl']
    return url !== undefined
  })
  return (await (await fetch(String(url))).json()) as CallLog
}

/** Callers spread evenly over the 20 ms and over the turn, so that they do not act together. */
export function plansFor(
  calls: readonly WaitingCall[],
  plan: Pick<CallerPlan, 'speakMs' | 'listenMs' | 'silenceMs'>,
): readonly CallerPlan[] {
  const turnMs = plan.speakMs + plan.silenceMs + plan.listenMs
  return calls.map((call, index) => ({
    ...plan,
    address: call.address,
    phaseMs: (index * 20) / calls.length,
    delayMs: 500 + (index * turnMs) / calls.length,
    // Not in step with the server's 20 ms, or every turn of a call would meet it at the same moment.
    listenMs: plan.listenMs + index * 7,
  }))
}

import type { Antiphon } from './antiphon-process.ts'
import { SocketCaller } from './socket-caller.ts'
import { OWN_VERSION, vendorClients, type VendorClients } from './vendor-client.ts'

export interface Instance {
  readonly Status: string
  readonly CallLogUrl?: string
  readonly GmtModified: string
}

export interface Log {
  readonly dialog: readonly { readonly id: number; readonly role: string; readonly text: string }[]
  readonly antiphon: {
    readonly endTime: number
    readonly endReason: string
    readonly sentences: readonly { readonly id: number; readonly turnId: number }[]
  }
}

/** A call that a test holds: its records by the API, its sound by a WebSocket. */
export interface HeldCall {
  readonly agentId: string
  readonly instanceId: string
  readonly channelId: string
  readonly token: string
  readonly caller: SocketCaller
}

/** What a program does with a server by the API. */
export class ApiCaller {
  readonly vendor: VendorClients
  readonly #server: Antiphon

  constructor(server: Antiphon) {
    this.#server = server
    this.vendor = vendorClients(server)
  }

  async makeAgent(agentConfig: object, providers: object = {}): Promise<string> {
    const made = await this.vendor.call(
      'CreateAIAgent',
      { Name: 'Test', Type: 'VoiceChat', AgentConfig: agentConfig, Providers: providers },
      OWN_VERSION,
    )
    return String(made['AIAgentId'])
  }

  async startCall(agentId: string): Promise<HeldCall> {
    const made = await this.vendor.call('GenerateAIAgentCall', { AIAgentId: agentId })
    const channelId = String(made['ChannelId'])
    const token = String(made['Token'])
    const caller = await SocketCaller.connect(this.#server.origin, channelId, token)
    return { agentId, instanceId: String(made['InstanceId']), channelId, token, caller }
  }

  /** The same user in the same channel again, with the token of before. */
  rejoin({ channelId, token }: Omit<HeldCall, 'caller'>): Promise<SocketCaller> {
    return SocketCaller.connect(this.#server.origin, channelId, token)
  }

  async instance(instanceId: string): Promise<Instance> {
    const described = await this.vendor.call('DescribeAIAgentInstance', { InstanceId: instanceId })
    return described['Instance'] as Instance
  }

  /** By the list, as a program without the instance's id sees it. */
  async listedStatus(agentId: string): Promise<string> {
    const listed = await this.vendor.call('ListAIAgentInstance', { AIAgentId: agentId })
    return (listed['Instances'] as readonly Instance[])[0]?.Status ?? 'none'
  }

  async status(instanceId: string): Promise<string> {
    return (await this.instance(instanceId)).Status
  }

  async log(instanceId: string): Promise<Log> {
    const { CallLogUrl = '' } = await this.instance(instanceId)
    return (await (await fetch(CallLogUrl)).json()) as Log
  }

  async stop(instanceId: string): Promise<void> {
    await this.vendor.call('StopAIAgentInstance', { InstanceId: instanceId })
  }
}

import type { Result } from '../base/result.ts'
import type { AgentType } from './store.ts'

/** What a media worker needs to know to hold a call. */
export interface CallSpec {
  readonly instanceId: string
  readonly type: AgentType
  readonly agentId: string
  readonly channelId: string
  readonly agentUserId: string
  /** JSON text of the effective configuration, without the product's defaults. */
  readonly agentConfig: string
  /** JSON text of the agent's `Providers`. */
  readonly providers: string
  readonly userData?: string
  readonly createdMs: number
  /** Life of channel tokens made for this call, s. */
  readonly tokenLifeS: number
}

export type CallsError =
  | { readonly code: 'unavailable'; readonly message: string }
  /** A setting that this server cannot obey; `parameter` names it as on the wire. */
  | { readonly code: 'unsupported'; readonly parameter: string; readonly message: string }

/** The running calls, as operations meet them; behind it `workers/`. */
export interface Calls {
  /** True while an agent of that name is in that channel. */
  isTaken(channelId: string, agentUserId: string): boolean
  /** Resolves when the agent is ready in its channel. The instance is in the store already. */
  start(spec: CallSpec): Promise<Result<void, CallsError>>
  /** Hands a running call its new effective configuration (JSON text) or user data. */
  update(
    instanceId: string,
    change: { readonly agentConfig?: string; readonly userData?: string },
  ): Promise<void>
  /** Ends a call. Resolves when it has ended, or at once when it is to finish its sentence first
   * (`GracefulShutdown`). Unknown and ended calls are ignored. */
  stop(instanceId: string): Promise<void>
}

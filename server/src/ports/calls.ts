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

/** What somebody outside wants of a running call. */
export type CallCommand =
  /** The agent says it: at once, or after what it is saying. */
  | { readonly type: 'speech'; readonly text: string; readonly interrupts: boolean }
  /** The model is asked as if the user had said it; interrupts. */
  | { readonly type: 'text'; readonly text: string }
  /** The client gets it as message 1011. */
  | { readonly type: 'custom-message'; readonly message: string }
  /** A human takes the agent's place as soon as that user joins the channel. */
  | { readonly type: 'takeover'; readonly humanUserId: string }

/** Why a running call does not do what it is told. */
export type CommandRefusal =
  /** There is no such call (any more). */
  | 'gone'
  /** It needs a connected user, and there is none. */
  | 'nobody-there'
  /** A human has taken the call over: the model is not asked, and no other human can take over. */
  | 'taken-over'
  /** The call's own user has the name of the human who is to take over. */
  | 'name-taken'
  /** What comes of it has been done but could not be stored (in time): it may be lost in a crash. */
  | 'not-stored'

/** Why a running call does not play a sound; with `bad-sound` the message is for whoever gave its address. */
export interface SoundRefusal {
  readonly code: CommandRefusal | 'bad-sound'
  readonly message: string
}

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
  /** Resolves when the call has taken the command, and what comes of it at once is stored. */
  command(instanceId: string, command: CallCommand): Promise<Result<void, CommandRefusal>>
  /** Has a call fetch a sound and play it in the place of words; resolves when it is there and waits its turn. */
  play(
    instanceId: string,
    sound: { readonly url: string; readonly interrupts: boolean },
  ): Promise<Result<void, SoundRefusal>>
  /** How many calls of that agent there are, connected or not. */
  activeCount(agentId: string): number
  /** The same of every agent that has any. */
  activeCounts(): ReadonlyMap<string, number>
  /** Ends a call. Resolves when it has ended, or at once when it is to finish its sentence first
   * (`GracefulShutdown`). Unknown and ended calls are ignored. */
  stop(instanceId: string): Promise<void>
}

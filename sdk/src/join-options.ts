import type { Microphone } from './microphone.ts'

/** Which call to join, and how. */
export interface JoinOptions {
  /** The server; `''` is the one that the page came from. */
  readonly baseUrl: string
  /** As `GenerateAIAgentCall` answered. */
  readonly channelId: string
  readonly userId: string
  readonly token: string
  /** Messages of others are ignored; without it, of all but the first sender. */
  readonly agentUserId?: string
  /** An open microphone, which the call owns from now on; without it one is opened. */
  readonly microphone?: Microphone
  /** Asks for a new token before this one ends; true unless it says otherwise. */
  readonly renewsToken?: boolean
}

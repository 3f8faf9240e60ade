import type { Vitals } from '../base/vitals.ts'
import type { CallRecord, Sentence, Takeover, Turn } from './call-record.ts'
import type { CallCommand, CallSpec, CommandRefusal } from './calls.ts'
import type { LiveState } from './live-calls.ts'
import type { Joining, Leaving } from './signalling.ts'

/** How often a worker says that it is alive. */
export const ALIVE_EVERY_MS = 1000
/** With every so many of these signs it says how it feels, of the time since the last. */
export const VITALS_EVERY = 5

/** What the control process and a media worker say to each other: small messages, never sound. */
export type ToWorker =
  | {
      readonly type: 'call-start'
      readonly requestId: number
      readonly call: CallSpec
      readonly past?: CallPast
    }
  | {
      readonly type: 'call-update'
      readonly instanceId: string
      readonly agentConfig?: string
      readonly userData?: string
    }
  | {
      readonly type: 'call-command'
      readonly requestId: number
      readonly instanceId: string
      readonly command: CallCommand
    }
  /** Answered when the sound has been fetched. */
  | {
      readonly type: 'call-sound'
      readonly requestId: number
      readonly instanceId: string
      readonly url: string
      readonly interrupts: boolean
    }
  /** Answered when the call has ended, or at once when it finishes its sentence first. */
  | {
      readonly type: 'call-stop'
      readonly requestId: number
      readonly instanceId: string
      readonly reason: 'stopped' | 'shutdown'
    }
  | {
      readonly type: 'offer'
      readonly requestId: number
      readonly joining: Joining
      readonly connectionId: string
      readonly sdp: string
    }
  | {
      readonly type: 'hang-up'
      readonly leaving: Leaving
    }
  /** Comes with the socket's handle. */
  | {
      readonly type: 'socket'
      readonly requestId: number
      readonly joining: Joining
      readonly connectionId: string
      readonly head: Uint8Array
      readonly key: string
      readonly sampleRateHz: number
    }
  /** Somebody looks on, or nobody any more: tell what goes on in the calls, all of it first. */
  | { readonly type: 'watch'; readonly isOn: boolean }
  /** All records of the call up to `seq` are durable. */
  | { readonly type: 'stored'; readonly instanceId: string; readonly seq: number }

export type FromWorker =
  /** Its event loop turns: said regularly from the start, so that a hanging worker is noticed. Now and then it says
   * how it feels. */
  | { readonly type: 'alive'; readonly vitals?: Vitals }
  /** The UDP port is free: connections can be taken soon. */
  | { readonly type: 'listening' }
  /** It cannot start; one line for the operator. */
  | { readonly type: 'failed'; readonly message: string }
  /** Models are loaded: calls can be taken. */
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly requestId: number; readonly sdp?: string }
  | {
      readonly type: 'refusal'
      readonly requestId: number
      readonly code:
        | 'unavailable'
        | 'unsupported'
        | 'bad-offer'
        | 'no-such-channel'
        | CommandRefusal
        | 'bad-sound'
      readonly parameter?: string
      readonly message: string
    }
  | {
      readonly type: 'record'
      readonly instanceId: string
      readonly seq: number
      readonly records: readonly CallRecord[]
    }
  /** Of calls in which something has changed, while somebody looks on. */
  | { readonly type: 'live'; readonly states: readonly LiveState[] }
  /** The call's last message; its `finished` record went before. */
  | { readonly type: 'call-ended'; readonly instanceId: string }

/** What a call that lost its worker had already been through. */
export interface CallPast {
  readonly sentences: readonly Sentence[]
  readonly turns: readonly Turn[]
  readonly executingMs?: number
  /** A human has taken it over, or was asked to. */
  readonly takeover?: Takeover
  /** Its last sign of life. */
  readonly lastSeenMs: number
}

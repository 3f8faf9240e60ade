import type { Duplex } from 'node:stream'
import type { Result } from '../base/result.ts'

export interface SignallingError {
  readonly code: 'no-such-channel' | 'bad-offer' | 'unavailable'
  /** For the client's developer. */
  readonly message: string
}

/** Who joins which channel; the token has been checked. */
export interface Joining {
  readonly channelId: string
  readonly userId: string
  /** When the token ends, s since 1970. */
  readonly tokenExpiresS: number
}

/** Who hangs up, and what else that ends. */
export interface Leaving {
  readonly channelId: string
  readonly connectionId: string
  readonly userId: string
  /** The call is to end as well, as by message 1100, which may have been lost. */
  readonly isStop: boolean
}

/** How a user's connection reaches the media worker that holds its channel; behind it `workers/`. */
export interface Signalling {
  /** Answers a WebRTC offer. The answer carries all candidates. */
  offer(
    joining: Joining,
    sdp: string,
  ): Promise<Result<{ readonly connectionId: string; readonly sdp: string }, SignallingError>>
  /** The user of that connection hangs up. False when there is no such connection of that user. */
  hangUp(leaving: Leaving): Promise<boolean>
  /** Gives a WebSocket handshake to the worker, which answers it. On failure the socket is untouched. */
  adoptSocket(
    joining: Joining,
    upgrade: {
      readonly socket: Duplex
      /** What was read past the request's head. */
      readonly head: Uint8Array
      /** `Sec-WebSocket-Key` of the request. */
      readonly key: string
      readonly sampleRateHz: 16_000 | 24_000 | 48_000
    },
  ): Promise<Result<void, SignallingError>>
}

/** Why a connection ended. The numbers are those of the client kits' bye event. */
export type ChannelCloseReason =
  | 'hang-up' // the user left on purpose
  | 'lost' // no packets for CHANNEL_LOST_MS
  | 'replaced' // the same user joined again (3)
  | 'kicked' // the server ended this connection (1)
  | 'ended' // the call is over (2)

/** A peer is gone after so long without a packet. */
export const CHANNEL_LOST_MS = 15_000

/**
 * One user's connection to a channel: sound both ways and messages. Media moves only in `readAudio` and
 * `writeAudio`, which the audio loop calls once every 20 ms; neither waits nor throws.
 */
export interface Channel {
  readonly connectionId: string
  readonly userId: string
  /** The user's next 20 ms at 16 kHz (320 samples), concealed if lost; `undefined` when nothing is being
   * sent. The array is the channel's own and valid until the next call. */
  readAudio(nowMs: number): Int16Array | undefined
  /** The agent's next 20 ms at 24 kHz (480 samples); `undefined` is silence. The frame is only lent. */
  writeAudio(frame: Int16Array | undefined, nowMs: number): void
  /** Sends one message (JSON text), reliable and in order. Dropped when the connection is gone. */
  sendMessage(text: string): void
  /** May be called twice. `onClose` follows, once. */
  close(reason: ChannelCloseReason): void
}

export interface ChannelEvents {
  /** Both ends are connected: sound and messages pass from now on. */
  onOpen(): void
  onMessage(text: string): void
  /** The last event. */
  onClose(reason: ChannelCloseReason): void
}

import type { ChannelCloseReason } from '../ports/channel.ts'

/**
 * What a channel itself says, beside the agent's messages: the same texts over every carrier, told from
 * those by a `type` that is a word. Neither side's application sees them.
 */
export const PING = '{"type":"ping"}'
export const PONG = '{"type":"pong"}'

/** Longer ones from a client are dropped. */
export const MESSAGE_LIMIT_BYTES = 64 * 1024
/** A client that takes so little that this much waits for it is gone. */
export const SEND_LIMIT_BYTES = 1024 * 1024

const OWN_LIMIT_CHARACTERS = 64
const OWN = /^\s*\{\s*"type"\s*:\s*"(ping|pong)"\s*\}\s*$/

/** Which of the channel's own texts this is, if any. */
export function ownMessage(text: string): 'ping' | 'pong' | undefined {
  if (text.length > OWN_LIMIT_CHARACTERS) return undefined
  return OWN.exec(text)?.[1] as 'ping' | 'pong' | undefined
}

/** The numbers of the client kits' bye event; a client's own hang-up and a lost one hear none. */
const BYE_REASON: Readonly<Partial<Record<ChannelCloseReason, number>>> = {
  kicked: 1,
  ended: 2,
  replaced: 3,
}

/** The last text of a channel that the server closes. */
export function byeMessage(reason: ChannelCloseReason): string | undefined {
  const number = BYE_REASON[reason]
  return number === undefined
    ? undefined
    : JSON.stringify({ type: 'bye', data: { reason: number } })
}

/** Close codes of the WebSocket carrier: 4000 and the bye number. A lost client is cut without one. */
export function closeCode(reason: ChannelCloseReason): number {
  const number = BYE_REASON[reason]
  return number === undefined ? 1000 : 4000 + number
}

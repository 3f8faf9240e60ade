import type { Channel, ChannelCloseReason } from '../ports/channel.ts'
import type { Envelope } from '../schema/messages.ts'
import { INPUT_FRAME_SAMPLES, OUTPUT_FRAME_SAMPLES } from '../media/pcm.ts'
import type { Call } from './call.ts'
import { parseEnvelope } from './client-messages.ts'

/** Messages larger than this are not looked at. */
const MESSAGE_LIMIT_CHARS = 65_536

interface Agent {
  readonly call: Call
  /** Of the messages it sends. */
  nextSeqId: number
}

/**
 * One channel: the users' connections and the agents (as a rule one of each). Every agent hears all users,
 * every user hears all agents.
 */
export class Room {
  readonly channelId: string
  readonly #users = new Map<string, Channel>()
  readonly #agents = new Map<string, Agent>()
  readonly #heard = new Int16Array(INPUT_FRAME_SAMPLES)
  readonly #said = new Int16Array(OUTPUT_FRAME_SAMPLES)

  constructor(channelId: string) {
    this.channelId = channelId
  }

  get isEmpty(): boolean {
    return this.#agents.size === 0
  }

  addCall(call: Call): void {
    this.#agents.set(call.spec.agentUserId, { call, nextSeqId: 1 })
    for (const userId of this.#users.keys()) call.userJoined(userId)
  }

  /** The call is over: nothing more comes from it. */
  retire(call: Call): void {
    if (this.#agents.get(call.spec.agentUserId)?.call === call) {
      this.#agents.delete(call.spec.agentUserId)
    }
  }

  /** The last agent takes the users' connections with it. */
  removeCall(call: Call): void {
    this.retire(call)
    if (this.#agents.size > 0) return
    for (const channel of this.#users.values()) channel.close('ended')
    this.#users.clear()
  }

  /** A user's connection is open. An older one of the same user is closed: the user stays. */
  join(channel: Channel): void {
    const older = this.#users.get(channel.userId)
    this.#users.set(channel.userId, channel)
    if (older !== undefined && older !== channel) older.close('replaced')
    for (const { call } of this.#agents.values()) call.userJoined(channel.userId)
  }

  /** A connection has closed; says whether its user is gone with it. */
  left(channel: Channel): void {
    if (this.#users.get(channel.userId) !== channel) return
    this.#users.delete(channel.userId)
    for (const { call } of this.#agents.values()) call.userLeft(channel.userId)
  }

  closeConnection(connectionId: string, reason: ChannelCloseReason): void {
    for (const channel of this.#users.values()) {
      if (channel.connectionId === connectionId) channel.close(reason)
    }
  }

  /** A user's message goes to the agent it names, or to all. */
  receive(userId: string, text: string): void {
    if (text.length > MESSAGE_LIMIT_CHARS || !this.#users.has(userId)) return
    const message = parseEnvelope(text)
    if (message === undefined) return
    const named = this.#agents.get(message.receiverId ?? '')
    const receivers = named === undefined ? [...this.#agents.values()] : [named]
    for (const { call } of receivers) call.receive(userId, message)
  }

  /** An agent's message goes to every user, or to one. */
  send(call: Call, message: Pick<Envelope, 'type' | 'data'>, userId?: string): void {
    const senderId = call.spec.agentUserId
    const agent = this.#agents.get(senderId)
    if (agent === undefined) return
    const seqId = agent.nextSeqId++
    for (const channel of this.#users.values()) {
      if (userId !== undefined && channel.userId !== userId) continue
      const envelope: Envelope = { ...message, seqId, senderId, receiverId: channel.userId }
      channel.sendMessage(JSON.stringify(envelope))
    }
  }

  /** The users' next 20 ms come to the agents. */
  hear(nowMs: number): void {
    const heard = mixInto(
      this.#heard,
      [...this.#users.values()].map((channel) => channel.readAudio(nowMs)),
    )
    for (const { call } of this.#agents.values()) call.hear(heard, nowMs)
  }

  /** The agents' next 20 ms go to the users. */
  speak(nowMs: number): void {
    const said = mixInto(
      this.#said,
      [...this.#agents.values()].map(({ call }) => call.speak()),
    )
    for (const channel of this.#users.values()) channel.writeAudio(said, nowMs)
  }
}

/** The sum of the frames that are there; a single one is passed on as it is. */
function mixInto(
  mix: Int16Array,
  frames: readonly (Int16Array | undefined)[],
): Int16Array | undefined {
  const sounding = frames.filter((frame) => frame !== undefined)
  if (sounding.length <= 1) return sounding[0]
  for (let index = 0; index < mix.length; index += 1) {
    let sum = 0
    for (const frame of sounding) sum += frame[index] ?? 0
    mix[index] = Math.max(-32_768, Math.min(32_767, sum))
  }
  return mix
}

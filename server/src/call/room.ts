import type { Channel, ChannelCloseReason } from '../ports/channel.ts'
import type { Leaving } from '../ports/signalling.ts'
import { ClientMessage, type Envelope } from '../schema/messages.ts'
import { mixInto } from '../media/mix.ts'
import { INPUT_FRAME_SAMPLES, OUTPUT_FRAME_SAMPLES } from '../media/pcm.ts'
import { Bridge } from './bridge.ts'
import type { Call } from './call.ts'
import { parseEnvelope } from './client-messages.ts'

/** Messages larger than this are not looked at. */
const MESSAGE_LIMIT_CHARS = 65_536

interface Agent {
  readonly call: Call
  /** Of the messages it sends. */
  nextSeqId: number
  /** What it says in this tick. */
  said: Int16Array | undefined
  /** Between the users and the human who has taken its place. */
  bridge: Bridge | undefined
}

/**
 * One channel: the users' connections and the agents (as a rule one of each). Every agent hears all users,
 * every user hears all agents. Users do not hear each other, but for a human in an agent's place.
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
    this.#agents.set(call.spec.agentUserId, {
      call,
      nextSeqId: 1,
      said: undefined,
      bridge: undefined,
    })
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

  /** A connection has closed; its user is gone with it, unless a newer connection is there. */
  left(channel: Channel, reason: ChannelCloseReason = 'lost'): void {
    if (this.#users.get(channel.userId) !== channel) return
    this.#users.delete(channel.userId)
    const isOnPurpose = reason === 'hang-up'
    for (const { call } of this.#agents.values()) call.userLeft(channel.userId, isOnPurpose)
  }

  /**
   * A user hangs up. What it wants ended ends also when its connection has just closed by itself, but not when the
   * user is here by a newer one.
   */
  hangUp({ userId, connectionId, isStop }: Leaving): void {
    const channel = this.#users.get(userId)
    if (channel !== undefined && channel.connectionId !== connectionId) return
    const stop = { type: ClientMessage.stop, data: {} }
    if (isStop) for (const { call } of this.#agents.values()) call.receive(userId, stop)
    channel?.close('hang-up')
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

  /** The users' next 20 ms come to the agents, and to the humans in their place. */
  hear(nowMs: number): void {
    const heard: Heard[] = []
    for (const channel of this.#users.values()) {
      heard.push({ userId: channel.userId, frame: channel.readAudio(nowMs) })
    }
    for (const agent of this.#agents.values()) {
      const { call } = agent
      const human = call.human
      const users =
        human === undefined ? heard : heard.filter(({ userId }) => userId !== human.userId)
      const mix = mixInto(this.#heard, users.map(frameOf))
      call.hear(mix, nowMs)
      if (human === undefined) agent.bridge = undefined
      else {
        const frame = heard.find(({ userId }) => userId === human.userId)?.frame
        call.hearHuman(frame, nowMs)
        agent.bridge ??= new Bridge(human)
        agent.bridge.carry({ fromUsers: mix, fromHuman: frame })
      }
    }
  }

  /** The agents' next 20 ms go to the users, with what the humans in their place say. */
  speak(nowMs: number): void {
    const sounds: (Int16Array | undefined)[] = []
    for (const agent of this.#agents.values()) {
      agent.said = agent.call.speak()
      sounds.push(agent.said, agent.bridge?.toUsers)
    }
    for (const channel of this.#users.values()) {
      const own = this.#inPlaceOf(channel.userId)
      const frames = own?.bridge === undefined ? sounds : [own.bridge.toHuman, audible(own)]
      channel.writeAudio(mixInto(this.#said, frames), nowMs)
    }
  }

  /** The agent whose place that human has taken. */
  #inPlaceOf(userId: string): Agent | undefined {
    for (const agent of this.#agents.values()) {
      if (agent.bridge?.human.userId === userId) return agent
    }
    return undefined
  }
}

interface Heard {
  readonly userId: string
  readonly frame: Int16Array | undefined
}
const frameOf = ({ frame }: Heard): Int16Array | undefined => frame

/** A human hears what the agent they stand in for says, but not their own words in its voice. */
const audible = ({ said, bridge }: Agent): Int16Array | undefined =>
  bridge?.human.voice === 'own' ? said : undefined

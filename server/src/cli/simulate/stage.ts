import type { Clock } from '../../base/clock.ts'
import { silentLog } from '../../base/log.ts'
import { simulatedIds } from '../../base/simulated-ids.ts'
import { AudioLoop } from '../../call/audio-loop.ts'
import { Call } from '../../call/call.ts'
import type { CallProviders } from '../../call/call-options.ts'
import { Room } from '../../call/room.ts'
import type { CallRecord } from '../../ports/call-record.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Sounds } from '../../ports/sounds.ts'
import type { ToolRunner } from '../../ports/tools.ts'
import type { SimulatedUser } from './simulated-user.ts'
import type { Timeline } from './timeline.ts'

const USER_ID = 'user'
const AGENT_USER_ID = 'agent'

/** One call with everything around it but a network: real call, room and audio loop. */
export class Stage {
  readonly timeline: Timeline
  /** What the call asked to be remembered. */
  readonly records: CallRecord[] = []
  readonly call: Call
  readonly #clock: Clock
  readonly #user: SimulatedUser
  readonly #startMs: number
  readonly #room = new Room('channel')
  readonly #loop: AudioLoop
  #channel: Channel | undefined
  #connections = 0
  #isOver = false

  constructor(options: {
    readonly clock: Clock
    readonly user: SimulatedUser
    readonly providers: CallProviders
    readonly tools: ToolRunner
    readonly sounds: Sounds
    /** JSON text of the effective configuration. */
    readonly agentConfig: string
    readonly seed: number
    readonly timeline: Timeline
  }) {
    const { clock, timeline } = options
    this.#clock = clock
    this.#user = options.user
    this.#startMs = clock.nowMs()
    this.timeline = timeline
    timeline.begin(clock.wallMs())
    const call: Call = new Call({
      spec: {
        instanceId: 'simulated',
        type: 'VoiceChat',
        agentId: 'simulated',
        channelId: 'channel',
        agentUserId: AGENT_USER_ID,
        agentConfig: options.agentConfig,
        providers: '{}',
        createdMs: clock.wallMs(),
        tokenLifeS: 3600,
      },
      providers: options.providers,
      tools: options.tools,
      sounds: options.sounds,
      clock,
      chance: simulatedIds(options.seed).chance,
      makeToken: (userId) => `token of ${userId}`,
      log: silentLog,
      events: {
        onRecord: (seq, records) => {
          for (const record of records) timeline.record(record, this.nowMs)
          this.records.push(...records)
          clock.after(0, () => call.stored(seq))
        },
        onMessage: (message, userId) => this.#room.send(call, message, userId),
        onEnd: () => {
          this.#isOver = true
          this.#room.removeCall(call)
        },
      },
    })
    this.call = call
    this.#room.addCall(call)
    this.#loop = new AudioLoop(clock, {
      onHear: (nowMs) => this.#room.hear(nowMs),
      onSpeak: (nowMs) => this.#room.speak(nowMs),
    })
    this.#loop.start()
  }

  /** Since the call's start. */
  get nowMs(): number {
    return this.#clock.nowMs() - this.#startMs
  }

  get isOver(): boolean {
    return this.#isOver
  }

  join(): void {
    this.#connections += 1
    const channel: Channel = {
      connectionId: `${USER_ID}-${this.#connections}`,
      userId: USER_ID,
      readAudio: (nowMs) => this.#user.frame(nowMs),
      writeAudio: (frame, nowMs) => this.timeline.hear(frame, nowMs - this.#startMs),
      sendMessage: (text) => {
        const { type, data } = JSON.parse(text) as {
          readonly type: number
          readonly data: Readonly<Record<string, unknown>>
        }
        this.timeline.receive(type, data, this.nowMs)
      },
      close: () => this.#room.left(channel),
    }
    this.#channel = channel
    this.#room.join(channel)
  }

  leave(reason: 'hang-up' | 'lost'): void {
    if (this.#channel !== undefined) this.#room.left(this.#channel, reason)
    this.#channel = undefined
  }

  /** A message of the user's client. */
  send(type: number, data: object): void {
    const envelope = { type, data, seqId: 1, senderId: USER_ID, receiverId: AGENT_USER_ID }
    this.#room.receive(USER_ID, JSON.stringify(envelope))
  }

  /** Frees everything, whether the call has ended or not. */
  close(): void {
    this.call.close()
    this.#loop.stop()
  }
}

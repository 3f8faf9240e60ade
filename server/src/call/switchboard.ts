import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { Channel, ChannelEvents } from '../ports/channel.ts'
import type { CallSpec, CommandRefusal } from '../ports/calls.ts'
import type { Recordings } from '../ports/recordings.ts'
import type { Sounds } from '../ports/sounds.ts'
import type { ToolRunner } from '../ports/tools.ts'
import type { Leaving } from '../ports/signalling.ts'
import type { CallPast, FromWorker, ToWorker } from '../ports/worker-protocol.ts'
import { AudioLoop } from './audio-loop.ts'
import { Call } from './call.ts'
import type { CallProviders } from './call-options.ts'
import { LiveRound } from './live-round.ts'
import { dialoguePast } from './records.ts'
import { Room } from './room.ts'

/** A command is answered once its records are stored; that it cannot be known is told after so long. */
const STORE_LIMIT_MS = 4000
/** The last message of a call gets so long to reach its client before the connection is closed. */
const LAST_MESSAGE_MS = 300

export interface ProviderRefusal {
  /** As on the wire. */
  readonly parameter: string
  readonly message: string
}

export interface SwitchboardOptions {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** The providers that a call asks for, by its agent's `Providers` and its configuration. */
  readonly providersFor: (spec: CallSpec) => Result<CallProviders, ProviderRefusal>
  readonly send: (message: FromWorker) => void
  readonly sounds?: Sounds
  readonly tools?: ToolRunner
  readonly recordings?: Recordings
  /** A new token of the call's channel for that user. */
  readonly makeToken: (spec: CallSpec, userId: string) => string
}

type CallStart = Extract<ToWorker, { readonly type: 'call-start' }>
type CallStop = Extract<ToWorker, { readonly type: 'call-stop' }>

/** All rooms and calls of one media worker, and the one timer that moves their sound. */
export class Switchboard {
  readonly #options: SwitchboardOptions
  readonly #rooms = new Map<string, Room>()
  readonly #calls = new Map<string, Call>()
  readonly #stopping = new Map<string, number[]>()
  readonly #loop: AudioLoop
  readonly #live: LiveRound

  constructor(options: SwitchboardOptions) {
    this.#options = options
    this.#live = new LiveRound(options.clock, (states) => options.send({ type: 'live', states }))
    this.#loop = new AudioLoop(options.clock, {
      onHear: (nowMs) => {
        for (const room of this.#rooms.values()) room.hear(nowMs)
      },
      onSpeak: (nowMs) => {
        for (const room of this.#rooms.values()) room.speak(nowMs)
      },
    })
  }

  close(): void {
    this.#loop.stop()
    this.#live.setOn(false)
    for (const call of this.#calls.values()) call.close()
  }

  /** Starts a call and answers the request. */
  start(request: CallStart): void {
    const { requestId } = request
    const started = this.#start(request.call, request.past)
    if (started.ok) this.#options.send({ type: 'reply', requestId })
    else this.#options.send({ type: 'refusal', requestId, code: 'unsupported', ...started.error })
  }

  /** Tells from now on what goes on in the calls, or no more. */
  watch(isOn: boolean): void {
    this.#live.setOn(isOn)
  }

  change(message: Extract<ToWorker, { readonly type: 'call-update' }>): void {
    this.#calls.get(message.instanceId)?.change(message)
  }

  stored(message: Extract<ToWorker, { readonly type: 'stored' }>): void {
    this.#calls.get(message.instanceId)?.stored(message.seq)
  }

  command(message: Extract<ToWorker, { readonly type: 'call-command' }>): void {
    const { requestId, instanceId } = message
    const { send, clock } = this.#options
    const refuse = (code: CommandRefusal): void =>
      send({ type: 'refusal', requestId, code, message: '' })
    const call = this.#calls.get(instanceId)
    const outcome = call === undefined ? fail('gone' as const) : call.command(message.command)
    if (!outcome.ok) return refuse(outcome.error)
    let isLate = false
    const cancel = clock.after(STORE_LIMIT_MS, () => {
      isLate = true
      refuse('not-stored')
    })
    call?.whenStored(() => {
      cancel()
      if (!isLate) send({ type: 'reply', requestId })
    })
  }

  /** Answers when the sound is there. */
  async play(message: Extract<ToWorker, { readonly type: 'call-sound' }>): Promise<void> {
    const { requestId, instanceId, url, interrupts } = message
    const gone = fail({ code: 'gone' as const, message: '' })
    const outcome = (await this.#calls.get(instanceId)?.play(url, interrupts)) ?? gone
    if (outcome.ok) this.#options.send({ type: 'reply', requestId })
    else this.#options.send({ type: 'refusal', requestId, ...outcome.error })
  }

  /** Answers when the call is over, or at once when it finishes its sentence first. */
  stop({ requestId, instanceId, reason }: CallStop): void {
    const call = this.#calls.get(instanceId)
    call?.stop(reason)
    if (call?.isOver === true && this.#calls.has(instanceId)) {
      this.#stopping.set(instanceId, [...(this.#stopping.get(instanceId) ?? []), requestId])
    } else this.#options.send({ type: 'reply', requestId })
  }

  /** What a new connection of a user has to be given, so that it joins its channel when it opens. */
  join(
    channelId: string,
    userId: string,
  ): Result<
    { readonly events: ChannelEvents; readonly opened: (channel: Channel) => void },
    string
  > {
    const room = this.#rooms.get(channelId)
    if (room === undefined) return fail('There is no call in this channel.')
    let channel: Channel | undefined
    let isOpen = false
    const enter = (): void => {
      if (channel === undefined || !isOpen) return
      if (this.#rooms.get(channelId) === room) room.join(channel)
      else channel.close('ended')
    }
    const events: ChannelEvents = {
      onOpen: () => {
        isOpen = true
        enter()
      },
      onMessage: (text) => room.receive(userId, text),
      onClose: (reason) => {
        isOpen = false
        if (channel !== undefined) room.left(channel, reason)
      },
    }
    const opened = (given: Channel): void => {
      channel = given
      enter()
    }
    return ok({ events, opened })
  }

  hangUp(leaving: Leaving): void {
    this.#rooms.get(leaving.channelId)?.hangUp(leaving)
  }

  #start(spec: CallSpec, past: CallPast | undefined): Result<void, ProviderRefusal> {
    const { clock, log, send, sounds, tools, recordings } = this.#options
    const providers = this.#options.providersFor(spec)
    if (!providers.ok) return providers
    const { instanceId } = spec
    const room = this.#rooms.get(spec.channelId) ?? new Room(spec.channelId)
    const wallOffsetMs = clock.wallMs() - clock.nowMs()
    const call: Call = new Call({
      spec,
      providers: providers.value,
      makeToken: (userId) => this.#options.makeToken(spec, userId),
      chance: () => this.#options.ids.chance(),
      clock,
      log,
      ...(sounds === undefined ? {} : { sounds }),
      ...(tools === undefined ? {} : { tools }),
      ...(recordings === undefined ? {} : { recordings }),
      ...(past === undefined ? {} : { past: dialoguePast(past, wallOffsetMs) }),
      events: {
        onRecord: (seq, records) => {
          this.#live.note(instanceId, records)
          send({ type: 'record', instanceId, seq, records })
        },
        onMessage: (message, userId) => room.send(call, message, userId),
        onEnd: () => this.#onEnd(call, room),
      },
    })
    this.#calls.set(instanceId, call)
    this.#live.add(instanceId, call.scene, past)
    this.#rooms.set(spec.channelId, room)
    room.addCall(call)
    this.#loop.start()
    return ok(undefined)
  }

  #onEnd(call: Call, room: Room): void {
    const { clock, send } = this.#options
    const { instanceId } = call.spec
    this.#calls.delete(instanceId)
    this.#live.remove(instanceId)
    send({ type: 'call-ended', instanceId })
    for (const requestId of this.#stopping.get(instanceId) ?? []) send({ type: 'reply', requestId })
    this.#stopping.delete(instanceId)
    room.retire(call)
    if (room.isEmpty) this.#rooms.delete(room.channelId)
    if (this.#rooms.size === 0) this.#loop.stop()
    clock.after(LAST_MESSAGE_MS, () => room.removeCall(call))
  }
}

import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { Action, DialogueEvent, EndReason, Timer } from '../dialogue/events.ts'
import { initialState, type DialoguePast, type DialogueState } from '../dialogue/state.ts'
import { step } from '../dialogue/step.ts'
import type { AsrProvider } from '../ports/asr.ts'
import type { CallRecord } from '../ports/call-record.ts'
import type { CallCommand, CallSpec } from '../ports/calls.ts'
import type { LlmProvider } from '../ports/llm.ts'
import type { ProviderError } from '../ports/provider-error.ts'
import type { TtsProvider } from '../ports/tts.ts'
import type { VadProvider } from '../ports/vad.ts'
import { ClientMessage, ServerMessage, type Envelope } from '../schema/messages.ts'
import { agentMessage } from './agent-messages.ts'
import { clientEvent, isNeedy } from './client-messages.ts'
import { Ear } from './ear.ts'
import { liveChange, REFUSED } from './live-changes.ts'
import { LiveSettings } from './live-settings.ts'
import { Outbox } from './outbox.ts'
import { playoutEvents, thinkingEvents, type Now } from './provider-events.ts'
import { recordOf } from './records.ts'
import { SoftVoice } from './soft-voice.ts'
import { Speaking } from './speaking.ts'
import { Thinking } from './thinking.ts'

export interface CallProviders {
  readonly asr: AsrProvider
  readonly llm: LlmProvider
  readonly tts: TtsProvider
  readonly vad: VadProvider
}

export interface CallEvents {
  /** Asks for records to be stored; answered by `Call.stored(seq)`. */
  onRecord(seq: number, records: readonly CallRecord[]): void
  /** A message for the channel's users, or for one of them. */
  onMessage(message: Pick<Envelope, 'type' | 'data'>, userId?: string): void
  /** The call is over, everything stored and told. Once. */
  onEnd(): void
}

/** A call that is over waits so long for its last records to be stored. */
const LAST_WORDS_LIMIT_MS = 2000

/** One running call: carries out what the engine asks for and tells it what happened. */
export class Call {
  readonly spec: CallSpec
  readonly #clock: Clock
  readonly #log: Log
  readonly #providers: CallProviders
  readonly #events: CallEvents
  readonly #chance: () => number
  readonly #makeToken: (userId: string) => string
  readonly #outbox: Outbox
  readonly #thinking: Thinking
  readonly #speaking: Speaking
  readonly #softVoice: SoftVoice
  readonly #timers = new Map<Timer, () => void>()
  readonly #queue: DialogueEvent[] = []
  readonly #wallOffsetMs: number
  readonly #now: Now = (event) => this.#happen(event(this.#clock.nowMs()))
  readonly #live: LiveSettings
  readonly #ear: Ear
  #userData: string | undefined
  #state: DialogueState
  #isStepping = false
  #isClosed = false

  constructor(options: {
    readonly spec: CallSpec
    readonly providers: CallProviders
    readonly clock: Clock
    readonly log: Log
    readonly events: CallEvents
    readonly past?: DialoguePast
    /** A number in [0, 1), for what is left to chance. */
    readonly chance: () => number
    /** A new token of this call's channel for that user. */
    readonly makeToken: (userId: string) => string
  }) {
    const { spec, providers, clock } = options
    this.spec = spec
    this.#clock = clock
    this.#log = options.log.with({ instanceId: spec.instanceId })
    this.#providers = providers
    this.#events = options.events
    this.#chance = options.chance
    this.#makeToken = options.makeToken
    this.#wallOffsetMs = clock.wallMs() - clock.nowMs()
    this.#userData = spec.userData
    this.#outbox = new Outbox({
      store: (seq, records) => this.#events.onRecord(seq, records),
      send: (message, userId) => this.#events.onMessage(message, userId),
    })
    this.#live = this.#openSettings()
    this.#state = initialState(this.#live.now.dialogue, options.past)
    this.#thinking = this.#openThinking()
    this.#speaking = this.#openSpeaking()
    this.#softVoice = new SoftVoice(providers.tts)
    this.#ear = this.#openEar()
    this.#warnOfUnknownVoice()
    this.#happen({ type: 'agent-ready', atMs: clock.nowMs() })
  }

  get isOver(): boolean {
    return this.#state.isOver
  }

  userJoined(userId: string): void {
    this.#happen({ type: 'user-join', atMs: this.#clock.nowMs(), userId })
  }

  userLeft(userId: string): void {
    this.#happen({ type: 'user-leave', atMs: this.#clock.nowMs(), userId })
  }

  /** A user's message to this agent. */
  receive(userId: string, message: Pick<Envelope, 'type' | 'data'>): void {
    const change = liveChange(message)
    if (change?.ok === true) {
      if (!this.#isClosed && !this.isOver) this.#live.patch(message.type, change.value)
    } else if (change !== undefined) this.#refuse(message.type, change.error)
    else if (message.type === ClientMessage.requestToken) this.#renewToken(userId)
    else {
      const event = clientEvent(message, this.#clock.nowMs())
      if (event) this.#happen(event)
      else if (isNeedy(message.type)) this.#refuse(message.type, 'its data are malformed')
    }
  }

  /** The user's next 20 ms; `undefined` when nothing comes. */
  hear(frame: Int16Array | undefined, nowMs: number): void {
    if (!this.#isClosed) this.#ear.write(frame, nowMs)
  }

  /** The agent's next 20 ms; `undefined` when it is silent. */
  speak(): Int16Array | undefined {
    return this.#isClosed ? undefined : this.#softVoice.mixInto(this.#speaking.next())
  }

  /** Changes the running call; `agentConfig` is its whole effective configuration (JSON text). */
  change(change: { readonly agentConfig?: string; readonly userData?: string }): void {
    if (change.userData !== undefined) this.#userData = change.userData
    if (change.agentConfig !== undefined && !this.#isClosed) this.#live.replace(change.agentConfig)
  }

  /** A fresh token for the same channel and user. */
  #renewToken(userId: string): void {
    const token = this.#makeToken(userId)
    this.#outbox.tell(ServerMessage.newToken, { token }, userId)
  }

  #refuse(type: number, reason: string): void {
    this.#outbox.tell(ServerMessage.error, { code: REFUSED, message: `message ${type}: ${reason}` })
  }

  /** What somebody outside wants. */
  command(command: CallCommand): Result<void, 'gone' | 'nobody-there'> {
    if (this.isOver || this.#state.leaving !== undefined) return fail('gone')
    switch (command.type) {
      case 'speech': {
        const { text, interrupts } = command
        this.#now((atMs) => ({ type: 'agent-speech', atMs, text, interrupts }))
        return ok(undefined)
      }
      case 'text':
        this.#now((atMs) => ({ type: 'text-input', atMs, text: command.text, interrupts: true }))
        return ok(undefined)
      case 'custom-message':
        if (this.#state.users.length === 0) return fail('nobody-there')
        this.#outbox.tell(ServerMessage.custom, { message: command.message })
        return ok(undefined)
    }
  }

  stop(reason: EndReason): void {
    this.#happen({ type: 'stop', atMs: this.#clock.nowMs(), reason })
  }

  /** The records up to `seq` are durable. */
  stored(seq: number): void {
    this.#outbox.stored(seq)
    if (this.isOver) this.#closeWhenTold()
  }

  /** Frees everything at once. May be called twice. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    this.#thinking.cancel()
    this.#speaking.close()
    this.#softVoice.stop()
    this.#ear.close()
    this.#events.onEnd()
  }

  /** Runs the engine; what comes of its actions meanwhile is queued, so that it never runs in itself. */
  #happen(event: DialogueEvent): void {
    if (this.#isClosed) return
    this.#queue.push(event)
    if (this.#isStepping) return
    this.#isStepping = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { state, actions } = step(this.#state, next)
      this.#state = state
      this.#record(actions)
      for (const action of actions) this.#carryOut(action)
    }
    this.#isStepping = false
    if (this.isOver) this.#closeWhenTold()
  }

  /** What a step wants remembered goes out as one piece, before what it wants told. */
  #record(actions: readonly Action[]): void {
    const records = actions.flatMap((action) => recordOf(action, this.#wallOffsetMs))
    this.#outbox.record(records)
  }

  #carryOut(action: Action): void {
    switch (action.type) {
      case 'timer-set':
        return this.#setTimer(action.timer, action.atMs)
      case 'timer-clear':
        this.#timers.get(action.timer)?.()
        this.#timers.delete(action.timer)
        return
      case 'ear-mode':
        return this.#ear.setMode(action.mode)
      case 'asr-flush':
        return this.#ear.flush(action.flushId)
      case 'asr-reset':
        return this.#ear.reset()
      case 'reply-start':
        return this.#startReply(action)
      case 'reply-cancel':
        return this.#thinking.cancel()
      case 'segment-speak':
        return this.#speaking.speak(action.segmentId, action.text)
      case 'backchannel-say':
        return this.#softVoice.say(action.text, this.#live.now)
      case 'speech-cancel':
        // First in line: nothing else may happen before it is known what was said.
        this.#queue.unshift({
          type: 'speech-cancelled',
          atMs: this.#clock.nowMs(),
          ...this.#speaking.cancel(),
        })
        return
      case 'playout-level':
        return this.#speaking.setLevel(action.level)
      case 'tell-phase':
      case 'tell-user-subtitle':
      case 'tell-agent-subtitle':
      case 'tell-reply-complete':
      case 'tell-interrupted':
      case 'tell-push-to-talk':
      case 'tell-leaving': {
        const { type, data } = agentMessage(action)
        return this.#outbox.tell(type, data)
      }
      case 'note-executing':
      case 'note-sentence':
      case 'note-turn':
      case 'end':
        return
    }
  }

  #setTimer(timer: Timer, atMs: number): void {
    this.#timers.get(timer)?.()
    const delayMs = Math.max(0, atMs - this.#clock.nowMs())
    const cancel = this.#clock.after(delayMs, () => {
      this.#timers.delete(timer)
      this.#happen({ type: 'timer-fire', atMs: this.#clock.nowMs(), timer, chance: this.#chance() })
    })
    this.#timers.set(timer, cancel)
  }

  #startReply(action: Extract<Action, { readonly type: 'reply-start' }>): void {
    const { instanceId, channelId } = this.spec
    const userData = this.#userData === undefined ? {} : { userData: this.#userData }
    this.#thinking.start(action.replyId, {
      messages: action.messages,
      extendData: { instanceId, channelId, sentenceId: action.turnId, ...userData },
      extraQuery: this.#live.now.extraQuery,
    })
  }

  #openSettings(): LiveSettings {
    const { tts } = this.#providers
    return new LiveSettings({
      spec: this.spec,
      outbox: this.#outbox,
      voices: { all: tts.voices, byDefault: tts.defaultVoiceId },
      wallMs: () => this.#clock.wallMs(),
      onChange: (settings) => {
        this.#speaking.setVoice(settings)
        const atMs = this.#clock.nowMs()
        this.#happen({ type: 'settings-change', atMs, settings: settings.dialogue })
      },
    })
  }

  #openThinking(): Thinking {
    const { llm } = this.#providers
    const onFault = ({ message }: ProviderError): void =>
      this.#log.warn('llm failed', { provider: llm.name, reason: message })
    return new Thinking(llm, thinkingEvents(this.#now, onFault))
  }

  #openSpeaking(): Speaking {
    const { tts } = this.#providers
    return new Speaking({
      tts,
      voice: this.#live.now,
      events: playoutEvents(this.#now),
      onError: (message) => this.#log.warn('tts failed', { provider: tts.name, reason: message }),
    })
  }

  #openEar(): Ear {
    const { asr, vad } = this.#providers
    return new Ear({
      asr,
      vad,
      settings: () => this.#live.now,
      mode: this.#state.earMode,
      now: this.#now,
      onBroken: ({ part, message, faults, isLast }) => {
        this.#log.warn('ear broken', { part, reason: message, faults })
        if (!isLast || this.isOver) return
        this.#outbox.tell(ServerMessage.error, { code: 4005, message: 'speech recognition failed' })
        this.stop('error')
      },
    })
  }

  #warnOfUnknownVoice(): void {
    const { voiceId } = this.#live.now
    const { tts } = this.#providers
    if (voiceId === '' || tts.voices.includes(voiceId)) return
    this.#log.warn('unknown voice, the default one speaks', { voiceId, provider: tts.name })
  }

  /** Ends the call once its last words are stored and told, or when that takes too long. */
  #closeWhenTold(): void {
    if (this.#isClosed) return
    if (this.#outbox.isEmpty) return this.close()
    if (this.#timers.size > 0) return
    const cancel = this.#clock.after(LAST_WORDS_LIMIT_MS, () => this.close())
    this.#timers.set('farewell', cancel)
  }
}

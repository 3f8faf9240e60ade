import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { Action, DialogueEvent, EndReason, Timer } from '../dialogue/events.ts'
import { initialState, type DialogueState } from '../dialogue/state.ts'
import { step } from '../dialogue/step.ts'
import { isHuman } from '../dialogue/takeover.ts'
import type { CallCommand, CallSpec, CommandRefusal, SoundRefusal } from '../ports/calls.ts'
import { ClientMessage, ServerMessage, type Envelope } from '../schema/messages.ts'
import { agentMessage, type Telling } from './agent-messages.ts'
import { CallSound } from './call-sound.ts'
import { CallbackNews } from './callback-news.ts'
import type { Human } from './bridge.ts'
import type { CallEvents, CallOptions, CallProviders } from './call-options.ts'
import { clientEvent, isCustom, isNeedy, mayComeFromHuman } from './client-messages.ts'
import { commandEvent, commandRefusal } from './commands.ts'
import { Ear } from './ear.ts'
import { HumanEar } from './human-ear.ts'
import { liveChange, REFUSED } from './live-changes.ts'
import { LiveSettings } from './live-settings.ts'
import { sceneOf, type Scene } from './live-view.ts'
import { Mind } from './mind.ts'
import { modelJudge } from './model-judge.ts'
import { Outbox } from './outbox.ts'
import type { Hear, Now } from './provider-events.ts'
import { recordOf } from './records.ts'
import { Trace } from './trace.ts'

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
  readonly #news: CallbackNews
  readonly #mind: Mind
  readonly #sound: CallSound
  readonly #timers = new Map<Timer, () => void>()
  readonly #queue: DialogueEvent[] = []
  readonly #wallOffsetMs: number
  readonly #now: Now = (event) => this.#happen(event(this.#clock.nowMs()))
  readonly #live: LiveSettings
  readonly #trace: Trace
  readonly #ear: Ear
  readonly #humanEar = new HumanEar(() => this.#openHumanEar())
  /** What those who look on may see. */
  readonly scene = (): Scene => sceneOf(this.#state)
  #userData: string | undefined
  #state: DialogueState
  #isStepping = false
  #isClosed = false

  constructor(options: CallOptions) {
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
    const told = { outbox: this.#outbox, events: this.#events, isOver: () => this.isOver }
    this.#news = new CallbackNews({ channelId: spec.channelId, clock, ...told })
    this.#live = this.#openSettings()
    this.#state = initialState(this.#live.now.dialogue, options.past)
    this.#trace = new Trace({
      wallOffsetMs: this.#wallOffsetMs,
      wallMs: clock.wallMs(),
      settings: this.#live.now.dialogue,
      past: options.past,
      config: () => this.#live.agentConfig,
    })
    this.#mind = this.#openMind(options.tools)
    this.#sound = this.#openSound(options)
    this.#ear = this.#openEar(this.#now, () => this.#onDeaf())
    void this.#sound.fetchOpening()
    this.#happen({ type: 'agent-ready', atMs: clock.nowMs() })
  }

  get isOver(): boolean {
    return this.#state.isOver
  }

  userJoined(userId: string): void {
    this.#happen({ type: 'user-join', atMs: this.#clock.nowMs(), userId })
  }

  /** `isOnPurpose`: the user hung up. */
  userLeft(userId: string, isOnPurpose = false): void {
    this.#happen({ type: 'user-leave', atMs: this.#clock.nowMs(), userId, isOnPurpose })
  }

  /** Who has taken the agent's place, while connected. */
  get human(): Human | undefined {
    return this.#state.takeover?.phase === 'here' ? this.#state.takeover : undefined
  }

  /** A user's message to this agent. */
  receive(userId: string, message: Pick<Envelope, 'type' | 'data'>): void {
    if (isHuman(this.#state, userId) && !mayComeFromHuman(message.type)) {
      return this.#refuse(message.type, 'it cannot come from a human in the agent’s place', userId)
    }
    if (this.human?.userId === userId && message.type === ClientMessage.stop) {
      return this.stop('takeover-ended')
    }
    const change = liveChange(message)
    if (change?.ok === true) {
      if (!this.#isClosed && !this.isOver) this.#live.patch(message.type, change.value)
    } else if (change !== undefined) this.#refuse(message.type, change.error)
    else if (message.type === ClientMessage.requestToken) this.#renewToken(userId)
    else if (message.type === ClientMessage.customToServer && isCustom(message.data)) {
      this.#news.custom(message.data.message)
    } else {
      const event = clientEvent(message, this.#clock.nowMs())
      if (event) this.#happen(event)
      else if (isNeedy(message.type)) this.#refuse(message.type, 'its data are malformed')
    }
  }

  /** The user's next 20 ms; `undefined` when nothing comes. */
  hear(frame: Int16Array | undefined, nowMs: number): void {
    if (this.#isClosed) return
    this.#sound.heard(frame, nowMs)
    this.#ear.write(frame, nowMs)
  }

  /** The next 20 ms of the human who has taken the agent's place. */
  hearHuman(frame: Int16Array | undefined, nowMs: number): void {
    this.#humanEar.write(frame, nowMs)
  }

  /** The agent's next 20 ms; `undefined` when it is silent. */
  speak(): Int16Array | undefined {
    return this.#isClosed ? undefined : this.#sound.next()
  }

  /** Changes the running call; `agentConfig` is its whole effective configuration (JSON text). */
  change(change: { readonly agentConfig?: string; readonly userData?: string }): void {
    if (change.userData !== undefined) {
      this.#userData = change.userData
      this.#sound.setUserData(change.userData)
    }
    if (change.agentConfig !== undefined && !this.#isClosed) this.#live.replace(change.agentConfig)
  }

  /** A fresh token for the same channel and user. */
  #renewToken(userId: string): void {
    const token = this.#makeToken(userId)
    this.#outbox.tell(ServerMessage.newToken, { token }, userId)
  }

  #refuse(type: number, reason: string, userId?: string): void {
    const message = `message ${type}: ${reason}`
    this.#outbox.tell(ServerMessage.error, { code: REFUSED, message }, userId)
  }

  /** What somebody outside wants. */
  command(command: CallCommand): Result<void, CommandRefusal> {
    const refusal = commandRefusal(this.#state, command)
    if (refusal !== undefined) return fail(refusal)
    if (command.type === 'custom-message') {
      this.#outbox.tell(ServerMessage.custom, { message: command.message })
    } else {
      const { takeoverVoice } = this.#live.now
      this.#now((atMs) => commandEvent(command, { atMs, takeoverVoice }))
    }
    return ok(undefined)
  }

  /** Has a sound fetched and played in the place of words. */
  async play(url: string, interrupts: boolean): Promise<Result<void, SoundRefusal>> {
    const refusal = commandRefusal(this.#state, { type: 'speech', text: url, interrupts })
    if (refusal !== undefined) return fail({ code: refusal, message: '' })
    const played = await this.#sound.play(url, interrupts)
    if (!played.ok) return fail({ code: 'bad-sound', message: played.error })
    return this.isOver ? fail({ code: 'gone', message: '' }) : ok(undefined)
  }

  stop(reason: EndReason): void {
    this.#happen({ type: 'stop', atMs: this.#clock.nowMs(), reason })
  }

  /** The records up to `seq` are durable. */
  stored(seq: number): void {
    this.#outbox.stored(seq)
    if (this.isOver) this.#closeWhenTold()
  }

  /** Calls `keep` once all that the call has recorded so far is durable, or the call closed. */
  whenStored(keep: () => void): void {
    if (this.#isClosed) keep()
    else this.#outbox.whenStored(keep)
  }

  /** Frees everything at once. May be called twice. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    this.#mind.close()
    this.#sound.close()
    this.#ear.close()
    this.#humanEar.close()
    this.#outbox.close()
    this.#events.onEnd()
  }

  /** Runs the engine; what comes of its actions meanwhile is queued, so that it never runs in itself. */
  #happen(event: DialogueEvent): void {
    if (this.#isClosed) return
    this.#queue.push(event)
    if (this.#isStepping) return
    this.#isStepping = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const entering = this.#trace.enter(next)
      const { state, actions } = step(this.#state, entering)
      if (!this.isOver) this.#trace.add(entering, actions)
      this.#state = state
      this.#record(entering, actions)
      for (const action of actions) this.#carryOut(action)
    }
    this.#isStepping = false
    if (this.isOver) this.#closeWhenTold()
  }

  /** What a step wants remembered goes out as one piece, before what it wants told. */
  #record(event: DialogueEvent, actions: readonly Action[]): void {
    this.#sound.note(actions, event.atMs)
    const records = actions.flatMap((action) => recordOf(action, this.#wallOffsetMs))
    this.#outbox.record(this.#trace.recordWith([...this.#news.of(event, actions), ...records]))
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
      case 'reply-cancel':
      case 'tool-run':
      case 'judge-start':
      case 'judge-cancel':
        return this.#mind.carryOut(action)
      case 'segment-speak':
        return this.#sound.speak(action, this.#state.speech?.turnId)
      case 'backchannel-say':
        return this.#sound.saySoftly(action.text)
      case 'speech-cancel':
        // First in line: nothing else may happen before it is known what was said.
        this.#queue.unshift({
          type: 'speech-cancelled',
          atMs: this.#clock.nowMs(),
          ...this.#sound.cancel(),
        })
        return
      case 'playout-level':
        return this.#sound.setLevel(action.level)
      case 'tell-phase':
      case 'tell-user-subtitle':
      case 'tell-agent-subtitle':
      case 'tell-reply-complete':
      case 'tell-interrupted':
      case 'tell-push-to-talk':
      case 'tell-takeover-starting':
      case 'tell-takeover-connected':
      case 'tell-leaving':
        return this.#tell(action)
      case 'human-ear':
        return this.#humanEar.setOpen(action.isOpen)
      case 'human-asr-flush':
        return this.#humanEar.flush(action.flushId)
      case 'human-asr-reset':
        return this.#humanEar.reset()
      case 'note-takeover':
      case 'note-executing':
      case 'note-sentence':
      case 'note-turn':
      case 'note-first-token':
      case 'note-decision':
      case 'end':
        return
    }
  }

  #tell(action: Telling): void {
    const { type, data } = agentMessage(action, this.#live.now.sensitiveWords)
    this.#outbox.tell(type, data, 'toUserId' in action ? action.toUserId : undefined)
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

  #openSettings(): LiveSettings {
    const { tts } = this.#providers
    return new LiveSettings({
      spec: this.spec,
      outbox: this.#outbox,
      voices: { all: tts.voices, byDefault: tts.defaultVoiceId },
      wallMs: () => this.#clock.wallMs(),
      onChange: (settings) => {
        this.#sound.change(settings)
        this.#ear.settingsChanged()
        const atMs = this.#clock.nowMs()
        this.#happen({ type: 'settings-change', atMs, settings: settings.dialogue })
      },
    })
  }

  #openMind(tools: CallOptions['tools']): Mind {
    const { llm, turnJudge: judge = modelJudge(llm) } = this.#providers
    const outside = { llm: this.#news.watchLlm(llm), judge, tools, log: this.#log, now: this.#now }
    const settings = () => this.#live.now
    return new Mind({ ...outside, spec: this.spec, settings, userData: () => this.#userData })
  }

  #openSound(options: CallOptions): CallSound {
    return new CallSound({
      ...options,
      ...this.#news.watchSound(options),
      settings: this.#live.now,
      wallOffsetMs: this.#wallOffsetMs,
      hasBegun: this.#state.hasBegun,
      now: this.#now,
      log: this.#log,
    })
  }

  #openEar(now: Hear, onDeaf: () => void, mode = this.#state.earMode): Ear {
    return new Ear({
      instanceId: this.spec.instanceId,
      ...this.#providers,
      onUnknownLanguage: (reason) => this.#log.warn('the language stays as it was', { reason }),
      settings: () => this.#live.now,
      mode,
      now,
      onBroken: ({ part, message, faults, isLast }) => {
        this.#log.warn('ear broken', { part, reason: message, faults })
        this.#news.providerFailed(part, this.#providers[part].name)
        if (isLast && !this.isOver) onDeaf()
      },
    })
  }

  #onDeaf(): void {
    this.#news.asrFailed()
    this.#outbox.tell(ServerMessage.error, { code: 4005, message: 'speech recognition failed' })
    this.stop('error')
  }

  #openHumanEar(): Ear {
    const hear: Hear = (event) =>
      this.#now((atMs) => ({ type: 'human-heard', atMs, heard: event(atMs) }))
    // A human's own voice goes on without a transcript; the agent's voice has nothing to say then.
    const onDeaf = (): void => {
      if (this.#state.takeover?.voice === 'agent') this.#onDeaf()
    }
    return this.#openEar(hear, onDeaf, 'vad')
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

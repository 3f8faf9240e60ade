import { AgentCommands } from './agent-commands.ts'
import { tellAgentMessage } from './agent-events.ts'
import { readAgentMessage, type AgentMessage, type Subtitle } from './agent-message.ts'
import { answerDelay } from './answer-delay.ts'
import { CallError } from './call-error.ts'
import type { CallEndCause, CallEvents, ConnectionStatus } from './call-events.ts'
import { Emitter } from './emitter.ts'
import { browserEnvironment, sleep, type Environment } from './environment.ts'
import { watchLink } from './link-watch.ts'
import type { JoinOptions } from './join-options.ts'
import { ClientMessage } from './message-numbers.ts'
import type { PeerLink } from './peer-link.ts'
import { reconnect } from './reconnect.ts'
import { deleteConnection, exchangeOffer } from './signalling.ts'
import type { Speaker } from './speaker.ts'
import { withAllEnded, withInterruption, withSubtitle, type SubtitleLine } from './subtitles.ts'
import { talkKey, type TalkKey } from './talk-key.ts'
import { TokenKeeper } from './token-keeper.ts'
import { VoiceInput } from './voice-input.ts'

const VOLUME_EVERY_MS = 80
/** So long the server may take to close the connection by itself when it has been told to hang up. */
const HANG_UP_GRACE_MS = 500
/** An agent that says goodbye may finish its sentence (10 s); past this we leave by ourselves. */
const LEAVE_LIMIT_MS = 12_000

/** One call with an agent: sound both ways, subtitles and commands. It is joined once and ends once. */
export class AntiphonCall extends AgentCommands {
  readonly #environment: Environment
  readonly #emitter = new Emitter<CallEvents>()
  readonly #aborter = new AbortController()
  readonly #talkKey: TalkKey
  readonly #input: VoiceInput
  readonly #token: TokenKeeper
  readonly #answerDelay = answerDelay()
  #status: ConnectionStatus = 'idle'
  #joining: JoinOptions | undefined
  #agentUserId: string | undefined
  #speaker: Speaker | undefined
  #link: PeerLink | undefined
  #location = ''
  #sequenceId = 0
  #beganAtMs: number | undefined
  #lines: readonly SubtitleLine[] = []
  #leaving: Extract<AgentMessage, { type: 'leaving' }> | undefined
  #isMuted = false
  #isPushToTalk = false
  #isPressed = false
  #isHungUp = false
  #isEnded = false
  #releases: (() => void)[] = []

  constructor(environment: Environment = browserEnvironment) {
    super()
    this.#environment = environment
    this.#input = new VoiceInput({
      environment,
      onChange: ({ stream, deviceId, label }, cause) => {
        void this.#link?.replaceMicrophone(stream)
        this.#emitter.emit('microphoneChanged', { deviceId, label, cause })
      },
      onLost: (error) => this.#emitter.emit('errorOccurred', { error }),
    })
    this.#token = new TokenKeeper({
      environment,
      onWillExpire: () => {
        this.#emitter.emit('authInfoWillExpire', {})
        if (this.#joining?.renewsToken !== false) this.requestRTCToken()
      },
      onExpired: () => this.#emitter.emit('authInfoExpired', {}),
    })
    this.#talkKey = talkKey({
      onStart: () => this.#talk(true, ClientMessage.talkStart),
      onFinish: () => this.#talk(false, ClientMessage.talkFinish),
      onCancel: () => this.#talk(false, ClientMessage.talkCancel),
      after: (delayMs, fire) => environment.after(delayMs, fire),
    })
  }

  /** Calls `listener` at every such event, until the function returned is called. */
  on<Name extends keyof CallEvents>(
    name: Name,
    listener: (event: CallEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener)
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  get subtitles(): readonly SubtitleLine[] {
    return this.#lines
  }

  /** The same as `join`, by the vendor's name. */
  call(options: JoinOptions): Promise<void> {
    return this.join(options)
  }

  /** Opens the microphone, joins the channel, and returns when both ends are connected. Throws CallError. */
  async join(options: JoinOptions): Promise<void> {
    if (this.#joining !== undefined) throw new TypeError('join may be called once')
    this.#joining = options
    this.#token.use(options.token)
    this.#agentUserId = options.agentUserId
    this.#setStatus('connecting')
    try {
      await this.#input.open(options.microphone)
      this.#checkWanted()
      this.#prepare()
      await this.#connect()
      this.#checkWanted()
    } catch (error) {
      this.#release()
      this.#setStatus('disconnected')
      throw error
    }
    this.#begin(options.channelId)
  }

  /** Ends the call. It is over for the listeners at once; the promise says when the server knows. */
  async handup(): Promise<void> {
    if (this.#isEnded) return
    this.#isHungUp = true
    this.#aborter.abort()
    this.stopAgent()
    if (this.#beganAtMs !== undefined) await this.#end('hang-up')
  }

  /** Sends silence instead of the microphone. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted
    this.#applyMicrophone()
  }

  muteAgentAudioPlaying(isMuted: boolean): void {
    this.#speaker?.setMuted(isMuted)
  }

  /** Lets the sound through after `playbackBlocked`; call it from a click. */
  resumePlayback(): void {
    this.#speaker?.resume()
  }

  /** Speaks into another microphone from now on, one of `listMicrophones`. Throws CallError. */
  switchMicrophone(deviceId: string): Promise<void> {
    return this.#input.choose(deviceId)
  }

  /** Asks for push-to-talk or for free talking. `pushToTalkChanged` follows. */
  enablePushToTalk(isOn: boolean): boolean {
    this.#talkKey.cancel()
    return this.send(ClientMessage.pushToTalk, { enable: isOn })
  }

  startPushToTalk(): void {
    if (this.#isPushToTalk) this.#talkKey.press()
  }

  finishPushToTalk(): void {
    this.#talkKey.release()
  }

  /** Throws away what was said since the press. */
  cancelPushToTalk(): void {
    this.#talkKey.cancel()
  }

  /** `newRTCToken` follows; a later reconnect uses the new token. */
  requestRTCToken(): boolean {
    return this.send(ClientMessage.requestToken, { userId: this.#joining?.userId ?? '' })
  }

  /** Uses another token at the next reconnect, as one that a program has made. */
  updateToken(token: string): void {
    this.#token.use(token)
  }

  #begin(channelId: string): void {
    this.#beganAtMs = this.#environment.nowMs()
    this.#setStatus('connected')
    this.#emitter.emit('callBegin', { channelId })
    this.#emitter.emit('agentStarted', {})
    this.#emitter.emit('agentDataChannelAvailable', {})
    this.#token.watch()
    this.#every(VOLUME_EVERY_MS, () => {
      const userVolume = this.#input.volume()
      const agentVolume = this.#speaker?.volume() ?? 0
      this.#tellLatency(this.#answerDelay.agentSounded(agentVolume, this.#environment.nowMs()))
      this.#emitter.emit('speakingVolumeChanged', { userVolume, agentVolume })
    })
  }

  #prepare(): void {
    this.#speaker = this.#environment.openSpeaker(() => this.#emitter.emit('playbackBlocked', {}))
    this.#releases.push(this.#environment.onPageHide(() => this.#leavePage()))
  }

  /** A page that goes away runs nothing later, so all goodbyes leave at once. */
  #leavePage(): void {
    void this.handup()
    void this.#goodbye()
  }

  async #connect(): Promise<void> {
    const { baseUrl, channelId } = this.#joining as JoinOptions
    const microphone = this.#input.stream as MediaStream
    const { signal } = this.#aborter
    const address = { baseUrl, channelId, token: this.#token.now }
    const link = await this.#environment.openLink({
      microphone,
      signal,
      answer: async (sdp) => {
        const answer = await exchangeOffer(this.#environment.fetch, { address, sdp, signal })
        this.#location = answer.location
        return answer.sdp
      },
      events: {
        onMessage: (text) => this.#onMessage(text),
        onSound: (stream) => this.#speaker?.play(stream),
        onEnd: (reason) => {
          if (reason === 'closed') this.#location = ''
          // An older connection's end means nothing: a newer one has taken its place.
          if (this.#link === link) this.#onLinkEnd(reason)
        },
      },
    })
    this.#link = link
    const { stream } = this.#input
    if (stream !== undefined && stream !== microphone) void link.replaceMicrophone(stream)
    watchLink(link, {
      environment: this.#environment,
      isCurrent: () => !this.#isEnded && this.#link === link,
      onSilent: () => void this.queryCurrentAgentState(),
      onLost: () => this.#onLinkEnd('lost'),
    })
  }

  #onLinkEnd(reason: 'closed' | 'lost'): void {
    this.#link?.close()
    this.#link = undefined
    if (this.#isEnded || this.#beganAtMs === undefined) return
    if (this.#leaving !== undefined) void this.#end('agent-left')
    else if (reason === 'closed') void this.#end('closed-by-server')
    else void this.#reconnect()
  }

  async #reconnect(): Promise<void> {
    this.#setStatus('reconnecting')
    const outcome = await reconnect({
      connect: () => this.#connect(),
      sleep: (delayMs) => sleep(this.#environment, delayMs),
      nowMs: () => this.#environment.nowMs(),
      isWanted: () => !this.#isEnded,
    })
    if (this.#isEnded) {
      this.#link?.close()
      return this.#goodbye()
    }
    if (outcome !== 'connected') return this.#end(outcome)
    this.#setStatus('connected')
    this.#emitter.emit('agentDataChannelAvailable', {})
    this.queryCurrentAgentState()
    // What was asked for before the connection broke has not come.
    this.#token.watch()
  }

  #onMessage(json: string): void {
    const received = readAgentMessage(json)
    if (received === undefined || this.#isEnded) return
    this.#agentUserId ??= received.senderId
    if (received.senderId === this.#agentUserId) this.#obey(received.message)
  }

  /** First what it changes here, then the listeners are told. */
  #obey(message: AgentMessage): void {
    switch (message.type) {
      case 'subtitle':
        this.#onSubtitle(message.subtitle)
        break
      case 'new-token':
        this.updateToken(message.token)
        break
      case 'push-to-talk':
        this.#isPushToTalk = message.isOn
        this.#isPressed = false
        this.#applyMicrophone()
        break
      case 'leaving':
        this.#leaving = message
        this.#releases.push(
          this.#environment.after(LEAVE_LIMIT_MS, () => void this.#end('agent-left')),
        )
        break
      case 'interrupted':
        this.#setLines(withInterruption(this.#lines))
    }
    tellAgentMessage(this.#emitter, message)
  }

  #onSubtitle(subtitle: Subtitle): void {
    this.#setLines(withSubtitle(this.#lines, subtitle))
    if (subtitle.isHidden || subtitle.text.trim() === '') return
    const nowMs = this.#environment.nowMs()
    if (subtitle.speaker === 'agent') this.#tellLatency(this.#answerDelay.agentSaid(nowMs))
    else if (subtitle.isEnd) this.#answerDelay.userEnded(nowMs)
  }

  #tellLatency(answerDelayMs: number | undefined): void {
    if (answerDelayMs === undefined) return
    const tell = (roundTripMs: number | undefined): void =>
      this.#emitter.emit('latencyStats', { answerDelayMs, roundTripMs })
    void this.#link?.roundTripMs().then(tell)
  }

  #setLines(lines: readonly SubtitleLine[]): void {
    if (lines === this.#lines) return
    this.#lines = lines
    this.#emitter.emit('subtitlesChanged', { lines })
  }

  #talk(isPressed: boolean, type: number): void {
    this.#isPressed = isPressed
    this.#applyMicrophone()
    this.send(type)
  }

  #applyMicrophone(): void {
    const isOpen = this.#isPushToTalk ? this.#isPressed : !this.#isMuted
    this.#input.setOpen(isOpen)
  }

  protected send(type: number, data: Readonly<Record<string, unknown>> = {}): boolean {
    if (this.#link === undefined) return false
    this.#sequenceId += 1
    const envelope = {
      type,
      seqId: this.#sequenceId,
      senderId: this.#joining?.userId ?? '',
      receiverId: this.#agentUserId ?? '',
      data,
    }
    return this.#link.send(JSON.stringify(envelope))
  }

  async #end(cause: CallEndCause): Promise<void> {
    if (this.#isEnded) return
    const durationMs = this.#environment.nowMs() - (this.#beganAtMs ?? 0)
    const leaveReason = this.#leaving?.reason
    const link = this.#link
    this.#link = undefined
    this.#release()
    this.#setStatus('disconnected')
    this.#emitter.emit('callEnd', { cause, durationMs, leaveReason })
    if (link !== undefined) await sleep(this.#environment, HANG_UP_GRACE_MS)
    await this.#goodbye()
    link?.close()
  }

  #goodbye(): Promise<void> {
    const location = this.#location
    this.#location = ''
    const leaving = { location, token: this.#token.now, isStop: this.#isHungUp }
    return deleteConnection(this.#environment.fetch, leaving)
  }

  /** Frees all but the link, which a goodbye may still need. */
  #release(): void {
    this.#isEnded = true
    for (const release of this.#releases.splice(0)) release()
    this.#token.close()
    this.#input.close()
    this.#speaker?.close()
    if (this.#beganAtMs !== undefined) return
    this.#link?.close()
    void this.#goodbye()
  }

  #checkWanted(): void {
    if (this.#aborter.signal.aborted) throw new CallError('cancelled')
  }

  #setStatus(status: ConnectionStatus): void {
    if (status === this.#status) return
    this.#status = status
    if (status !== 'connected') this.#setLines(withAllEnded(this.#lines))
    this.#emitter.emit('connectionStatusChange', { status })
  }

  #every(periodMs: number, fire: () => void): void {
    if (this.#isEnded) return
    fire()
    this.#environment.after(periodMs, () => this.#every(periodMs, fire))
  }
}

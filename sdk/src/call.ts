import { readAgentMessage, type AgentMessage, type Subtitle } from './agent-message.ts'
import { CallError } from './call-error.ts'
import type { CallEndCause, CallEvents, ConnectionStatus } from './call-events.ts'
import { Emitter } from './emitter.ts'
import { browserEnvironment, type Environment } from './environment.ts'
import { watchLink } from './link-watch.ts'
import { ClientMessage } from './message-numbers.ts'
import type { Microphone } from './microphone.ts'
import type { PeerLink } from './peer-link.ts'
import { reconnect } from './reconnect.ts'
import { deleteConnection, exchangeOffer } from './signalling.ts'
import type { Speaker } from './speaker.ts'
import { withAllEnded, withInterruption, withSubtitle, type SubtitleLine } from './subtitles.ts'
import { talkKey, type TalkKey } from './talk-key.ts'

export interface JoinOptions {
  /** The server; `''` is the one that the page came from. */
  readonly baseUrl: string
  /** As `GenerateAIAgentCall` answered. */
  readonly channelId: string
  readonly userId: string
  readonly token: string
  /** Messages of others are ignored; without it, of all but the first sender. */
  readonly agentUserId?: string
  /** An open microphone, which the call owns from now on; without it one is opened. */
  readonly microphone?: Microphone
}

const VOLUME_EVERY_MS = 80
/** So long the server may take to close the connection by itself when it has been told to hang up. */
const HANG_UP_GRACE_MS = 500
/** An agent that says goodbye may finish its sentence (10 s); past this we leave by ourselves. */
const LEAVE_LIMIT_MS = 12_000

/** One call with an agent: sound both ways, subtitles and commands. It is joined once and ends once. */
export class AntiphonCall {
  readonly #environment: Environment
  readonly #emitter = new Emitter<CallEvents>()
  readonly #aborter = new AbortController()
  readonly #talkKey: TalkKey
  #status: ConnectionStatus = 'idle'
  #joining: JoinOptions | undefined
  #token = ''
  #agentUserId: string | undefined
  #microphone: Microphone | undefined
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
  #isEnded = false
  #releases: (() => void)[] = []

  constructor(environment: Environment = browserEnvironment) {
    this.#environment = environment
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

  /** Opens the microphone, joins the channel, and returns when both ends are connected. Throws CallError. */
  async join(options: JoinOptions): Promise<void> {
    if (this.#joining !== undefined) throw new TypeError('join may be called once')
    this.#joining = options
    this.#token = options.token
    this.#agentUserId = options.agentUserId
    this.#microphone = options.microphone
    this.#setStatus('connecting')
    try {
      this.#microphone ??= await this.#environment.openMicrophone()
      this.#checkWanted()
      this.#prepare(this.#microphone)
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
    this.#aborter.abort()
    this.#send(ClientMessage.stop)
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

  /** Cuts the agent off. All of these return false when there is no connection just now. */
  interruptSpeaking(): boolean {
    return this.#send(ClientMessage.interrupt)
  }

  /** Lets the user's voice cut the agent off, or not. `voiceInterruptChanged` follows. */
  enableVoiceInterrupt(isOn: boolean): boolean {
    return this.#send(ClientMessage.voiceInterrupt, { enable: isOn })
  }

  /** Asks for push-to-talk or for free talking. `pushToTalkChanged` follows. */
  enablePushToTalk(isOn: boolean): boolean {
    this.#talkKey.cancel()
    return this.#send(ClientMessage.pushToTalk, { enable: isOn })
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

  /** Says something in writing; the agent stops what it was saying, unless told to finish it. */
  sendTextToAgent(text: string, { isInterrupting = true } = {}): boolean {
    return this.#send(ClientMessage.text, { text, enableInterrupt: isInterrupting ? 1 : 0 })
  }

  /** `agentStateChanged` follows. */
  queryCurrentAgentState(): boolean {
    return this.#send(ClientMessage.queryState)
  }

  /** `newRTCToken` follows; a later reconnect uses the new token. */
  requestRTCToken(): boolean {
    return this.#send(ClientMessage.requestToken, { userId: this.#joining?.userId ?? '' })
  }

  #begin(channelId: string): void {
    this.#beganAtMs = this.#environment.nowMs()
    this.#setStatus('connected')
    this.#emitter.emit('callBegin', { channelId })
    this.#emitter.emit('agentDataChannelAvailable', {})
    this.#every(VOLUME_EVERY_MS, () => {
      const userVolume = this.#microphone?.meter.volume() ?? 0
      const agentVolume = this.#speaker?.volume() ?? 0
      this.#emitter.emit('speakingVolumeChanged', { userVolume, agentVolume })
    })
  }

  #prepare(microphone: Microphone): void {
    this.#speaker = this.#environment.openSpeaker(() => this.#emitter.emit('playbackBlocked', {}))
    this.#releases.push(this.#environment.onPageHide(() => this.#leavePage()))
    for (const track of microphone.stream.getAudioTracks())
      track.addEventListener('ended', () => {
        if (!this.#isEnded) this.#report(new CallError('microphone-lost'))
      })
    this.#applyMicrophone()
  }

  /** A page that goes away runs nothing later, so all goodbyes leave at once. */
  #leavePage(): void {
    void this.handup()
    void this.#goodbye()
  }

  async #connect(): Promise<void> {
    const { baseUrl, channelId } = this.#joining as JoinOptions
    const microphone = this.#microphone as Microphone
    const { signal } = this.#aborter
    const address = { baseUrl, channelId, token: this.#token }
    const link = await this.#environment.openLink({
      microphone: microphone.stream,
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
      sleep: (delayMs) => this.#sleep(delayMs),
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
  }

  #onMessage(json: string): void {
    const received = readAgentMessage(json)
    if (received === undefined || this.#isEnded) return
    this.#agentUserId ??= received.senderId
    if (received.senderId === this.#agentUserId) this.#obey(received.message)
  }

  #obey(message: AgentMessage): void {
    switch (message.type) {
      case 'error':
        return this.#report(
          new CallError('agent-failed', `${message.code} ${message.message}`.trim()),
        )
      case 'state':
        return this.#emitter.emit('agentStateChanged', { state: message.state })
      case 'subtitle':
        return this.#onSubtitle(message.subtitle)
      case 'voice-interrupt':
        return this.#emitter.emit('voiceInterruptChanged', { isOn: message.isOn })
      case 'new-token':
        this.#token = message.token
        return this.#emitter.emit('newRTCToken', { token: message.token })
      case 'push-to-talk':
        return this.#onPushToTalk(message.isOn)
      case 'leaving':
        this.#leaving = message
        this.#releases.push(
          this.#environment.after(LEAVE_LIMIT_MS, () => void this.#end('agent-left')),
        )
        return this.#emitter.emit('agentWillLeave', message)
      case 'interrupted':
        this.#setLines(withInterruption(this.#lines))
        return this.#emitter.emit('speakingInterrupted', { reason: message.reason })
      case 'reply-complete':
        return this.#emitter.emit('llmReplyCompleted', message)
    }
  }

  #onSubtitle(subtitle: Subtitle): void {
    this.#setLines(withSubtitle(this.#lines, subtitle))
    if (subtitle.isHidden) return
    const { text, sentenceId, isEnd } = subtitle
    const name = subtitle.speaker === 'agent' ? 'agentSubtitleNotify' : 'userSubtitleNotify'
    this.#emitter.emit(name, { text, sentenceId, isEnd })
  }

  #setLines(lines: readonly SubtitleLine[]): void {
    if (lines === this.#lines) return
    this.#lines = lines
    this.#emitter.emit('subtitlesChanged', { lines })
  }

  #onPushToTalk(isOn: boolean): void {
    this.#isPushToTalk = isOn
    this.#isPressed = false
    this.#applyMicrophone()
    this.#emitter.emit('pushToTalkChanged', { isOn })
  }

  #talk(isPressed: boolean, type: number): void {
    this.#isPressed = isPressed
    this.#applyMicrophone()
    this.#send(type)
  }

  #applyMicrophone(): void {
    const isOpen = this.#isPushToTalk ? this.#isPressed : !this.#isMuted
    for (const track of this.#microphone?.stream.getAudioTracks() ?? []) track.enabled = isOpen
  }

  #send(type: number, data: Readonly<Record<string, unknown>> = {}): boolean {
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
    if (link !== undefined) await this.#sleep(HANG_UP_GRACE_MS)
    await this.#goodbye()
    link?.close()
  }

  #goodbye(): Promise<void> {
    const location = this.#location
    this.#location = ''
    return deleteConnection(this.#environment.fetch, { location, token: this.#token })
  }

  /** Frees all but the link, which a goodbye may still need. */
  #release(): void {
    this.#isEnded = true
    for (const release of this.#releases.splice(0)) release()
    this.#microphone?.close()
    this.#speaker?.close()
    if (this.#beganAtMs !== undefined) return
    this.#link?.close()
    void this.#goodbye()
  }

  #checkWanted(): void {
    if (this.#aborter.signal.aborted) throw new CallError('cancelled')
  }

  #report(error: CallError): void {
    this.#emitter.emit('errorOccurred', { error })
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

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#environment.after(delayMs, resolve))
  }
}

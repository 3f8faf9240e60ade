import {
  AntiphonCall,
  CallError,
  listMicrophones,
  openMicrophone,
  type Microphone,
  type MicrophoneChoice,
  type MicrophoneDevice,
} from 'antiphon-client'
import type { ApiFailure } from '../base/api.ts'
import { signedOut } from '../base/session.ts'
import { keep, recall } from '../base/value.ts'
import { generateCall, listAgents, type CallTicket } from './calls.ts'
import { apiProblem, callProblem, endProblem } from './problems.ts'
import { FIRST_VIEW, preferredAgentId, reduce, type View, type ViewEvent } from './view.ts'

/** What the desk needs of the browser; a test hands in its own. */
export interface DeskParts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly createCall: () => AntiphonCall
  readonly openMicrophone: (choice: MicrophoneChoice) => Promise<Microphone>
  readonly listMicrophones: () => Promise<readonly MicrophoneDevice[]>
  readonly isSecure: boolean
  nowMs(): number
  readAgentId(): string | null
  keepAgentId(agentId: string): void
  readMicrophoneId(): string | null
  keepMicrophoneId(deviceId: string): void
}

export interface Volumes {
  readonly userVolume: number
  readonly agentVolume: number
}

/** Where calls are made: holds the call, the microphone, and what the page shows of them. */
export class CallDesk {
  readonly #parts: DeskParts
  readonly #viewListeners = new Set<(view: View) => void>()
  #view: View = FIRST_VIEW
  #call: AntiphonCall | undefined
  #microphone: Microphone | undefined
  #instanceId: string | undefined
  #lastInstanceId: string | undefined
  #volumes: Volumes = { userVolume: 0, agentVolume: 0 }

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  get view(): View {
    return this.#view
  }

  /** The call under way, as the API names it. */
  get instanceId(): string | undefined {
    return this.#instanceId
  }

  /** The call before, once it has ended; the one that runs until then. */
  get lastInstanceId(): string | undefined {
    return this.#lastInstanceId
  }

  /** How loud each side is now, from 0 to 255. */
  volumes(): Volumes {
    const meter = this.#microphone?.meter
    if (this.#call === undefined && meter !== undefined)
      return { userVolume: meter.volume(), agentVolume: 0 }
    return this.#volumes
  }

  /** Calls `listener` at every change, until the function returned is called. */
  onView(listener: (view: View) => void): () => void {
    this.#viewListeners.add(listener)
    return () => void this.#viewListeners.delete(listener)
  }

  async load(): Promise<void> {
    this.#tell({ type: 'load-start' })
    const answer = await listAgents(this.#parts.fetch)
    if (!answer.ok) return this.#onLoadFailure(answer.failure)
    const agentId = preferredAgentId(answer.value, this.#parts.readAgentId())
    this.#tell({ type: 'load-end', agents: answer.value, agentId })
    if (!this.#parts.isSecure)
      this.#tell({ type: 'problem-change', problem: callProblem('insecure-context') })
  }

  chooseAgent(agentId: string): void {
    this.#parts.keepAgentId(agentId)
    this.#tell({ type: 'agent-choose', agentId })
  }

  /** Opens the microphone before a call, so that its level shows. True when it is open. */
  async checkMicrophone(): Promise<boolean> {
    try {
      if (this.#microphone !== undefined && isUnplugged(this.#microphone)) {
        this.#microphone.close()
        this.#microphone = undefined
      }
      const deviceId = this.#parts.readMicrophoneId() ?? ''
      this.#microphone ??= await this.#parts.openMicrophone({ deviceId })
      this.#tell({ type: 'microphone-choose', deviceId: this.#microphone.deviceId })
      this.#tell({ type: 'microphone-change', isOpen: true })
      this.#tell({ type: 'problem-change', problem: undefined })
      void this.#listMicrophones()
      return true
    } catch (error) {
      const problem = problemOf(error)
      this.#tell({ type: 'problem-change', problem })
      return false
    }
  }

  /** Speaks into that microphone from now on, in a call too. */
  async chooseMicrophone(deviceId: string): Promise<void> {
    this.#parts.keepMicrophoneId(deviceId)
    this.#tell({ type: 'microphone-choose', deviceId })
    if (this.#call === undefined) {
      this.#microphone?.close()
      this.#microphone = undefined
      await this.checkMicrophone()
    } else
      await this.#call
        .switchMicrophone(deviceId)
        .catch((error: unknown) =>
          this.#tell({ type: 'problem-change', problem: problemOf(error) }),
        )
  }

  /** Calls the chosen agent. The microphone comes first: without it no call is made at the server. */
  async startCall(): Promise<void> {
    this.#tell({ type: 'call-start' })
    if (!(await this.checkMicrophone())) {
      return this.#tell({ type: 'call-fail', problem: this.#view.problem })
    }
    const answer = await generateCall(this.#parts.fetch, this.#view.agentId)
    if (!answer.ok) return this.#onCallFailure(answer.failure)
    await this.#join(answer.value)
  }

  hangUp(): void {
    void this.#call?.handup()
  }

  toggleMute(): void {
    const isMuted = !this.#view.isMuted
    this.#call?.mute(isMuted)
    this.#tell({ type: 'mute-change', isMuted })
  }

  interrupt(): void {
    this.#call?.interruptSpeaking()
  }

  togglePushToTalk(): void {
    this.#call?.enablePushToTalk(!this.#view.isPushToTalk)
  }

  startTalking(): void {
    if (!this.#view.isPushToTalk || this.#view.isTalking) return
    this.#call?.startPushToTalk()
    this.#tell({ type: 'talk-change', isTalking: true })
  }

  finishTalking(): void {
    if (!this.#view.isTalking) return
    this.#call?.finishPushToTalk()
    this.#tell({ type: 'talk-change', isTalking: false })
  }

  cancelTalking(): void {
    if (!this.#view.isTalking) return
    this.#call?.cancelPushToTalk()
    this.#tell({ type: 'talk-change', isTalking: false })
  }

  /** False when there is no connection just now. */
  sendText(text: string): boolean {
    return this.#call?.sendTextToAgent(text) ?? false
  }

  resumePlayback(): void {
    this.#call?.resumePlayback()
    this.#tell({ type: 'playback-change', isBlocked: false })
  }

  closeProblem(): void {
    this.#tell({ type: 'problem-change', problem: undefined })
  }

  async #join(ticket: CallTicket): Promise<void> {
    const call = this.#parts.createCall()
    const microphone = this.#microphone
    // From here on the call owns the microphone, and closes it.
    this.#microphone = undefined
    this.#call = call
    this.#instanceId = ticket.instanceId
    this.#lastInstanceId = ticket.instanceId
    this.#listen(call)
    try {
      await call.join({ baseUrl: '', ...ticket, ...(microphone && { microphone }) })
    } catch (error) {
      this.#forgetCall()
      this.#tell({ type: 'call-fail', problem: problemOf(error) })
    }
  }

  #listen(call: AntiphonCall): void {
    call.on('callBegin', () => this.#tell({ type: 'call-begin', atMs: this.#parts.nowMs() }))
    call.on('connectionStatusChange', ({ status }) =>
      this.#tell({ type: 'connection-change', status }),
    )
    call.on('agentStateChanged', ({ state }) => this.#tell({ type: 'state-change', state }))
    call.on('subtitlesChanged', ({ lines }) => this.#tell({ type: 'lines-change', lines }))
    call.on('pushToTalkChanged', ({ isOn }) => this.#tell({ type: 'push-to-talk-change', isOn }))
    call.on('agentWillLeave', () => this.#tell({ type: 'leave-start' }))
    call.on('humanTakeoverWillStart', () => this.#tell({ type: 'takeover-start' }))
    call.on('humanTakeoverConnected', () => this.#tell({ type: 'takeover-connect' }))
    call.on('receivedAgentCustomMessage', ({ message }) =>
      this.#tell({ type: 'custom-message', text: message }),
    )
    call.on('microphoneChanged', ({ deviceId }) => {
      this.#tell({ type: 'microphone-choose', deviceId })
      if (this.#view.problem?.name === 'microphone-lost') this.closeProblem()
      void this.#listMicrophones()
    })
    call.on('playbackBlocked', () => this.#tell({ type: 'playback-change', isBlocked: true }))
    call.on('speakingVolumeChanged', (volumes) => {
      this.#volumes = volumes
    })
    call.on('errorOccurred', ({ error }) =>
      this.#tell({ type: 'problem-change', problem: problemOf(error) }),
    )
    call.on('callEnd', ({ cause, durationMs, leaveReason }) => {
      this.#forgetCall()
      this.#tell({ type: 'call-end', durationMs, problem: endProblem(cause, leaveReason) })
    })
  }

  async #listMicrophones(): Promise<void> {
    const microphones = await this.#parts.listMicrophones().catch(() => [])
    this.#tell({ type: 'microphones-change', microphones })
  }

  #forgetCall(): void {
    this.#call = undefined
    this.#instanceId = undefined
    this.#volumes = { userVolume: 0, agentVolume: 0 }
    this.#tell({ type: 'microphone-change', isOpen: false })
  }

  #signOut(): void {
    this.#tell({ type: 'sign-out' })
    signedOut()
  }

  #onLoadFailure(failure: ApiFailure): void {
    if (failure.type === 'signed-out') this.#signOut()
    else this.#tell({ type: 'load-fail', problem: apiProblem(failure) })
  }

  #onCallFailure(failure: ApiFailure): void {
    if (failure.type === 'signed-out') this.#signOut()
    else this.#tell({ type: 'call-fail', problem: apiProblem(failure) })
  }

  #tell(event: ViewEvent): void {
    this.#view = reduce(this.#view, event)
    for (const listener of this.#viewListeners) listener(this.#view)
  }
}

function isUnplugged({ stream }: Microphone): boolean {
  return stream.getAudioTracks().every(({ readyState }) => readyState === 'ended')
}

function problemOf(error: unknown) {
  if (error instanceof CallError) return callProblem(error.code, error.reason)
  return callProblem('refused', error instanceof Error ? error.message : '')
}

export function browserParts(): DeskParts {
  return {
    fetch: (url, init) => fetch(url, init),
    createCall: () => new AntiphonCall(),
    openMicrophone,
    listMicrophones,
    isSecure: isSecureContext,
    nowMs: () => performance.now(),
    readAgentId: () => recall('agent'),
    keepAgentId: (agentId) => keep('agent', agentId),
    readMicrophoneId: () => recall('microphone'),
    keepMicrophoneId: (deviceId) => keep('microphone', deviceId),
  }
}

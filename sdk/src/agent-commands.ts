import { ClientMessage } from './message-numbers.ts'

type Data = Readonly<Record<string, unknown>>

/** Pictures of the user's camera for the agent to look at, while the conversation by voice rests. */
export interface VisionCapture {
  /** What the agent is asked about the pictures. */
  readonly text?: string
  /** `single`: once; `continuous`: every `eachDuration` seconds until `duration` has passed. */
  readonly mode?: 'single' | 'continuous'
  /** How long pictures are taken for one question, in s. */
  readonly eachDuration?: number
  /** How many pictures a question has. */
  readonly num?: number
  /** Of all of it, in s; counts in `continuous` only. */
  readonly duration?: number
  /** JSON text that goes to the model with the pictures. */
  readonly userData?: string
  /** Ask what the user says in the meantime instead of `text`. */
  readonly enableASR?: boolean
}

/** What the vendor's clients send when nothing else is said. */
const CAPTURE_DEFAULTS = {
  text: '',
  mode: 'single',
  eachDuration: 5,
  num: 2,
  duration: 100,
  userData: '{}',
} as const

/**
 * What a client may tell the agent in a call. Each command gives back false when it could not be sent because
 * there is no connection just now; what the agent made of it comes as the event that is named.
 */
export abstract class AgentCommands {
  /** Sends one message; false when there is no connection. */
  protected abstract send(type: number, data?: Data): boolean

  /** Cuts the agent off. `speakingInterrupted` follows. */
  interruptSpeaking(): boolean {
    return this.send(ClientMessage.interrupt)
  }

  /** Has the agent leave, which ends the call: `agentWillLeave`, then `callEnd`. */
  stopAgent(): boolean {
    return this.send(ClientMessage.stop)
  }

  /** Lets the user's voice cut the agent off, or not. `voiceInterruptChanged` follows. */
  enableVoiceInterrupt(isOn: boolean): boolean {
    return this.send(ClientMessage.voiceInterrupt, { enable: isOn })
  }

  /** Another voice, from the agent's next sentence on. `voiceIdChanged` follows. */
  switchVoiceId(voiceId: string): boolean {
    return this.send(ClientMessage.switchVoice, { voiceId })
  }

  /** Says something in writing; the agent stops what it was saying, unless told to finish it. */
  sendTextToAgent(text: string, { isInterrupting = true } = {}): boolean {
    return this.send(ClientMessage.text, { text, enableInterrupt: isInterrupting ? 1 : 0 })
  }

  /** Something for the program behind the agent, which gets it as the callback `client_defined_data`. */
  sendCustomMessageToServer(message: string): boolean {
    return this.send(ClientMessage.customToServer, { message })
  }

  /** The instructions of the model, from the next question on; not empty. */
  updateLlmSystemPrompt(prompt: string): boolean {
    return this.send(ClientMessage.systemPrompt, { prompt })
  }

  /** Parameters of the model's application, from the next question on. */
  updateBailianAppParams(params: Data): boolean {
    return this.send(ClientMessage.appParams, { params: JSON.stringify(params) })
  }

  /** What to look for in the user's picture, as `VcrConfig`. `receivedAgentVcrResult` may follow. */
  updateVcrConfig(config: Data): boolean {
    return this.send(ClientMessage.visualChecks, config)
  }

  /** The silence that ends what the user says, in ms. */
  updateAsrMaxSilence(silenceMs: number): boolean {
    return this.send(ClientMessage.maxSilence, { asrMaxSilence: silenceMs })
  }

  /** How fast the agent speaks, from 0.5 to 2, from its next sentence on; 1 is its usual pace. */
  updateTtsSpeechRate(speechRate: number): boolean {
    return this.send(ClientMessage.speechRate, { speechRate })
  }

  /** Listens to the enrolled speaker only, or to everybody. `voiceprintChanged` follows. */
  enableVoiceprint(isOn: boolean): boolean {
    return this.send(ClientMessage.useVoiceprint, { enable: isOn })
  }

  /** Forgets who the main speaker is. `voiceprintCleared` follows. */
  clearVoiceprint(): boolean {
    return this.send(ClientMessage.clearVoiceprint)
  }

  /** Has the agent look at the user's camera. `visionCustomCaptureChanged` follows. */
  startVisionCustomCapture(capture: VisionCapture = {}): boolean {
    return this.send(ClientMessage.customCaptureStart, { ...CAPTURE_DEFAULTS, ...capture })
  }

  /** `visionCustomCaptureChanged` follows. */
  stopVisionCustomCapture(): boolean {
    return this.send(ClientMessage.customCaptureStop)
  }

  /** `agentStateChanged` follows. */
  queryCurrentAgentState(): boolean {
    return this.send(ClientMessage.queryState)
  }
}

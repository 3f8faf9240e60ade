/** How one caller of a benchmark behaves. */
export interface CallerPlan {
  /** Of the WebSocket, token included. */
  readonly address: string
  /** When in each 20 ms it sends: microphones of different people do not tick together. */
  readonly phaseMs: number
  /** Before it first speaks. */
  readonly delayMs: number
  readonly speakMs: number
  /** How long it listens to an answer before it speaks into it; after a recording, before the next. */
  readonly listenMs: number
  /** `AsrMaxSilence` of the agent. */
  readonly silenceMs: number
  /** A WAV file of 16 kHz to play instead of turns of a tone. */
  readonly recording?: string
}

/** What a caller has seen from outside. */
export interface CallerReport {
  /** From the last loud frame sent and `silenceMs` to the first loud frame of the answer received. */
  readonly firstAudioMs: number[]
  /** From the first loud frame sent into an answer to the first frame of it that came lowered… */
  readonly loweredMs: number[]
  /** …and to its last that could be heard. */
  readonly stoppedMs: number[]
  /** Between frames received. */
  readonly gapsMs: number[]
  /** Turns without an answer. */
  missed: number
  heardFrames: number
  loudFrames: number
}

export type ToLoad =
  | { readonly type: 'connect'; readonly plans: readonly CallerPlan[] }
  | { readonly type: 'measure' }
  | { readonly type: 'report' }
  | { readonly type: 'end' }

export type FromLoad =
  | { readonly type: 'connected' }
  | { readonly type: 'reports'; readonly reports: readonly CallerReport[] }

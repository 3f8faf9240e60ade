import type { ProviderError } from './provider-error.ts'

/** Speech synthesis. */
export interface TtsProvider {
  readonly name: string
  /** Values of `TtsConfig.VoiceId` it has. */
  readonly voices: readonly string[]
  /** Speaks when the voice asked for is not among `voices`. */
  readonly defaultVoiceId: string
  /** Requests of one call are spoken in order; a second may be made before the first has ended. */
  speak(request: TtsRequest, events: TtsEvents): TtsStream
}

export interface TtsRequest {
  readonly text: string
  readonly voiceId: string
  /** 0.5 … 2.0; 1 is the voice's own pace. */
  readonly speechRate: number
  /** How to say it, as `TtsConfig` has it, for providers that know such things; others leave it. */
  readonly style?: TtsStyle
  /** Where it is said, for interfaces that pass that on to the model. */
  readonly extendData?: TtsExtendData
}

export interface TtsStyle {
  /** `TtsConfig.ModelId`. */
  readonly modelId?: string
  /** `TtsConfig.LanguageId`: `English`, `Chinese,Yue`, `auto`, … */
  readonly languageId?: string
  /** `TtsConfig.Emotion`: `happy`, `sad`, `calm`, … */
  readonly emotion?: string
}

export interface TtsExtendData {
  readonly instanceId: string
  readonly channelId: string
  /** The turn; absent for what belongs to none. */
  readonly sentenceId?: number
  readonly userData?: string
}

/** Any number of `onAudio` and `onMark`, then one of `onEnd` and `onError`; nothing after `cancel`, and
 * nothing while `speak` runs. */
export interface TtsEvents {
  /** The next piece of sound, of any length, mono. The receiver may keep it. */
  onAudio(pcm: Int16Array, sampleRateHz: number): void
  /** The first `chars` UTF-16 units of the text have been spoken `atMs` after the start of the sound.
   * Optional, ascending; without marks the text is taken to run evenly. */
  onMark(chars: number, atMs: number): void
  onEnd(): void
  onError(error: ProviderError): void
}

export interface TtsStream {
  /** Gives the speech up. May be called twice, and after the end. */
  cancel(): void
}

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

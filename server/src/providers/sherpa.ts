import { createRequire } from 'node:module'

/** The part of `sherpa-onnx-node` that is used here; its own types lack `mergedDecoder`. */
export interface Sherpa {
  readonly Vad: new (config: object, bufferSeconds: number) => SherpaVad
  readonly OfflineRecognizer: new (config: object) => SherpaRecognizer
  readonly OnlineRecognizer: new (config: object) => SherpaOnlineRecognizer
  readonly OfflineTts: new (config: object) => SherpaTts
}

export interface SherpaVad {
  acceptWaveform(samples: Float32Array): void
  isDetected(): boolean
  isEmpty(): boolean
  pop(): void
  reset(): void
}

export interface SherpaRecognizer {
  createStream(): SherpaStream
  decode(stream: SherpaStream): void
  getResult(stream: SherpaStream): { readonly text: string }
}

export interface SherpaStream {
  acceptWaveform(sound: { readonly samples: Float32Array; readonly sampleRate: number }): void
}

export interface SherpaOnlineRecognizer {
  createStream(): SherpaOnlineStream
  isReady(stream: SherpaOnlineStream): boolean
  decode(stream: SherpaOnlineStream): void
  getResult(stream: SherpaOnlineStream): { readonly text: string }
}

export interface SherpaOnlineStream extends SherpaStream {
  inputFinished(): void
}

export interface SherpaTts {
  readonly numSpeakers: number
  generate(request: {
    readonly text: string
    readonly sid: number
    readonly speed: number
    /** False: the samples are copied, and may be handed on to another thread. */
    readonly enableExternalBuffer: boolean
  }): { readonly samples: Float32Array; readonly sampleRate: number }
}

/** Loads native code: only in a thread of its own. */
export function loadSherpa(): Sherpa {
  return createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa
}

/** Samples as models want them, −1 … 1. */
export function toFloat(pcm: Int16Array): Float32Array {
  const samples = new Float32Array(pcm.length)
  for (let index = 0; index < pcm.length; index++) samples[index] = (pcm[index] ?? 0) / 32_768
  return samples
}

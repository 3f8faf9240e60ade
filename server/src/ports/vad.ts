import type { ProviderError } from './provider-error.ts'

/** Voice activity detection: tells when the user speaks. */
export interface VadProvider {
  readonly name: string
  open(options: VadOptions, events: VadEvents): VadStream
}

export interface VadOptions {
  /** `AsrConfig.VadLevel`, 0…11: 0 filters nothing, 1…10 ever stronger, 11 rejects background voices. */
  readonly level: number
}

/**
 * Verdicts alternate, start first. They may come while `write` runs or later; their times are on the
 * scale of `write`'s `atMs` and lie in the past by as much as the detector needed to be sure.
 */
export interface VadEvents {
  /** Speech is on; `onsetMs` is when it began. */
  onSpeechStart(onsetMs: number): void
  /** Speech is over; `endMs` is when the last of it was heard. */
  onSpeechEnd(endMs: number): void
  onError(error: ProviderError): void
}

export interface VadStream {
  /** One frame, 20 ms at 16 kHz, that ended at `atMs`. Every frame is written, silence too. The frame is
   * only lent: copy what must be kept. */
  write(frame: Int16Array, atMs: number): void
  /** May be called twice. No event comes after it. */
  close(): void
}

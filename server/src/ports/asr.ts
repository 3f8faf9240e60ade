import type { ProviderError } from './provider-error.ts'

/** Speech recognition. */
export interface AsrProvider {
  readonly name: string
  /** Values of `AsrConfig.AsrLanguageId` it can recognise, or `'any'`. */
  readonly languages: readonly string[] | 'any'
  /** It favours `hotWords` itself; for one that does not, the call corrects its texts. */
  readonly favoursHotWords?: boolean
  open(options: AsrOptions, events: AsrEvents): AsrStream
}

export interface AsrOptions {
  readonly languageId: string
  readonly hotWords: readonly string[]
  /** `AsrConfig.CustomParams`, a query string for self-developed recognisers. */
  readonly customParams: string
  /** The call's, by which a recogniser of one's own knows it. */
  readonly instanceId?: string
}

/** None comes while a method of the stream runs, except `onError`. */
export interface AsrEvents {
  /** The whole text since the last `reset`; may still change. */
  onPartial(text: string): void
  /** Answer to `flush(flushId)`: the whole text, since the last `reset`, of what was written before that
   * flush. '' when there was nothing to recognise. */
  onFinal(text: string, flushId: number): void
  /** The stream is of no use any more. */
  onError(error: ProviderError): void
}

/**
 * One user's speech. Frames are written while the VAD hears speech, with a little before and after;
 * between `flush` calls of one sentence there may be gaps in time.
 */
export interface AsrStream {
  /** 20 ms at 16 kHz. The frame is only lent: copy what must be kept. Queues at most what the provider
   * names as its limit and drops the oldest past that. */
  write(frame: Int16Array): void
  /** The user paused: asks for the text so far. More sound may follow in the same sentence. */
  flush(flushId: number): void
  /** The sentence is over (or was nothing): forget it. Flushes still open are not answered any more. */
  reset(): void
  /** May be called twice. No event comes after it. */
  close(): void
}

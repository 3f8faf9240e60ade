import type { EarMode } from '../dialogue/events.ts'
import type { AsrOptions, AsrProvider } from '../ports/asr.ts'
import type { VadProvider } from '../ports/vad.ts'
import { Listening } from './listening.ts'
import { listeningEvents, type Hear } from './provider-events.ts'
import type { CallSettings } from './settings.ts'

/** How often a broken recogniser is opened anew before the call is given up. */
const EAR_TRIES = 3

/** Voice detection and recognition of a call, opened anew a few times when they break. */
export class Ear {
  readonly #options: EarOptions
  #listening: Listening
  /** What the recogniser gets, now or with the next sentence. */
  #asrOptions: AsrOptions
  #mode: EarMode
  #faults = 0
  #isClosed = false

  constructor(options: EarOptions) {
    this.#options = options
    this.#mode = options.mode
    this.#asrOptions = this.#wanted()
    this.#listening = this.#open()
  }

  /** The user's next 20 ms; `undefined` when nothing comes. */
  write(frame: Int16Array | undefined, nowMs: number): void {
    this.#listening.write(frame, nowMs)
  }

  setMode(mode: EarMode): void {
    this.#mode = mode
    this.#listening.setMode(mode)
  }

  flush(flushId: number): void {
    this.#listening.flush(flushId)
  }

  reset(): void {
    this.#listening.reset()
  }

  /** The call's settings have changed: hot words and a recogniser's own parameters hold from the next sentence on. */
  settingsChanged(): void {
    const asrOptions = { ...this.#wanted(), languageId: this.#asrOptions.languageId }
    if (JSON.stringify(asrOptions) === JSON.stringify(this.#asrOptions)) return
    this.#asrOptions = asrOptions
    this.#listening.setAsrOptions(asrOptions)
  }

  close(): void {
    this.#isClosed = true
    this.#listening.close()
  }

  #wanted(): AsrOptions {
    const { languageId, hotWords, asrCustomParams } = this.#options.settings()
    const { instanceId } = this.#options
    return { languageId, hotWords, customParams: asrCustomParams, instanceId }
  }

  #open(): Listening {
    return new Listening({
      vad: this.#options.vad,
      vadLevel: this.#options.settings().vadLevel,
      asr: this.#options.asr,
      asrOptions: this.#asrOptions,
      mode: this.#mode,
      events: listeningEvents(this.#options.now, (part, message) => this.#onBroken(part, message)),
    })
  }

  #onBroken(part: 'asr' | 'vad', message: string): void {
    if (this.#isClosed) return
    this.#faults += 1
    const isLast = this.#faults > EAR_TRIES
    this.#options.onBroken({ part, message, faults: this.#faults, isLast })
    if (isLast) return
    this.#listening.close()
    this.#listening = this.#open()
  }
}

export interface EarOptions {
  readonly instanceId: string
  readonly asr: AsrProvider
  readonly vad: VadProvider
  /** What holds when the ear is opened, or opened anew. */
  readonly settings: () => CallSettings
  readonly mode: EarMode
  readonly now: Hear
  /** With `isLast`, it is not opened again: the call is of no use any more. */
  readonly onBroken: (fault: {
    readonly part: 'asr' | 'vad'
    readonly message: string
    readonly faults: number
    readonly isLast: boolean
  }) => void
}

import { fail, ok, type Result } from '../base/result.ts'
import type { EarMode } from '../dialogue/events.ts'
import type { AsrOptions, AsrProvider } from '../ports/asr.ts'
import type { VadProvider } from '../ports/vad.ts'
import type { CallProviders } from './call-options.ts'
import { Listening } from './listening.ts'
import { listeningEvents, type Hear } from './provider-events.ts'
import type { CallSettings } from './settings.ts'

/** How often a broken recogniser is opened anew before the call is given up. */
const EAR_TRIES = 3

/** Voice detection and recognition of a call, opened anew a few times when they break. */
export class Ear {
  readonly #options: EarOptions
  #listening: Listening
  #asr: AsrProvider
  /** What the recogniser gets, now or with the next sentence. */
  #asrOptions: AsrOptions
  #mode: EarMode
  #faults = 0
  #isClosed = false

  constructor(options: EarOptions) {
    this.#options = options
    this.#mode = options.mode
    this.#asr = options.asr
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

  /** The call's settings have changed: what they say of recognition and detection holds from the next sentence on. */
  settingsChanged(): void {
    this.#listening.setVadLevel(this.#options.settings().vadLevel)
    const wanted = this.#wanted()
    const { languageId } = this.#asrOptions
    const isOther = wanted.languageId !== languageId && this.#learn(wanted.languageId)
    const asrOptions = isOther ? wanted : { ...wanted, languageId }
    if (JSON.stringify(asrOptions) === JSON.stringify(this.#asrOptions)) return
    this.#asrOptions = asrOptions
    this.#listening.setAsr(this.#asr, asrOptions)
  }

  /** Takes the recogniser for that language; false if there is none. */
  #learn(languageId: string): boolean {
    const { asrIn = sameFor(this.#asr), onUnknownLanguage } = this.#options
    const made = asrIn(languageId)
    if (made.ok) this.#asr = made.value
    else onUnknownLanguage(made.error)
    return made.ok
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
      asr: this.#asr,
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

const sameFor =
  (asr: AsrProvider) =>
  (languageId: string): Result<AsrProvider, string> =>
    asr.languages === 'any' || asr.languages.includes(languageId)
      ? ok(asr)
      : fail(`the speech recogniser ${asr.name} does not know the language ${languageId}`)

export interface EarOptions {
  readonly instanceId: string
  readonly asr: AsrProvider
  readonly asrIn?: CallProviders['asrIn'] | undefined
  /** A language was asked for that nothing here recognises: the one before stays. */
  readonly onUnknownLanguage: (message: string) => void
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

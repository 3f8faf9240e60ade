import { CallError } from './call-error.ts'
import type { CallEvents } from './call-events.ts'
import type { Environment } from './environment.ts'
import type { Microphone } from './microphone.ts'

type ChangeCause = CallEvents['microphoneChanged']['cause']

export interface VoiceInputParts {
  readonly environment: Pick<Environment, 'openMicrophone' | 'onDevicesChange'>
  /** Another microphone is open, and the one before is closed. */
  onChange(microphone: Microphone, cause: ChangeCause): void
  /** The microphone is gone and there is no other. One that is plugged in later is taken. */
  onLost(error: CallError): void
}

/** The microphone of a call, whichever it is just now. */
export class VoiceInput {
  readonly #parts: VoiceInputParts
  #microphone: Microphone | undefined
  #isOpen = true
  #isLost = false
  #isClosed = false
  #forget: (() => void) | undefined

  constructor(parts: VoiceInputParts) {
    this.#parts = parts
  }

  /** Takes a microphone, or opens one. Throws CallError. */
  async open(given?: Microphone): Promise<void> {
    const microphone = given ?? (await this.#parts.environment.openMicrophone())
    if (this.#isClosed) return microphone.close()
    this.#take(microphone)
    this.#forget = this.#parts.environment.onDevicesChange(() => {
      if (this.#isLost) void this.#replaceLost()
    })
  }

  /** What is sent; `undefined` before it was opened. */
  get stream(): MediaStream | undefined {
    return this.#microphone?.stream
  }

  /** How loud it is, from 0 to 255. */
  volume(): number {
    return this.#microphone?.meter.volume() ?? 0
  }

  /** Sends what is said, or silence. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = isOpen
  }

  /** Another microphone from now on. Throws CallError, and stays with the one it has. */
  async choose(deviceId: string): Promise<void> {
    this.#replace(await this.#parts.environment.openMicrophone({ deviceId }), 'chosen')
  }

  /** May be called twice. */
  close(): void {
    this.#isClosed = true
    this.#forget?.()
    this.#microphone?.close()
  }

  #take(microphone: Microphone): void {
    this.#microphone = microphone
    this.#isLost = false
    this.setOpen(this.#isOpen)
    for (const track of microphone.stream.getAudioTracks())
      track.addEventListener('ended', () => {
        // Closing one of ours does not end here: only the browser and its user do.
        if (this.#microphone === microphone) void this.#replaceLost()
      })
  }

  #replace(microphone: Microphone, cause: ChangeCause): void {
    if (this.#isClosed) return microphone.close()
    const before = this.#microphone
    this.#take(microphone)
    before?.close()
    this.#parts.onChange(microphone, cause)
  }

  /** The default one takes the place of one that is gone. */
  async #replaceLost(): Promise<void> {
    if (this.#isClosed) return
    try {
      this.#replace(await this.#parts.environment.openMicrophone(), 'unplugged')
    } catch (error) {
      const isNews = !this.#isLost && !this.#isClosed
      this.#isLost = true
      const reason = error instanceof CallError ? error.code : ''
      if (isNews) this.#parts.onLost(new CallError('microphone-lost', reason))
    }
  }
}

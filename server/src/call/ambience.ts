import type { Log } from '../base/log.ts'
import { SoundLoop } from '../media/sound-loop.ts'
import type { Sounds } from '../ports/sounds.ts'

/** `AmbientSoundConfig` in our words. */
export interface AmbientSettings {
  /** '' = none. */
  readonly resourceId: string
  /** 0 … 1 of the sound's own loudness. */
  readonly gain: number
}

/**
 * The background of a call. It goes on under everything the agent says and between, whatever becomes of
 * that: interruptions, `Volume` and lowering the voice are not for it.
 */
export class Ambience {
  readonly #agentId: string
  readonly #sounds: Sounds
  readonly #log: Log
  #settings: AmbientSettings = { resourceId: '', gain: 0 }
  #playing: { readonly resourceId: string; readonly loop: SoundLoop } | undefined

  constructor(options: { readonly agentId: string; readonly sounds: Sounds; readonly log: Log }) {
    this.#agentId = options.agentId
    this.#sounds = options.sounds
    this.#log = options.log
  }

  /** At once, or as soon as the sound is there. One that cannot be had is left out, with a warning. */
  change(settings: AmbientSettings): void {
    this.#settings = settings
    const { resourceId, gain } = settings
    if (resourceId === '') this.#playing = undefined
    // Another one goes on until the new one is there.
    else if (gain > 0 && resourceId !== this.#playing?.resourceId) void this.#load(resourceId)
  }

  /** The frame with the background under it; valid until the next call. */
  under(frame: Int16Array | undefined): Int16Array | undefined {
    const { gain } = this.#settings
    return gain === 0 ? frame : (this.#playing?.loop.mixInto(frame, gain) ?? frame)
  }

  async #load(resourceId: string): Promise<void> {
    const sound = await this.#sounds.ambient(this.#agentId, resourceId)
    if (resourceId !== this.#settings.resourceId) return
    if (!sound.ok) this.#log.warn('no background sound', { resourceId, reason: sound.error })
    this.#playing = sound.ok ? { resourceId, loop: new SoundLoop(sound.value, 0) } : undefined
  }
}

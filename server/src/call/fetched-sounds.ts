import { fail, ok, type Result } from '../base/result.ts'
import type { Sound, Sounds } from '../ports/sounds.ts'

/** Sounds of one call that wait to be played; more are refused, since each may take 29 MB. */
const WAITING_LIMIT = 8

/** How the record names a sound: its address without what may be secret. */
export interface NamedSound {
  readonly soundId: string
  readonly text: string
}

/** Sounds that a call has fetched and not played yet. */
export class FetchedSounds {
  readonly #sounds: Sounds
  readonly #waiting = new Map<string, Sound>()
  #lastId = 0
  /** Being fetched. */
  #expected = 0

  constructor(sounds: Sounds) {
    this.#sounds = sounds
  }

  /** The error is for whoever gave the address. */
  async fetch(url: string): Promise<Result<NamedSound, string>> {
    if (this.#waiting.size + this.#expected >= WAITING_LIMIT) {
      return fail(`${WAITING_LIMIT} sounds are waiting to be played already`)
    }
    this.#expected += 1
    const sound = await this.#sounds.fetch(url)
    this.#expected -= 1
    if (!sound.ok) return sound
    this.#lastId += 1
    const soundId = `sound-${this.#lastId}`
    this.#waiting.set(soundId, sound.value)
    return ok({ soundId, text: nameOf(url) })
  }

  /** Gives it out, once. */
  take(soundId: string): Sound | undefined {
    const sound = this.#waiting.get(soundId)
    this.#waiting.delete(soundId)
    return sound
  }
}

/** Queries and logins of addresses may hold keys. */
function nameOf(url: string): string {
  if (!URL.canParse(url)) return ''
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

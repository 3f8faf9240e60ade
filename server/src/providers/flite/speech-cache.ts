import type { Mark } from './marks.ts'

/** A piece of speech, ready to be played. */
export interface Speech {
  readonly pcm: Int16Array
  readonly sampleRateHz: number
  readonly marks: readonly Mark[]
}

/** About four minutes: greetings and other prompts that are said again and again. */
const CACHE_LIMIT_BYTES = 8 * 1024 * 1024

/** What was said lately. Past its limit, what was not used for longest goes. */
export class SpeechCache {
  readonly #speeches = new Map<string, Speech>()
  #bytes = 0

  get(key: string): Speech | undefined {
    const speech = this.#speeches.get(key)
    if (speech === undefined) return undefined
    this.#speeches.delete(key)
    this.#speeches.set(key, speech)
    return speech
  }

  put(key: string, speech: Speech): void {
    this.#remove(key)
    this.#speeches.set(key, speech)
    this.#bytes += speech.pcm.byteLength
    for (const oldest of this.#speeches.keys()) {
      if (this.#bytes <= CACHE_LIMIT_BYTES) return
      this.#remove(oldest)
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#speeches.get(key)?.pcm.byteLength ?? 0
    this.#speeches.delete(key)
  }
}

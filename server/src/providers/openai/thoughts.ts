const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * Takes the reasoning out of a text that some servers send along with the answer: what stands between
 * `<think>` and `</think>` at its beginning. The text may be cut anywhere.
 */
export class Thoughts {
  #state: 'before' | 'within' | 'after' = 'before'
  #held = ''

  /** What of the next piece is to be said. */
  without(piece: string): string {
    if (this.#state === 'after') return piece
    this.#held += piece
    if (this.#state === 'before') {
      const start = this.#held.trimStart()
      if (start.length < OPEN.length && OPEN.startsWith(start)) return ''
      if (!start.startsWith(OPEN)) return this.#release(this.#held)
      this.#state = 'within'
      this.#held = start.slice(OPEN.length)
    }
    const end = this.#held.indexOf(CLOSE)
    if (end >= 0) return this.#release(this.#held.slice(end + CLOSE.length).trimStart())
    // Only the end of a thought is of interest.
    this.#held = this.#held.slice(-CLOSE.length)
    return ''
  }

  /** What was held back because it might have been the beginning of a thought. */
  rest(): string {
    return this.#state === 'before' ? this.#release(this.#held) : ''
  }

  #release(text: string): string {
    this.#state = 'after'
    this.#held = ''
    return text
  }
}

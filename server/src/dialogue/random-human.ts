import type { HeardEvent } from './events.ts'

interface Outside {
  readonly nowMs: () => number
  readonly at: (atMs: number, run: () => void) => void
  readonly hear: (heard: HeardEvent) => void
  readonly finalDelayMs: () => number | undefined
}

/** The microphone of a human who has taken the agent's place, and what is recognised of it. */
export class RandomHuman {
  readonly #outside: Outside
  #heard = ''

  constructor(outside: Outside) {
    this.#outside = outside
  }

  speak(deed: { readonly atMs: number; readonly forMs: number; readonly words: string }): void {
    const { at, hear, nowMs } = this.#outside
    const endMs = deed.atMs + deed.forMs
    at(deed.atMs, () => hear({ type: 'speech-start', atMs: nowMs(), onsetMs: deed.atMs }))
    at(endMs, () => {
      this.#heard = this.#heard === '' ? deed.words : `${this.#heard} ${deed.words}`
      hear({ type: 'speech-end', atMs: nowMs(), endMs })
    })
  }

  flush(flushId: number): void {
    const { at, hear, nowMs, finalDelayMs } = this.#outside
    const text = this.#heard
    const delayMs = finalDelayMs()
    if (delayMs === undefined) return
    at(nowMs() + delayMs, () => hear({ type: 'transcript-final', atMs: nowMs(), text, flushId }))
  }

  reset(): void {
    this.#heard = ''
  }
}

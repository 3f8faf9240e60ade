import type { Ear } from './ear.ts'

/** Listening to the human who has taken the agent's place, while there is one. */
export class HumanEar {
  readonly #open: () => Ear
  #ear: Ear | undefined

  constructor(open: () => Ear) {
    this.#open = open
  }

  /** The human has come, or gone. */
  setOpen(isOpen: boolean): void {
    this.close()
    if (isOpen) this.#ear = this.#open()
  }

  /** The human's next 20 ms; `undefined` when nothing comes. */
  write(frame: Int16Array | undefined, nowMs: number): void {
    this.#ear?.write(frame, nowMs)
  }

  flush(flushId: number): void {
    this.#ear?.flush(flushId)
  }

  reset(): void {
    this.#ear?.reset()
  }

  /** May be called twice. */
  close(): void {
    this.#ear?.close()
    this.#ear = undefined
  }
}

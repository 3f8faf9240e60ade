import type { Clock } from '../base/clock.ts'
import { ALIVE_EVERY_MS } from '../ports/worker-protocol.ts'

/** Silent for so many checks: it hangs. Sound has stood still for as long. */
const CHECKS_WHEN_RUNNING = 8
/** Before its port is bound a worker has much to load, at once and in one go. */
const CHECKS_WHEN_STARTING = 60

/** Somebody who is to give signs of life. */
export interface Watched {
  /** It has come so far that it shows life regularly. */
  readonly isListening: boolean
  /** Checks without a sign of life in between. */
  silentChecks: number
}

/**
 * Notices workers that neither die nor live: whose event loop is blocked, or whose process stands still. It counts
 * its own checks, not time: while this process itself stood still, or the whole machine slept, nobody was silent.
 */
export class Watchdog<Worker extends Watched> {
  readonly #clock: Clock
  readonly #workers: () => readonly Worker[]
  readonly #onHung: (worker: Worker) => void
  #cancel: (() => void) | undefined

  constructor(clock: Clock, workers: () => readonly Worker[], onHung: (worker: Worker) => void) {
    this.#clock = clock
    this.#workers = workers
    this.#onHung = onHung
    this.#plan()
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #plan(): void {
    this.#cancel = this.#clock.after(ALIVE_EVERY_MS, () => {
      this.#plan()
      this.#check()
    })
  }

  #check(): void {
    for (const worker of this.#workers()) {
      worker.silentChecks += 1
      const limit = worker.isListening ? CHECKS_WHEN_RUNNING : CHECKS_WHEN_STARTING
      if (worker.silentChecks <= limit) continue
      // Once: it takes a while to be gone.
      worker.silentChecks = 0
      this.#onHung(worker)
    }
  }
}

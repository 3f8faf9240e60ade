import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { RetentionStore, SweptPart } from '../ports/retention-store.ts'
import { pauseAfter, SWEEP_PACE, type SweepStep } from './sweep-schedule.ts'

export interface SweeperOptions {
  readonly clock: Clock
  readonly log: Log
  readonly store: RetentionStore
  /** How long each part of a call is kept after its end, ms; absent: for ever. */
  readonly keep: { readonly calls?: number; readonly logs?: number }
}

/** The order matters: a log that goes with its call need not go by itself before. */
const PARTS: readonly SweptPart[] = ['calls', 'logs']

/**
 * Deletes what has been kept long enough, oldest first, in small steps with long pauses, so that calls never wait
 * for it. It has no memory: what a restart interrupts the next step goes on with.
 */
export class Sweeper {
  readonly #options: SweeperOptions
  #cancel: (() => void) | undefined
  #isClosed = false

  constructor(options: SweeperOptions) {
    this.#options = options
    if (PARTS.some((part) => options.keep[part] !== undefined)) this.#plan(SWEEP_PACE.leastPauseMs)
  }

  /** No step is begun any more; the store may be closed. May be called twice. */
  close(): void {
    this.#isClosed = true
    this.#cancel?.()
  }

  #plan(pauseMs: number): void {
    if (this.#isClosed) return
    this.#cancel = this.#options.clock.after(pauseMs, () => {
      void this.#step().then((step) => this.#plan(pauseAfter(step)))
    })
  }

  /** Never rejects. */
  async #step(): Promise<SweepStep> {
    const { clock, log, store, keep } = this.#options
    const startedMs = clock.nowMs()
    try {
      for (const part of PARTS) {
        const keptMs = keep[part]
        if (keptMs === undefined) continue
        const rows = await store.sweep(part, clock.wallMs() - keptMs, SWEEP_PACE.stepRows)
        if (rows > 0) {
          log.debug('sweep', { part, rows })
          return { type: 'done', rows, tookMs: clock.nowMs() - startedMs }
        }
      }
      return { type: 'done', rows: 0, tookMs: 0 }
    } catch (error) {
      if (!this.#isClosed) log.error('sweep failed', { error: String(error) })
      return { type: 'failed' }
    }
  }
}

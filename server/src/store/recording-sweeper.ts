import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Recordings } from '../ports/recordings.ts'
import { pauseAfter, SWEEP_PACE } from './sweep-schedule.ts'

/** Calls whose files one step deletes. */
const STEP_CALLS = 10

/** Deletes recordings that have been kept long enough, a few calls at a time. It has no memory. */
export class RecordingSweeper {
  readonly #options: RecordingSweeperOptions
  #cancel: (() => void) | undefined
  #isClosed = false

  constructor(options: RecordingSweeperOptions) {
    this.#options = options
    if (options.keepMs !== undefined) this.#plan(SWEEP_PACE.leastPauseMs)
  }

  /** May be called twice. */
  close(): void {
    this.#isClosed = true
    this.#cancel?.()
  }

  #plan(pauseMs: number): void {
    if (this.#isClosed) return
    this.#cancel = this.#options.clock.after(pauseMs, () => {
      void this.#step().then((nextMs) => this.#plan(nextMs))
    })
  }

  /** Never rejects; gives the pause before the next step. */
  async #step(): Promise<number> {
    const { clock, log, recordings, keepMs = Infinity } = this.#options
    const startedMs = clock.nowMs()
    try {
      const old = await recordings.listOlder(clock.wallMs() - keepMs, STEP_CALLS)
      for (const instanceId of old) await recordings.remove(instanceId)
      const tookMs = clock.nowMs() - startedMs
      return pauseAfter({ type: 'done', rows: old.length, tookMs })
    } catch (error) {
      if (!this.#isClosed) log.error('sweep of recordings failed', { error: String(error) })
      return pauseAfter({ type: 'failed' })
    }
  }
}

export interface RecordingSweeperOptions {
  readonly clock: Clock
  readonly log: Log
  readonly recordings: Pick<Recordings, 'listOlder' | 'remove'>
  /** How long after their last sound recordings are kept; absent: for ever. */
  readonly keepMs: number | undefined
}

import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { RetentionStore } from '../ports/retention-store.ts'
import { pauseAfter, SWEEP_PACE } from './sweep-schedule.ts'
import { SCRUB_PACE, ScrubSchedule } from './word-scrub-schedule.ts'

export interface WordScrubberOptions {
  readonly clock: Clock
  readonly log: Log
  readonly store: Pick<RetentionStore, 'stepWords' | 'dropOldPages'>
}

/**
 * Keeps the index of words, in small steps with long pauses, so that calls never wait for it: segments are merged as
 * they gather, and after deletions the index is written anew without the words that were deleted, and the older
 * copies of its pages are let go of. What is to be done stands in the store: a restart goes on with it.
 */
export class WordScrubber {
  readonly #options: WordScrubberOptions
  readonly #schedule = new ScrubSchedule()
  #cancel: (() => void) | undefined
  #hasOldPages = false
  #isClosed = false

  constructor(options: WordScrubberOptions) {
    this.#options = options
    this.#plan(SCRUB_PACE.lookMs)
  }

  /** No step is begun any more; the store may be closed. May be called twice. */
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
    const { clock, log, store } = this.#options
    const startedMs = clock.nowMs()
    try {
      if (this.#hasOldPages) this.#hasOldPages = !(await store.dropOldPages())
      const mayBegin = this.#schedule.mayBegin(startedMs)
      const state = await store.stepWords({ pages: SCRUB_PACE.stepPages, mayBegin })
      const nowMs = clock.nowMs()
      if (this.#schedule.note(state, nowMs)) {
        this.#hasOldPages = true
        log.debug('deleted words are gone', { deletions: state.gone })
      }
      if (!state.worked) return SCRUB_PACE.lookMs
      return pauseAfter({ type: 'done', rows: 1, tookMs: nowMs - startedMs })
    } catch (error) {
      if (!this.#isClosed) log.error('scrub of deleted words failed', { error: String(error) })
      return SWEEP_PACE.failedMs
    }
  }
}

import type { WordsState } from '../ports/retention-store.ts'

/** When words of deleted calls are taken out of the index, for which all of it is written anew. */
export interface ScrubPace {
  /** Pages of one step: some ms of the writer's time. */
  readonly stepPages: number
  /** How often it is looked whether there is something to do, ms. */
  readonly lookMs: number
  /** So long after a deletion somebody asked for: there may be more of them. */
  readonly askedMs: number
  /** So long after the last step of a sweep that sweep is over. */
  readonly sweepOverMs: number
  /** What sweeps delete is scrubbed at most this often. */
  readonly sweptMs: number
  /** The pause after a scrub is at least so many times as long as it took. */
  readonly rest: number
}

export const SCRUB_PACE: ScrubPace = {
  stepPages: 16,
  lookMs: 10_000,
  askedMs: 60_000,
  sweepOverMs: 60_000,
  sweptMs: 86_400_000,
  rest: 9,
}

/** Decides when a scrub begins. Times are monotonic, ms. It forgets all with the process: then the next may come early. */
export class ScrubSchedule {
  readonly #pace: ScrubPace
  #state: WordsState | undefined
  /** Since when there is something to scrub that was asked for; when the number of deletions changed last. */
  #askedSinceMs: number | undefined
  #changedMs = 0
  #scrub: { readonly beganMs: number } | undefined
  #last: { readonly endedMs: number; readonly tookMs: number } | undefined

  constructor(pace: ScrubPace = SCRUB_PACE) {
    this.#pace = pace
  }

  mayBegin(nowMs: number): boolean {
    const state = this.#state
    if (state === undefined || state.gone >= state.deletions) return false
    const { askedMs, sweepOverMs, sweptMs, rest } = this.#pace
    const restedMs = this.#last === undefined ? Infinity : nowMs - this.#last.endedMs
    if (restedMs < (this.#last?.tookMs ?? 0) * rest) return false
    if (this.#askedSinceMs !== undefined && nowMs - this.#askedSinceMs >= askedMs) return true
    return nowMs - this.#changedMs >= sweepOverMs && restedMs >= sweptMs
  }

  /** Gives whether a scrub has just ended. */
  note(state: WordsState, nowMs: number): boolean {
    const before = this.#state
    this.#state = state
    if (before?.deletions !== state.deletions) this.#changedMs = nowMs
    if (state.asked <= state.gone) this.#askedSinceMs = undefined
    else this.#askedSinceMs ??= nowMs
    if (state.isScrubbing) this.#scrub ??= { beganMs: nowMs }
    if (before === undefined || state.gone === before.gone) return false
    this.#last = { endedMs: nowMs, tookMs: nowMs - (this.#scrub?.beganMs ?? nowMs) }
    this.#scrub = undefined
    return true
  }
}

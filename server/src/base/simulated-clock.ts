import type { Clock } from './clock.ts'

interface Waiting {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
}

/** Virtual time for tests and replays: it moves only when told to, and fires what falls due on the way. */
export class SimulatedClock implements Clock {
  #nowMs: number
  #order = 0
  readonly #wallOffsetMs: number
  readonly #waiting = new Set<Waiting>()

  constructor(options: { readonly nowMs?: number; readonly wallMs?: number } = {}) {
    this.#nowMs = options.nowMs ?? 0
    this.#wallOffsetMs = (options.wallMs ?? 0) - this.#nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs
  }

  after(delayMs: number, fire: () => void): () => void {
    const waiting = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, fire }
    this.#waiting.add(waiting)
    return () => {
      this.#waiting.delete(waiting)
    }
  }

  /** Number of timers that have not fired yet: 0 after everything was closed properly. */
  get pending(): number {
    return this.#waiting.size
  }

  /** Moves time on by `ms`, firing timers in their order, each at its own time. */
  advance(ms: number): void {
    this.advanceTo(this.#nowMs + ms)
  }

  /** Moves time on to `untilMs` on the monotonic scale. */
  advanceTo(untilMs: number): void {
    for (;;) {
      const next = this.#nextBefore(untilMs)
      if (next === undefined) break
      this.#waiting.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.fire()
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs)
  }

  #nextBefore(untilMs: number): Waiting | undefined {
    let next: Waiting | undefined
    for (const waiting of this.#waiting) {
      if (waiting.atMs > untilMs) continue
      if (next === undefined || waiting.atMs < next.atMs) next = waiting
      else if (waiting.atMs === next.atMs && waiting.order < next.order) next = waiting
    }
    return next
  }
}

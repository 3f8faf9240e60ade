/** Time, handed in. The system form is in `system-clock.ts`, the simulated one in `simulated-clock.ts`. */
export interface Clock {
  /** Monotonic, in ms. Only differences mean anything. */
  nowMs(): number
  /** Wall time, in ms since 1970 UTC, for stamps that leave the process. */
  wallMs(): number
  /** Calls `fire` once, `delayMs` from now. The function returned cancels it. */
  after(delayMs: number, fire: () => void): () => void
}

import type { Decision } from './call-record.ts'

/**
 * What happened to a call's engine from one start of it to its end, or to the loss of its worker. It is kept
 * as text that is passed on without being parsed: lines of JSON, the first a `TraceHead`, each of the others a
 * `TracedEvent` (`schema/call-trace.ts`).
 */
export interface TraceStretch {
  /** When it began, ms since 1970: what tells it from the call's other stretches. */
  readonly stretchMs: number
  /** In order; each holds whole lines and ends with a line break. */
  readonly pieces: readonly string[]
}

/** What a call's decisions can be looked up in, and the call be played again from. */
export interface CallTrace {
  /** In the order in which they were made. */
  readonly decisions: readonly Decision[]
  /** In the order in which they happened; empty for calls that were recorded without. */
  readonly stretches: readonly TraceStretch[]
}

export interface TraceStore {
  /** Empty when there is no such call. */
  getTrace(instanceId: string): Promise<CallTrace>
}

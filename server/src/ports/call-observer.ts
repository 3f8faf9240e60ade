import type { CallRecord } from './call-record.ts'
import type { CallSpec } from './calls.ts'

/** Hears what happens to calls in the control process, after the fact: for metrics and traces. */
export interface CallObserver {
  /** A call is held from now on: a new one, or one that was taken up again after a restart. */
  onCall(spec: CallSpec): void
  /** Durable from now on. Nobody waits while this is looked at. */
  onRecords(instanceId: string, records: readonly CallRecord[]): void
  /** The call is held no more: it has ended, or could not be started. */
  onGone(instanceId: string): void
}

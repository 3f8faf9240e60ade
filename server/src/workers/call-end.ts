import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { CallRecord } from '../ports/call-record.ts'
import type { Recordings } from '../ports/recordings.ts'
import type { Store } from '../ports/store.ts'
import { callRecorded } from '../schema/callback-event.ts'

export interface CallEndOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Those of calls that end without a worker are completed. */
  readonly recordings?: Pick<Recordings, 'complete'>
}

/** Stores the end of a call that no worker holds, and tells of its recording as its worker would have. Never rejects. */
export async function storeEnd(
  instanceId: string,
  finished: Extract<CallRecord, { readonly type: 'finished' }>,
  options: CallEndOptions,
): Promise<void> {
  const { store, log } = options
  try {
    await store.recordCall(instanceId, [finished, ...(await recorded(instanceId, options))])
  } catch (error) {
    log.error('end of call not stored', { instanceId, error: String(error) })
  }
}

async function recorded(
  instanceId: string,
  { recordings, clock, log }: CallEndOptions,
): Promise<readonly CallRecord[]> {
  try {
    const file = await recordings?.complete(instanceId)
    return file === undefined ? [] : [{ type: 'event', event: callRecorded(file, clock.wallMs()) }]
  } catch (error) {
    log.warn('recording not completed', { instanceId, error: String(error) })
    return []
  }
}

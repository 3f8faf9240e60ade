import { join } from 'node:path'
import type { InstanceRecord } from '../ports/store.ts'
import { WorkerPool } from '../workers/worker-pool.ts'
import type { Files } from './api.ts'
import type { Foundations } from './foundations.ts'

/** The media workers, which hold the calls. */
export function startWorkers(
  foundations: Foundations,
  { recordings }: Pick<Files, 'recordings'>,
): WorkerPool {
  const { config, environment, keys, store, clock, ids, log, telemetry } = foundations
  return new WorkerPool({
    entry: new URL('../worker.ts', import.meta.url),
    count: config.workers,
    setup: (index) => ({ index }),
    environment: {
      ...SMALL,
      NODE_COMPILE_CACHE: join(config.dataFolder, 'compile-cache'),
      ...environment,
      ANTIPHON_RTC_APP_ID: keys.rtcApp.appId,
      ANTIPHON_RTC_APP_KEY: keys.rtcApp.appKey,
    },
    store,
    clock,
    ids,
    log,
    observer: telemetry.observer,
    recordings,
  })
}

/**
 * What the models take from malloc stays together (glibc). With that, and with code that was compiled before and is
 * not compiled again, each worker is some 60 MB smaller.
 */
const SMALL = { MALLOC_ARENA_MAX: '2' }

/** A call that was running when this server last died. It gets a chance to be taken up again. */
export interface LostCall {
  readonly instance: InstanceRecord
  readonly lastSeenMs: number
}

export async function lostCalls({ store }: Foundations): Promise<readonly LostCall[]> {
  const instances = await store.liveInstances()
  return Promise.all(
    instances.map(async (instance) => {
      const lastSeenMs = await store.lastSignOfLifeMs(instance.instanceId)
      return { instance, lastSeenMs: lastSeenMs ?? instance.modifiedMs }
    }),
  )
}

import { createDelivery } from '../callbacks/delivery.ts'
import { CallbackDispatcher } from '../callbacks/dispatcher.ts'
import { systemOutbound } from '../base/system-outbound.ts'
import { RecordingSweeper } from '../store/recording-sweeper.ts'
import { Sweeper } from '../store/sweeper.ts'
import { WordScrubber } from '../store/word-scrubber.ts'
import type { Files } from './api.ts'
import type { Foundations } from './foundations.ts'

/** What tells callback addresses, once it is started. `origin` is where this server is to be reached. */
export function buildCallbacks(
  { config, store, clock, log }: Foundations,
  { files, origin }: { readonly files: Files; readonly origin: () => string },
): CallbackDispatcher {
  const { callbacks } = store
  const deliver = createDelivery({
    callbacks,
    outbound: systemOutbound(config.outbound),
    clock,
    recordingUrl: (file) => files.recordingUrls.recordingUrl(file, origin()),
  })
  return new CallbackDispatcher({ store: callbacks, deliver, clock, log })
}

/** Deletes what has been kept for as long as it is to be, and what deletions have left behind. */
export function startSweepers(
  { config, store, clock, log }: Foundations,
  { recordings }: Files,
): { close(): void } {
  const { callsMs, logsMs, recordingsMs } = config.retention
  const sweepers = [
    new Sweeper({
      clock,
      log,
      store: store.retention,
      keep: {
        ...(callsMs !== undefined && { calls: callsMs }),
        ...(logsMs !== undefined && { logs: logsMs }),
      },
    }),
    new WordScrubber({ clock, log, store: store.retention }),
    new RecordingSweeper({ clock, log, recordings, keepMs: recordingsMs }),
  ]
  return {
    close() {
      for (const sweeper of sweepers) sweeper.close()
    },
  }
}

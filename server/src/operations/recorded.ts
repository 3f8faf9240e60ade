import type { Static } from 'typebox'
import { recordedSeconds } from '../ports/recordings.ts'
import type { instanceExtras } from '../schema/recording.ts'
import type { OperationContext } from './context.ts'

/** What was recorded of a call, as the API shows it; nothing when nothing was. */
export async function recordedOf(
  instanceId: string,
  { recordings, recordingUrl, origin }: OperationContext,
): Promise<{ readonly antiphon?: Static<typeof instanceExtras> }> {
  const files = await recordings.list(instanceId)
  if (files.length === 0) return {}
  const seconds = recordedSeconds(files)
  return {
    antiphon: {
      Recordings: files.map(
        ({ fileName, kind, role, entryId, startMs, durationMs, sizeBytes }) => ({
          Kind: kind,
          ...(role === undefined ? {} : { Role: role }),
          ...(entryId === undefined ? {} : { Id: entryId }),
          Url: recordingUrl({ instanceId, fileName }, origin),
          StartTime: startMs,
          Duration: durationMs,
          Size: sizeBytes,
        }),
      ),
      RecordedSeconds: seconds,
      RecordedMinutes: Math.ceil(seconds / 60),
    },
  }
}

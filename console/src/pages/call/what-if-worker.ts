import type { Change } from '../../../../server/src/replay/changes.ts'
import type { CallLog } from './log.ts'
import { playOtherwise } from './what-if-run.ts'

/** A thread of its own: an hour of conversation is decided again while the page stays fluid. */
addEventListener(
  'message',
  ({ data }: MessageEvent<{ readonly log: CallLog; readonly changes: readonly Change[] }>) => {
    postMessage(playOtherwise(data.log, data.changes))
  },
)

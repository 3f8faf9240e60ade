import type { LiveCall, LiveCalls } from '../ports/live-calls.ts'
import { eventText, type LiveSource, type LiveStream } from './live-stream.ts'

/** Of so many calls a reader is told; of the others how many there are. */
export const LISTED_LIMIT = 200

/**
 * Events of all running calls: `calls`, with `total`, `isWhole` (forget what was told before), `calls` that are new or
 * have changed, and the ids of those that have `ended`. Nothing of what is said is in it.
 */
export function liveList(feed: LiveCalls, stream: LiveStream): LiveSource {
  const shown = new Set<string>()
  const changed = new Map<string, LiveCall>()
  const ended = new Set<string>()
  let isWhole = true

  const show = (call: LiveCall): void => {
    const { instanceId } = call.spec
    if (!shown.has(instanceId) && shown.size >= LISTED_LIMIT) return
    shown.add(instanceId)
    changed.set(instanceId, call)
    stream.tell()
  }
  const unwatch = feed.watch({
    onCall: show,
    onRecords: () => {},
    onEnd: (instanceId) => {
      changed.delete(instanceId)
      if (shown.delete(instanceId)) ended.add(instanceId)
      stream.tell()
    },
  })
  return {
    collect() {
      const total = feed.count
      if (shown.size < Math.min(total, LISTED_LIMIT)) {
        for (const call of feed.running().slice(0, LISTED_LIMIT)) {
          if (!shown.has(call.spec.instanceId)) show(call)
        }
      }
      const data = { total, isWhole, calls: [...changed.values()].map(written), ended: [...ended] }
      isWhole = false
      changed.clear()
      ended.clear()
      return eventText('calls', data)
    },
    close: unwatch,
  }
}

/** A running call as events have it. */
export const written = ({ spec, state }: LiveCall) => {
  const { instanceId, agentId, type, channelId, createdMs } = spec
  return { ...state, instanceId, agentId, type, channelId, createdMs }
}

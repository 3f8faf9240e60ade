import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Vitals } from './vitals.ts'

/** A timer of so long is measured, by native code. */
const RESOLUTION_MS = 20

/** Begins to watch this process. Each look tells of the time since the last. */
export function watchVitals(): () => Vitals {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  const lateMs = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) : 0
  return () => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const isEmpty = delays.count === 0
    const vitals: Vitals = {
      residentBytes: rss,
      heapBytes: heapUsed,
      cpuS: (user + system) / 1e6,
      loopDelayP50Ms: isEmpty ? 0 : lateMs(delays.percentile(50)),
      loopDelayP99Ms: isEmpty ? 0 : lateMs(delays.percentile(99)),
      loopDelayMaxMs: isEmpty ? 0 : lateMs(delays.max),
    }
    delays.reset()
    return vitals
  }
}

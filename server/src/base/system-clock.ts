import type { Clock } from './clock.ts'

/**
 * The machine's clock. A pending `after` keeps the process alive. A delay of 0 means: once the present
 * event has been handled, without the millisecond that a timer takes at least.
 */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, fire) {
    if (delayMs <= 0) {
      const immediate = setImmediate(fire)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(fire, delayMs)
    return () => clearTimeout(timer)
  },
}

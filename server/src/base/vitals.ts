/** How a process feels. */
export interface Vitals {
  readonly residentBytes: number
  readonly heapBytes: number
  /** Processor time since its start, s. */
  readonly cpuS: number
  /** How late timers were since the last look: half of them no more than this, … */
  readonly loopDelayP50Ms: number
  /** … 99 % of them no more than this, … */
  readonly loopDelayP99Ms: number
  /** … and none more than this. */
  readonly loopDelayMaxMs: number
}

/** Nobody has looked yet. */
export const NO_VITALS: Vitals = {
  residentBytes: 0,
  heapBytes: 0,
  cpuS: 0,
  loopDelayP50Ms: 0,
  loopDelayP99Ms: 0,
  loopDelayMaxMs: 0,
}

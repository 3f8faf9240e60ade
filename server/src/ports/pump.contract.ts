import assert from 'node:assert/strict'
import { systemClock } from '../base/system-clock.ts'
import type { SimulatedClock } from '../base/simulated-clock.ts'

/** Lets a little time pass: simulated time for adapters that live by a Clock, else the machine's. */
export type Pump = () => Promise<void>

const STEP_MS = 5
const LIMIT_STEPS = 6000

export function pumpOf(clock: SimulatedClock): Pump {
  return () => {
    clock.advance(STEP_MS)
    return Promise.resolve()
  }
}

/** For adapters whose work is done by threads or over sockets. */
export const machinePump: Pump = () =>
  new Promise((resolve) => {
    systemClock.after(STEP_MS, resolve)
  })

/** Pumps until `isDone`, at most 30 s. */
export async function until(pump: Pump, isDone: () => boolean, what: string): Promise<void> {
  for (let step = 0; !isDone(); step++) {
    assert.ok(step < LIMIT_STEPS, `waited in vain for ${what}`)
    await pump()
  }
}

/** Time in which something that must not come could have come. */
export async function aWhile(pump: Pump, steps = 40): Promise<void> {
  for (let step = 0; step < steps; step++) await pump()
}

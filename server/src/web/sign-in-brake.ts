import type { Clock } from '../base/clock.ts'
import { parseIpBlock } from '../base/ip-block.ts'

/** So many wrong keys are free; from then on each doubles the wait… */
const FREE_TRIES = 3
const FIRST_WAIT_MS = 1000
/** …up to this. */
const LONGEST_WAIT_MS = 60_000
/** So long after the last one they are forgotten. */
const FORGET_MS = 15 * 60_000
/** Addresses that are remembered; past it the one that failed longest ago is forgotten. */
const MOST_ADDRESSES = 10_000

interface Failures {
  readonly count: number
  readonly lastMs: number
}

/** Slows down those who guess access keys, by the address that they come from. */
export class SignInBrake {
  readonly #clock: Clock
  readonly #failures = new Map<string, Failures>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How long the address must wait before its next try; 0: it may try now. */
  waitMs(address: string): number {
    const failures = this.#failures.get(placeOf(address))
    if (failures === undefined || failures.count < FREE_TRIES) return 0
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (failures.count - FREE_TRIES), LONGEST_WAIT_MS)
    return Math.max(0, failures.lastMs + waitMs - this.#clock.nowMs())
  }

  failed(address: string): void {
    const place = placeOf(address)
    const nowMs = this.#clock.nowMs()
    const before = this.#failures.get(place)
    const isOld = before === undefined || nowMs - before.lastMs > FORGET_MS
    this.#failures.delete(place)
    this.#failures.set(place, { count: isOld ? 1 : before.count + 1, lastMs: nowMs })
    if (this.#failures.size <= MOST_ADDRESSES) return
    const [oldest] = this.#failures.keys()
    if (oldest !== undefined) this.#failures.delete(oldest)
  }

  succeeded(address: string): void {
    this.#failures.delete(placeOf(address))
  }
}

/** An address of version 6 counts with all of its network of 64 bits, which one machine may have to itself. */
function placeOf(address: string): string {
  const block = parseIpBlock(address)
  if (block === undefined) return address
  return block.version === 4 ? `4 ${block.network}` : `6 ${block.network >> 64n}`
}

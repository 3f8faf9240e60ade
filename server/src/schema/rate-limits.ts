import { fail, ok, type Result } from '../base/result.ts'

/** Requests a second that one key may make of one operation; `Infinity` does not limit. */
export interface RateLimits {
  readonly perSecond: number
  /** Of single operations, by their names. */
  readonly perOperation: ReadonlyMap<string, number>
}

/** Far more than one core answers; less than one in an hour is no rate. */
const MOST = 1_000_000
const LEAST = 0.001

/**
 * Reads `200`, `off`, or a list such as `200, StartAIAgentInstance=5, ListAIAgentInstance=off`: the rate of all
 * operations that are not named (`otherwise` when there is none), and those of single ones. The error is
 * the piece that cannot be read.
 */
export function parseRateLimits(text: string, otherwise: number): Result<RateLimits, string> {
  let perSecond = otherwise
  const perOperation = new Map<string, number>()
  for (const piece of text.split(',').map((part) => part.trim())) {
    if (piece === '') continue
    const [, name, value = ''] = /^(?:([A-Za-z]{1,64})\s*=\s*)?(\S+)$/.exec(piece) ?? []
    const rate = readRate(value)
    if (rate === undefined) return fail(piece)
    if (name === undefined) perSecond = rate
    else perOperation.set(name, rate)
  }
  return ok({ perSecond, perOperation })
}

function readRate(text: string): number | undefined {
  if (text.toLowerCase() === 'off') return Infinity
  const rate = /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  return rate >= LEAST && rate <= MOST ? rate : undefined
}

import { composeInstanceId, type Ids } from './ids.ts'

/** A repeatable source of ids and chance (mulberry32) for tests and replays. */
export function simulatedIds(seed = 1): Ids {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits) {
      text += Math.floor(next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0')
    }
    return text.slice(0, digits)
  }
  const requestId = (): string =>
    [8, 4, 4, 4, 12].map((digits) => hex(digits).toUpperCase()).join('-')
  return {
    instanceId: (wallMs) => composeInstanceId(wallMs, hex(20)),
    hex32: () => hex(32),
    requestId,
    chance: next,
  }
}

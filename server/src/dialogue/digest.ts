import type { Action } from './events.ts'

/**
 * A short fingerprint of what the engine decided in one step: the same for the same actions, byte for byte. It
 * takes two sums of 32 bits over their JSON (the FNV-1a way, with two multipliers), so that a difference goes
 * unnoticed once in 10^19 times. '' when nothing was decided.
 */
export function digestOf(actions: readonly Action[]): string {
  if (actions.length === 0) return ''
  const text = JSON.stringify(actions)
  let one = 0x811c9dc5
  let other = 0x9e3779b9
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    one = Math.imul(one ^ unit, 0x01000193)
    other = Math.imul(other ^ unit, 0x5bd1e995)
  }
  // The last characters have hardly been mixed yet.
  other ^= other >>> 15
  return (one >>> 0).toString(36) + (other >>> 0).toString(36).padStart(7, '0')
}

import type { CommandRefusal } from '../ports/calls.ts'
import type { SignallingError } from '../ports/signalling.ts'
import type { Refusal } from './worker-process.ts'

/** What a worker may say to a command. */
export const REFUSALS: readonly CommandRefusal[] = [
  'gone',
  'nobody-there',
  'taken-over',
  'name-taken',
  'not-stored',
]

/** What a worker says to somebody who wants to join, as the outside knows it. */
export function signallingError(refusal: Refusal): SignallingError {
  const { code, message } = refusal
  return {
    code: code === 'no-such-channel' || code === 'bad-offer' ? code : 'unavailable',
    message,
  }
}

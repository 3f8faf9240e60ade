import type { CallObserver } from '../ports/call-observer.ts'

/** Several that hear the same. */
export const observers = (...all: readonly CallObserver[]): CallObserver => ({
  onCall: (spec) => all.forEach((one) => one.onCall(spec)),
  onRecords: (instanceId, records) => all.forEach((one) => one.onRecords(instanceId, records)),
  onGone: (instanceId) => all.forEach((one) => one.onGone(instanceId)),
})

import type { Recording, Recordings } from '../ports/recordings.ts'

/** Recordings of nothing, or of what a test says; what is written is not kept. */
export function memoryRecordings(
  kept: Readonly<Record<string, readonly Recording[]>> = {},
): Recordings & { readonly removed: string[] } {
  const removed: string[] = []
  return {
    removed,
    open: () => ({ writeCall() {}, writeSentence() {}, close: () => Promise.resolve() }),
    complete: () => Promise.resolve(undefined),
    list: (instanceId) => Promise.resolve(kept[instanceId] ?? []),
    read: () => Promise.resolve(undefined),
    remove: (instanceId) => {
      removed.push(instanceId)
      return Promise.resolve()
    },
    listOlder: () => Promise.resolve([]),
  }
}

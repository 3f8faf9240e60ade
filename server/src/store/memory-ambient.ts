import type { AmbientRecord, AmbientStore } from '../ports/ambient-store.ts'

/** Uploaded backgrounds for tests. */
export function memoryAmbientStore(): AmbientStore {
  const kept = new Map<string, { readonly record: AmbientRecord; readonly wav: Uint8Array }>()
  const key = (agentId: string, resourceId: string): string => `${agentId} ${resourceId}`
  return {
    list: (agentId) => {
      const records = [...kept.values()].map(({ record }) => record)
      const own = records.filter((record) => record.agentId === agentId)
      return Promise.resolve(own.sort((a, b) => a.createdMs - b.createdMs))
    },
    put: (record, wav) => {
      kept.set(key(record.agentId, record.resourceId), { record, wav: wav.slice() })
      return Promise.resolve()
    },
    read: (agentId, resourceId) => Promise.resolve(kept.get(key(agentId, resourceId))?.wav),
    remove: (agentId, resourceId) => Promise.resolve(kept.delete(key(agentId, resourceId))),
  }
}

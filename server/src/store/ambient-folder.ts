import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { AmbientRecord, AmbientStore } from '../ports/ambient-store.ts'

/** Ids that this server makes; anything else is no name of a file of ours. */
const ID = /^[\w-]{1,64}$/
const OWNER_ONLY = 0o600

/**
 * Uploaded backgrounds as files: `<folder>/<agent>/<resource>.wav`, beside it `.json`, which is written last
 * and removed first, so that a sound is there whole or not at all.
 */
export function openAmbientFolder(folder: string): AmbientStore {
  const pathOf = (agentId: string, resourceId: string, ending: 'wav' | 'json'): string =>
    join(folder, agentId, `${resourceId}.${ending}`)
  return {
    async list(agentId) {
      if (!ID.test(agentId)) return []
      const names = (await orNothing(fs.readdir(join(folder, agentId)))) ?? []
      const texts = await Promise.all(
        names
          .filter((name) => name.endsWith('.json'))
          .map((name) => orNothing(fs.readFile(join(folder, agentId, name), 'utf8'))),
      )
      return texts
        .filter((text) => text !== undefined)
        .map((text) => JSON.parse(text) as AmbientRecord)
        .sort((a, b) => a.createdMs - b.createdMs || (a.resourceId < b.resourceId ? -1 : 1))
    },
    async put(record, wav) {
      const { agentId, resourceId } = record
      await fs.mkdir(join(folder, agentId), { recursive: true, mode: 0o700 })
      await writeWhole(pathOf(agentId, resourceId, 'wav'), wav)
      await writeWhole(pathOf(agentId, resourceId, 'json'), JSON.stringify(record))
    },
    async read(agentId, resourceId) {
      if (!ID.test(agentId) || !ID.test(resourceId)) return undefined
      return orNothing(fs.readFile(pathOf(agentId, resourceId, 'wav')))
    },
    async remove(agentId, resourceId) {
      if (!ID.test(agentId) || !ID.test(resourceId)) return false
      const wasThere = await orNothing(
        fs.unlink(pathOf(agentId, resourceId, 'json')).then(() => true),
      )
      await orNothing(fs.unlink(pathOf(agentId, resourceId, 'wav')))
      return wasThere ?? false
    },
  }
}

/** Under another name first: a file of ours is never half there. */
async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const draft = `${path}.new`
  const file = await fs.open(draft, 'w', OWNER_ONLY)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await fs.rename(draft, path)
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

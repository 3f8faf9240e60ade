import type { Outbound } from '../../base/outbound.ts'
import { fail, ok, type Result } from '../../base/result.ts'
import { AMBIENT_IDS } from '../../media/ambience.ts'
import { seamless } from '../../media/sound-loop.ts'
import type { AmbientStore } from '../../ports/ambient-store.ts'
import type { Sound, Sounds } from '../../ports/sounds.ts'
import type { SoundThread } from './sound-thread.ts'

/** Of a file that is fetched: 10 MB is ten minutes of good MP3. */
const FETCH_LIMIT_BYTES = 10_000_000
/** Most clients of the API give a request up after 10 s. */
const FETCH_LIMIT_MS = 8000
const REDIRECTS = 3
/** Own backgrounds kept ready; the oldest goes. A minute takes 3 MB. */
const KEPT_LIMIT = 16

type Loading = Promise<Result<Sound, string>>

/** Sounds for the calls of a process; each background is made or read once and shared. */
export function createSounds(deps: {
  readonly outbound: Outbound
  readonly thread: SoundThread
  readonly store: AmbientStore
}): Sounds {
  const { outbound, thread, store } = deps
  const builtIn = new Map<string, Loading>()
  const own = new Map<string, Loading>()

  const readOwn = async (agentId: string, resourceId: string): Loading => {
    const wav = await store.read(agentId, resourceId)
    if (wav === undefined) return fail('there is no such background sound')
    const sound = await thread.decode(wav)
    return sound.ok ? ok(seamless(sound.value)) : sound
  }
  return {
    async fetch(url) {
      const answer = await outbound.request({
        method: 'GET',
        url,
        timeoutMs: FETCH_LIMIT_MS,
        limitBytes: FETCH_LIMIT_BYTES,
        redirects: REDIRECTS,
      })
      if (!answer.ok) return fail(answer.error.message)
      const { status, body } = answer.value
      if (status !== 200) return fail(`${new URL(url).host} answered with HTTP status ${status}`)
      return thread.decode(body)
    },
    ambient(agentId, resourceId) {
      const known = AMBIENT_IDS.find((id) => id === resourceId)
      if (known !== undefined) {
        return kept(builtIn, known, AMBIENT_IDS.length, () => thread.ambience(known))
      }
      return kept(own, `${agentId} ${resourceId}`, KEPT_LIMIT, () => readOwn(agentId, resourceId))
    },
  }
}

/** What is in the map, or is loaded into it; what failed is tried again the next time. */
async function kept(
  map: Map<string, Loading>,
  key: string,
  limit: number,
  load: () => Loading,
): Loading {
  const loading = map.get(key) ?? load()
  map.set(key, loading)
  const [oldest] = map.keys()
  if (map.size > limit && oldest !== undefined) map.delete(oldest)
  const sound = await loading
  if (!sound.ok) map.delete(key)
  return sound
}

import type { Log } from '../base/log.ts'
import type { Store } from '../ports/store.ts'

/** They lie among the nonces, which are forgotten at their time as well; no key id has a blank in it. */
const PREFIX = 'console session '

/** Sessions that were signed out of, so that a copied cookie stays worthless after a restart of the server. */
export async function endedSessions(options: {
  readonly store: Pick<Store, 'recalledNonces' | 'rememberNonces'>
  readonly wallMs: number
  readonly log: Log
}): Promise<{
  readonly ended: readonly string[]
  readonly onEnd: (sessionId: string, expiresMs: number) => void
}> {
  const { store, wallMs, log } = options
  const remembered = await store.recalledNonces(wallMs)
  return {
    ended: remembered
      .filter(({ key }) => key.startsWith(PREFIX))
      .map(({ key }) => key.slice(PREFIX.length)),
    onEnd: (sessionId, expiresMs) => {
      store.rememberNonces([{ key: PREFIX + sessionId, expiresMs }]).catch((error: unknown) => {
        log.error('end of a session not written', { reason: String(error) })
      })
    },
  }
}

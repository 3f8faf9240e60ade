import type { Environment } from './environment.ts'
import type { PeerLink } from './peer-link.ts'

/**
 * Tells whether the server still sends. The browser itself needs 5 to 30 s to notice that a peer is gone,
 * while the server keeps a call without its user for a few seconds only.
 */
export interface LinkWatch {
  readonly receivedBytes: number
  readonly silentMs: number
  readonly checkedAtMs: number
}

export const LINK_CHECK_MS = 500
/** After so long without a byte we ask for the state; the answer, or its mere receipt, breaks the silence. */
export const LINK_PROBE_MS = 1000
/** After so long the connection counts as lost. */
export const LINK_LOST_MS = 2500
/** A check never counts for more: timers stand still in a page that sleeps. */
const CHECK_LIMIT_MS = 1000

export function startWatch(nowMs: number): LinkWatch {
  return { receivedBytes: 0, silentMs: 0, checkedAtMs: nowMs }
}

/** The watch after a look at the connection, and what to do. */
export function checkLink(
  watch: LinkWatch,
  { receivedBytes, nowMs }: { readonly receivedBytes: number; readonly nowMs: number },
): { readonly watch: LinkWatch; readonly verdict: 'alive' | 'probe' | 'lost' } {
  const isSilent = receivedBytes === watch.receivedBytes
  const elapsedMs = Math.min(nowMs - watch.checkedAtMs, CHECK_LIMIT_MS)
  const silentMs = isSilent ? watch.silentMs + elapsedMs : 0
  return {
    watch: { receivedBytes, silentMs, checkedAtMs: nowMs },
    verdict: silentMs >= LINK_LOST_MS ? 'lost' : silentMs >= LINK_PROBE_MS ? 'probe' : 'alive',
  }
}

export interface LinkWatcher {
  readonly environment: Pick<Environment, 'nowMs' | 'after'>
  /** False ends the watch. */
  isCurrent(): boolean
  onSilent(): void
  onLost(): void
}

/** Looks at a connection twice a second until it is lost or no longer current. */
export function watchLink(link: Pick<PeerLink, 'receivedBytes'>, watcher: LinkWatcher): void {
  const { environment } = watcher
  let watch = startWatch(environment.nowMs())
  const look = async (): Promise<void> => {
    const receivedBytes = await link.receivedBytes()
    if (!watcher.isCurrent()) return
    const result = checkLink(watch, { receivedBytes, nowMs: environment.nowMs() })
    watch = result.watch
    if (result.verdict === 'lost') return watcher.onLost()
    if (result.verdict === 'probe') watcher.onSilent()
    environment.after(LINK_CHECK_MS, () => void look())
  }
  void look()
}

import { openMicrophone, type Microphone } from './microphone.ts'
import { openPeerLink, type LinkRequest, type PeerLink } from './peer-link.ts'
import type { Fetch } from './signalling.ts'
import { openSpeaker, type Speaker } from './speaker.ts'

/** What a call needs of the browser; a test hands in its own. */
export interface Environment {
  openMicrophone(): Promise<Microphone>
  openLink(request: LinkRequest): Promise<PeerLink>
  openSpeaker(onBlocked: () => void): Speaker
  readonly fetch: Fetch
  /** Monotonic, in ms. */
  nowMs(): number
  /** Calls `fire` once, `delayMs` from now. The function returned cancels it. */
  after(delayMs: number, fire: () => void): () => void
  /** Calls `fire` when the page goes away. The function returned cancels it. */
  onPageHide(fire: () => void): () => void
}

export const browserEnvironment: Environment = {
  openMicrophone,
  openLink: openPeerLink,
  openSpeaker,
  fetch: (url, init) => fetch(url, init),
  nowMs: () => performance.now(),
  after: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs)
    return () => clearTimeout(timer)
  },
  onPageHide: (fire) => {
    addEventListener('pagehide', fire)
    return () => removeEventListener('pagehide', fire)
  },
}

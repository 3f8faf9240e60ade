import {
  onDevicesChange,
  openMicrophone,
  type Microphone,
  type MicrophoneChoice,
} from './microphone.ts'
import { openPeerLink, type LinkRequest, type PeerLink } from './peer-link.ts'
import type { Fetch } from './signalling.ts'
import { openSpeaker, type Speaker } from './speaker.ts'

/** What a call needs of the browser; a test hands in its own. */
export interface Environment {
  openMicrophone(choice?: MicrophoneChoice): Promise<Microphone>
  openLink(request: LinkRequest): Promise<PeerLink>
  openSpeaker(onBlocked: () => void): Speaker
  readonly fetch: Fetch
  /** Monotonic, in ms. */
  nowMs(): number
  /** In ms since 1970. */
  wallMs(): number
  /** Calls `fire` once, `delayMs` from now. The function returned cancels it. */
  after(delayMs: number, fire: () => void): () => void
  /** Calls `fire` when the page goes away. The function returned cancels it. */
  onPageHide(fire: () => void): () => void
  /** Calls `fire` whenever a device is plugged in or out. The function returned cancels it. */
  onDevicesChange(fire: () => void): () => void
}

export const browserEnvironment: Environment = {
  openMicrophone,
  openLink: openPeerLink,
  openSpeaker,
  fetch: (url, init) => fetch(url, init),
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs)
    return () => clearTimeout(timer)
  },
  onPageHide: (fire) => {
    addEventListener('pagehide', fire)
    return () => removeEventListener('pagehide', fire)
  },
  onDevicesChange,
}

export function sleep(environment: Pick<Environment, 'after'>, delayMs: number): Promise<void> {
  return new Promise((resolve) => void environment.after(delayMs, resolve))
}

import type { Environment } from './environment.ts'
import type { Microphone, MicrophoneChoice } from './microphone.ts'
import type { LinkRequest, PeerLink } from './peer-link.ts'
import type { Speaker } from './speaker.ts'

interface Timer {
  readonly atMs: number
  readonly fire: () => void
}

/** One answer of the server to an HTTP request; `gone` is a server that is not there. */
export type Reply = { readonly status: number; readonly body?: string } | 'gone'

class FakeTrack extends EventTarget {
  enabled = true
  isStopped = false
}

/** A browser and a server in simulated time, for tests of the call. */
export class FakeEnvironment implements Environment {
  readonly requests: string[] = []
  readonly sent: { type: number; data: unknown; seqId: number; senderId: string }[] = []
  /** The microphone that was opened last, as its track. */
  track = new FakeTrack()
  /** The microphones that were asked for; `default` is none in particular. */
  readonly opened: string[] = []
  /** The streams that took the place of others in a connection. */
  readonly replaced: MediaStream[] = []
  /** What the server answers to joins, first to last; past the last it accepts. */
  replies: Reply[] = []
  bytesPerLook = 100
  microphoneFailure: Error | undefined
  #nowMs = 0
  #bytes = 0
  #timers: Timer[] = []
  #links: LinkRequest[] = []
  #pageHide: (() => void) | undefined
  #devicesChange: (() => void) | undefined

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { authorization } = init.headers as Record<string, string>
    this.requests.push(`${init.method} ${url} ${authorization}`)
    const reply =
      init.method === 'POST' ? (this.replies.shift() ?? { status: 201 }) : { status: 200 }
    if (reply === 'gone') throw new TypeError('Failed to fetch')
    const location = `/rtc/channels/c1/connections/${this.requests.length}`
    return new Response(reply.body ?? 'v=0', { status: reply.status, headers: { location } })
  }

  async openMicrophone({ deviceId = 'default' }: MicrophoneChoice = {}): Promise<Microphone> {
    if (this.microphoneFailure !== undefined) throw this.microphoneFailure
    this.opened.push(deviceId)
    const track = new FakeTrack()
    this.track = track
    return {
      stream: { getAudioTracks: () => [track] } as unknown as MediaStream,
      meter: { volume: () => 40, close: () => undefined },
      deviceId,
      label: `The ${deviceId} microphone`,
      close: () => {
        track.isStopped = true
      },
    }
  }

  async openLink(request: LinkRequest): Promise<PeerLink> {
    await request.answer('v=0 offer')
    this.#links.push(request)
    return {
      send: (text) => {
        this.sent.push(JSON.parse(text))
        return true
      },
      receivedBytes: async () => (this.#bytes += this.bytesPerLook),
      roundTripMs: async () => 30,
      replaceMicrophone: async (microphone) => void this.replaced.push(microphone),
      close: () => undefined,
    }
  }

  openSpeaker(): Speaker {
    const nothing = (): void => undefined
    return { play: nothing, resume: nothing, setMuted: nothing, volume: () => 7, close: nothing }
  }

  nowMs(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, fire: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, fire }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  onPageHide(fire: () => void): () => void {
    this.#pageHide = fire
    return () => {
      this.#pageHide = undefined
    }
  }

  onDevicesChange(fire: () => void): () => void {
    this.#devicesChange = fire
    return () => {
      this.#devicesChange = undefined
    }
  }

  /** Something was plugged in or out. */
  changeDevices(): void {
    this.#devicesChange?.()
  }

  hidePage(): void {
    this.#pageHide?.()
  }

  /** The agent says something over the newest connection. */
  receive(type: number, data: object, senderId = 'agent'): void {
    this.#links.at(-1)?.events.onMessage(JSON.stringify({ type, seqId: 1, senderId, data }))
  }

  /** The newest connection ends. */
  endLink(reason: 'closed' | 'lost'): void {
    this.#links.at(-1)?.events.onEnd(reason)
  }

  /** Lets time pass, timer by timer, with all that each of them sets in motion. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs
    for (;;) {
      await settle()
      const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined || next.atMs > untilMs) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.fire()
    }
    this.#nowMs = untilMs
  }
}

/** Lets promises that are ready run on. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

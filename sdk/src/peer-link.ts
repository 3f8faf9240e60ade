import { CallError } from './call-error.ts'
import { PONG, readChannelText } from './channel-text.ts'

/** One WebRTC connection to the server: sound both ways and messages. */
export interface PeerLink {
  /** False when the message could not be sent. */
  send(text: string): boolean
  /** All bytes received so far, except those of connectivity checks. */
  receivedBytes(): Promise<number>
  /** To the server and back, in ms; `undefined` before it has been measured. */
  roundTripMs(): Promise<number | undefined>
  /** Sends this microphone from now on. */
  replaceMicrophone(microphone: MediaStream): Promise<void>
  /** May be called twice. No event follows. */
  close(): void
}

export interface PeerLinkEvents {
  onMessage(text: string): void
  onSound(stream: MediaStream): void
  /** `closed`: the server said goodbye first; `lost`: the connection broke. Comes once. */
  onEnd(reason: 'closed' | 'lost'): void
}

export interface LinkRequest {
  readonly microphone: MediaStream
  readonly events: PeerLinkEvents
  /** Gives the offer to the server and returns its answer. */
  readonly answer: (offerSdp: string) => Promise<string>
  readonly signal: AbortSignal
}

/** Name of the data channel, agreed with the server. */
const CHANNEL_LABEL = 'messages'
/** The server learns our address from our packets, so candidates that come later are not missed. */
const GATHERING_LIMIT_MS = 2000
/** From the server's answer to the first message that could pass. */
const OPENING_LIMIT_MS = 10_000

/** Connects, and returns when messages pass. Throws CallError. */
export async function openPeerLink(request: LinkRequest): Promise<PeerLink> {
  // No ICE servers: the server's answer carries its candidates, and nobody else is asked.
  const connection = new RTCPeerConnection({ iceServers: [] })
  const channel = connection.createDataChannel(CHANNEL_LABEL, { ordered: true })
  let hasBye = false
  try {
    for (const track of request.microphone.getAudioTracks())
      connection.addTransceiver(track, { direction: 'sendrecv', streams: [request.microphone] })
    connection.addEventListener('track', ({ track, streams }) =>
      request.events.onSound(streams[0] ?? new MediaStream([track])),
    )
    channel.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return
      const own = readChannelText(data)
      if (own === 'ping') channel.send(PONG)
      else if (own === 'bye') {
        hasBye = true
        channel.close()
      } else if (own === undefined) request.events.onMessage(data)
    })
    await connection.setLocalDescription()
    await gathered(connection)
    const offerSdp = connection.localDescription?.sdp ?? ''
    const answerSdp = await request.answer(offerSdp)
    if (request.signal.aborted) throw new CallError('cancelled')
    await connection.setRemoteDescription({ type: 'answer', sdp: answerSdp })
    await opened({ connection, channel, signal: request.signal })
  } catch (error) {
    connection.close()
    if (error instanceof CallError) throw error
    throw new CallError('refused', error instanceof Error ? error.message : '')
  }
  return linkOf({ connection, channel, events: request.events, hasBye: () => hasBye })
}

interface Opened {
  readonly connection: RTCPeerConnection
  readonly channel: RTCDataChannel
}

interface LinkParts extends Opened {
  readonly events: PeerLinkEvents
  hasBye(): boolean
}

function linkOf({ connection, channel, events, hasBye }: LinkParts): PeerLink {
  let isEnded = false
  const end = (): void => {
    if (isEnded) return
    isEnded = true
    // A process that dies may close its connections, but it says no goodbye.
    events.onEnd(hasBye() ? 'closed' : 'lost')
  }
  channel.addEventListener('close', end)
  connection.addEventListener('connectionstatechange', () => {
    if (['failed', 'closed'].includes(connection.connectionState)) end()
  })
  return {
    send: (text) => {
      if (channel.readyState !== 'open') return false
      channel.send(text)
      return true
    },
    receivedBytes: async () => {
      let bytes = 0
      for (const report of (await connection.getStats()).values())
        if (report.type === 'candidate-pair') bytes += report.bytesReceived ?? 0
      return bytes
    },
    roundTripMs: async () => {
      for (const report of (await connection.getStats()).values()) {
        const seconds: unknown =
          report.type === 'candidate-pair' && report.nominated && report.currentRoundTripTime
        if (typeof seconds === 'number') return Math.round(seconds * 1000)
      }
      return undefined
    },
    replaceMicrophone: async (microphone) => {
      const [track = null] = microphone.getAudioTracks()
      await connection.getSenders()[0]?.replaceTrack(track)
    },
    close: () => {
      isEnded = true
      connection.close()
    },
  }
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    if (connection.iceGatheringState === 'complete') return resolve()
    const timer = setTimeout(resolve, GATHERING_LIMIT_MS)
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState !== 'complete') return
      clearTimeout(timer)
      resolve()
    })
  })
}

function opened({ connection, channel, signal }: Opened & { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('no answer over UDP'), OPENING_LIMIT_MS)
    const fail = (reason: string): void => {
      clearTimeout(timer)
      reject(new CallError(signal.aborted ? 'cancelled' : 'media-blocked', reason))
    }
    signal.addEventListener('abort', () => fail(''), { once: true })
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed') fail('the connection failed')
    })
    channel.addEventListener('close', () => fail('the server closed the connection'))
    const succeed = (): void => {
      clearTimeout(timer)
      resolve()
    }
    if (channel.readyState === 'open') succeed()
    else channel.addEventListener('open', succeed, { once: true })
  })
}

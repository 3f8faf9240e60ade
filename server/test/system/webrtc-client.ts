import { createSocket } from 'node:dgram'
import { Audio, type DataChannel, PeerConnection, type Track } from 'node-datachannel'
import { writeRtpHeader } from '../../src/media/rtp-packet.ts'

/** A client of the WebRTC channel as a test needs it: an audio track and the data channel `messages`. */
export interface TestClient {
  readonly peer: PeerConnection
  readonly messages: DataChannel
  readonly track: Track
  readonly offerSdp: string
  readonly received: Buffer[]
  readonly texts: string[]
  sendOpus(payload: Uint8Array, sequenceNumber: number): void
  close(): void
}

export const CLIENT_SSRC = 4711
export const CLIENT_PAYLOAD_TYPE = 96

/** A UDP port that nobody uses just now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, resolve))
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  return port
}

export async function makeClient(): Promise<TestClient> {
  const peer = new PeerConnection('client', {
    iceServers: [],
    disableAutoNegotiation: true,
  })
  const audio = new Audio('a', 'SendRecv')
  audio.addOpusCodec(CLIENT_PAYLOAD_TYPE)
  audio.addSSRC(CLIENT_SSRC, 'client', 'stream', 'track')
  const track = peer.addTrack(audio)
  const messages = peer.createDataChannel('messages')
  const received: Buffer[] = []
  const texts: string[] = []
  // Without a listener for its end a wrapper keeps the process alive.
  peer.onStateChange(() => {})
  track.onClosed(() => {})
  messages.onClosed(() => {})
  track.onMessage((bytes) => received.push(bytes))
  messages.onMessage((message) => texts.push(String(message)))
  await new Promise<void>((resolve) => {
    peer.onGatheringStateChange((state) => {
      if (state === 'complete') resolve()
    })
    peer.setLocalDescription('offer')
  })
  return {
    peer,
    messages,
    track,
    offerSdp: peer.localDescription()?.sdp ?? '',
    received,
    texts,
    sendOpus(payload, sequenceNumber) {
      const packet = Buffer.alloc(12 + payload.length)
      writeRtpHeader(packet, {
        payloadType: CLIENT_PAYLOAD_TYPE,
        hasMarker: false,
        sequenceNumber,
        timestamp: sequenceNumber * 960,
        ssrc: CLIENT_SSRC,
      })
      packet.set(payload, 12)
      track.sendMessageBinary(packet)
    },
    close() {
      messages.close()
      track.close()
      peer.close()
    },
  }
}

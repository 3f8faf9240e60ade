import { createHash } from 'node:crypto'
import type {
  Audio,
  DataChannel,
  Direction,
  IceUdpMuxListener,
  PeerConnection,
  Track,
} from 'node-datachannel'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { parseRtcp, writeReport } from '../media/rtcp.ts'
import { isRtcp } from '../media/rtp-packet.ts'
import {
  CHANNEL_LOST_MS,
  type Channel,
  type ChannelCloseReason,
  type ChannelEvents,
} from '../ports/channel.ts'
import {
  byeMessage,
  MESSAGE_LIMIT_BYTES,
  ownMessage,
  PING,
  PONG,
  SEND_LIMIT_BYTES,
} from './channel-protocol.ts'
import { InboundAudio } from './inbound-audio.ts'
import type { Offer } from './offer.ts'
import { OutboundAudio } from './outbound-audio.ts'

/** The one data channel of a call. */
export const MESSAGES_LABEL = 'messages'
/** How often we report what we received, and look whether the other side still lives. */
const REPORT_EVERY_MS = 1000
/** A ping goes out with every second report. */
const REPORTS_PER_PING = 2
/** Gathering has no server to ask, so the answer is a matter of milliseconds. */
const ANSWER_LIMIT_MS = 5000
/** Time for the bye to go out before the connection is torn down. */
const BYE_LINGER_MS = 300
/** What the other side's report of loss keeps of the one before. */
const LOSS_MEMORY = 0.8
const CNAME = 'antiphon'

/** The classes of the native package that are used, handed in because it is loaded late. */
export interface NativeTransport {
  readonly PeerConnection: typeof PeerConnection
  readonly Audio: typeof Audio
  readonly IceUdpMuxListener: typeof IceUdpMuxListener
}

export interface WebRtcChannelOptions {
  readonly native: NativeTransport
  readonly udpPort: number
  readonly offer: Offer
  readonly connectionId: string
  readonly userId: string
  readonly events: ChannelEvents
  readonly clock: Clock
  readonly log: Log
}

/**
 * A browser's connection. The native library carries packets only: it calls us back for each, and an
 * exception there would end the process, as would one in a send that nobody catches. So every callback
 * is guarded, and sound is decoded on the tick of the audio loop, never in a callback. `onClose` comes
 * while `close` runs; the native objects are freed a moment later.
 */
export class WebRtcChannel implements Channel {
  readonly connectionId: string
  readonly userId: string
  readonly #events: ChannelEvents
  readonly #clock: Clock
  readonly #log: Log
  readonly #offer: Offer
  readonly #peer: PeerConnection
  readonly #track: Track
  readonly #inbound: InboundAudio
  readonly #outbound: OutboundAudio
  readonly #ssrc: number
  readonly #createdMs: number
  #messages: DataChannel | undefined
  #state: 'connecting' | 'open' | 'closed' = 'connecting'
  #heardMs: number
  #loss = 0
  #reports = 0
  #failedSends = 0
  #cancelReport: () => void

  /** Throws when the native library refuses; nothing is left behind then. */
  constructor(options: WebRtcChannelOptions) {
    const { native, offer, udpPort, clock } = options
    this.connectionId = options.connectionId
    this.userId = options.userId
    this.#events = options.events
    this.#clock = clock
    this.#log = options.log
    this.#offer = offer
    const seed = createHash('sha256').update(options.connectionId).digest()
    this.#ssrc = seed.readUInt32BE(0) || 1
    this.#inbound = new InboundAudio({ payloadType: offer.opusPayloadType })
    this.#outbound = new OutboundAudio({
      ssrc: this.#ssrc,
      payloadType: offer.opusPayloadType,
      firstSequence: seed.readUInt16BE(4),
      firstTimestamp: seed.readUInt32BE(6),
    })
    this.#createdMs = clock.nowMs()
    this.#heardMs = this.#createdMs
    this.#peer = new native.PeerConnection(options.connectionId, {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: udpPort,
      portRangeEnd: udpPort,
      disableAutoNegotiation: true,
      maxMessageSize: MESSAGE_LIMIT_BYTES,
    })
    this.#track = this.#addTrack(native)
    this.#listen()
    this.#cancelReport = clock.after(REPORT_EVERY_MS, () => this.#everySecond())
  }

  /** The answer to the offer, with all candidates. On failure the channel is gone, without `onClose`. */
  async answer(): Promise<Result<string, string>> {
    const gathered = new Promise<Result<string, string>>((resolve) => {
      const cancel = this.#clock.after(ANSWER_LIMIT_MS, () => resolve(fail('no candidates')))
      const look = (): void => {
        const description = this.#peer.localDescription()
        if (this.#peer.gatheringState() !== 'complete' || description === null) return
        cancel()
        resolve(ok(description.sdp))
      }
      this.#peer.onGatheringStateChange(this.#guard(look))
      try {
        this.#peer.setRemoteDescription(this.#offer.sdp, 'offer')
        this.#peer.setLocalDescription('answer')
      } catch (error) {
        cancel()
        resolve(fail(error instanceof Error ? error.message : String(error)))
      }
    })
    const answer = await gathered
    if (answer.ok && this.#state !== 'closed') return answer
    this.#log.warn('webrtc answer failed', { reason: answer.ok ? 'closed' : answer.error })
    if (this.#state !== 'closed') this.#stop(0)
    return fail('The transport cannot answer this offer.')
  }

  readAudio(nowMs: number): Int16Array | undefined {
    if (this.#state !== 'open') return undefined
    return this.#process(() => this.#inbound.read(nowMs))
  }

  writeAudio(frame: Int16Array | undefined, nowMs: number): void {
    if (this.#state !== 'open' || this.#offer.audioDirection === 'sendonly') return
    const packet = this.#process(() => this.#outbound.write(frame, nowMs))
    if (packet !== undefined) this.#attempt(() => this.#track.sendMessageBinary(packet))
  }

  sendMessage(text: string): void {
    if (this.#state === 'open') this.#send(text)
  }

  close(reason: ChannelCloseReason): void {
    if (this.#state === 'closed') return
    const bye = byeMessage(reason)
    const hasBye = bye !== undefined && this.#state === 'open'
    if (hasBye) this.#send(bye)
    // Sending may have found the connection gone.
    if (this.#isClosed()) return
    this.#stop(hasBye ? BYE_LINGER_MS : 0)
    this.#log.info('channel closed', {
      connectionId: this.connectionId,
      reason,
      failedSends: this.#failedSends,
      ...this.#inbound.counts,
    })
    this.#tell(() => this.#events.onClose(reason))
  }

  #addTrack(native: NativeTransport): Track {
    const { audioMid, audioDirection, opusPayloadType } = this.#offer
    const directions: Record<Offer['audioDirection'], Direction> = {
      sendrecv: 'SendRecv',
      sendonly: 'RecvOnly',
      recvonly: 'SendOnly',
    }
    try {
      const audio = new native.Audio(audioMid, directions[audioDirection])
      audio.addOpusCodec(opusPayloadType, 'minptime=10;useinbandfec=1')
      audio.addSSRC(this.#ssrc, CNAME, 'agent', 'agent-audio')
      return this.#peer.addTrack(audio)
    } catch (error) {
      this.#peer.close()
      throw error
    }
  }

  #listen(): void {
    this.#track.onOpen(this.#guard(() => this.#openIfReady()))
    this.#track.onMessage(this.#guard((bytes: Buffer) => this.#receive(bytes)))
    // The wrappers forget their native halves only if somebody listens for the end.
    this.#track.onClosed(this.#guard(() => undefined))
    this.#peer.onDataChannel(this.#guard((channel: DataChannel) => this.#adopt(channel)))
    this.#peer.onStateChange(
      this.#guard((state: string) => {
        if (state === 'connected') this.#openIfReady()
        if (state === 'failed') this.close('lost')
        if (state === 'closed') this.close('hang-up')
      }),
    )
  }

  #adopt(channel: DataChannel): void {
    if (channel.getLabel() !== MESSAGES_LABEL || this.#messages !== undefined) {
      this.#log.warn('data channel refused', { connectionId: this.connectionId })
      channel.onClosed(this.#guard(() => undefined))
      channel.close()
      return
    }
    this.#messages = channel
    channel.onOpen(this.#guard(() => this.#openIfReady()))
    channel.onClosed(this.#guard(() => this.close('hang-up')))
    channel.onError(this.#guard(() => undefined))
    channel.onMessage(
      this.#guard((message: string | Buffer | ArrayBuffer) => {
        if (typeof message === 'string') this.#take(message)
      }),
    )
    this.#openIfReady()
  }

  #openIfReady(): void {
    if (this.#state !== 'connecting' || this.#messages?.isOpen() !== true) return
    if (!this.#track.isOpen()) return
    this.#state = 'open'
    this.#heardMs = this.#clock.nowMs()
    this.#tell(() => this.#events.onOpen())
  }

  #take(text: string): void {
    this.#heardMs = this.#clock.nowMs()
    const own = ownMessage(text)
    if (own === 'ping') this.#send(PONG)
    if (own !== undefined || this.#state === 'closed') return
    // A message may come in the same moment as the last sign that the connection is open.
    this.#openIfReady()
    this.#tell(() => this.#events.onMessage(text))
  }

  #receive(bytes: Buffer): void {
    if (this.#state === 'closed') return
    const nowMs = this.#clock.nowMs()
    this.#heardMs = nowMs
    if (isRtcp(bytes)) this.#takeReports(bytes, nowMs)
    else this.#inbound.push(bytes, nowMs)
  }

  #takeReports(bytes: Buffer, nowMs: number): void {
    for (const packet of parseRtcp(bytes)) {
      if (packet.type !== 'sender-report' && packet.type !== 'receiver-report') continue
      if (packet.type === 'sender-report') this.#inbound.noteSenderReport(packet.ntpMiddle, nowMs)
      const block = packet.blocks.find((each) => each.ssrc === this.#ssrc)
      if (block === undefined) continue
      this.#loss = Math.max(block.fractionLost / 256, this.#loss * LOSS_MEMORY)
      this.#outbound.setLoss(this.#loss)
    }
  }

  #everySecond(): void {
    if (this.#state === 'closed') return
    const nowMs = this.#clock.nowMs()
    const sinceMs = this.#state === 'open' ? this.#heardMs : this.#createdMs
    if (nowMs - sinceMs >= CHANNEL_LOST_MS) {
      this.close('lost')
      return
    }
    this.#cancelReport = this.#clock.after(REPORT_EVERY_MS, () => this.#everySecond())
    if (this.#state !== 'open') return
    this.#reports += 1
    if (this.#reports % REPORTS_PER_PING === 0) this.#send(PING)
    this.#attempt(() => this.#sendReport(nowMs))
  }

  #sendReport(nowMs: number): void {
    const sent = this.#outbound.report(nowMs, this.#clock.wallMs())
    const received = this.#inbound.report(nowMs)
    const report = writeReport({
      ssrc: this.#ssrc,
      cname: CNAME,
      ...(sent && { sent }),
      ...(received && { received }),
    })
    this.#track.sendMessageBinary(Buffer.from(report.buffer))
  }

  #send(text: string): void {
    const messages = this.#messages
    if (messages === undefined) return
    const waitingBytes = this.#attempt(() => {
      messages.sendMessage(text)
      return messages.bufferedAmount()
    })
    if (waitingBytes !== undefined && waitingBytes > SEND_LIMIT_BYTES) this.close('lost')
  }

  /** Ends all activity at once, and the native objects later: never inside one of their callbacks. */
  #stop(lingerMs: number): void {
    this.#state = 'closed'
    this.#cancelReport()
    this.#inbound.close()
    this.#clock.after(lingerMs, () => {
      for (const part of [this.#messages, this.#track, this.#peer])
        this.#attempt(() => part?.close())
    })
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Work of our own on sound: an exception is a bug and ends this connection, not the tick. */
  #process<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      this.#log.error('channel sound failed', {
        connectionId: this.connectionId,
        stack: error instanceof Error ? error.stack : String(error),
      })
      this.close('kicked')
      return undefined
    }
  }

  /** A native call, whose failure means that the connection is going or gone: it is counted only. */
  #attempt<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch {
      this.#failedSends += 1
      return undefined
    }
  }

  /** Tells the call something; an exception in there is its bug and must not reach native code. */
  #tell(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#log.error('channel event failed', {
        connectionId: this.connectionId,
        stack: error instanceof Error ? error.stack : String(error),
      })
    }
  }

  #guard<A extends unknown[]>(act: (...args: A) => void): (...args: A) => void {
    return (...args) => this.#tell(() => act(...args))
  }
}

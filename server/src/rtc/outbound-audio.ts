import { FRAME_MS, OUTPUT_FRAME_SAMPLES } from '../media/pcm.ts'
import type { OwnReport } from '../media/rtcp.ts'
import { RTP_HEADER_BYTES, writeRtpHeader } from '../media/rtp-packet.ts'
import { OPUS_CLOCK_HZ } from './inbound-audio.ts'
import { OpusEncoder } from './opus-encoder.ts'

/** RTP time of a frame of 20 ms. */
const FRAME_TICKS = (OPUS_CLOCK_HZ * FRAME_MS) / 1000
/** So many silent frames still go out after sound, so that the other side's decoder ends it softly. */
export const TAIL_FRAMES = 5
/** A sample up to this is silence: dither, not sound. */
const SILENT_AMPLITUDE = 2
const PACKET_LIMIT_BYTES = 1500
const SILENCE = new Int16Array(OUTPUT_FRAME_SAMPLES)

/** What the agent says: frames of 20 ms at 24 kHz in, RTP packets out; in silence none. */
export class OutboundAudio {
  readonly #ssrc: number
  readonly #payloadType: number
  readonly #packet = Buffer.alloc(PACKET_LIMIT_BYTES)
  /** Made when the agent first speaks. */
  #encoder: OpusEncoder | undefined
  #sequenceNumber: number
  readonly #firstTimestamp: number
  /** When the first frame went out. */
  #startMs: number | undefined
  /** The frame sent last, counted in time: silence counts too. */
  #frame = -1
  #sentMs = 0
  #tailFrames = 0
  #isSending = false
  #loss = 0
  #packets = 0
  #octets = 0
  #hasSentSinceReport = false

  constructor(options: {
    readonly ssrc: number
    readonly payloadType: number
    readonly firstSequence: number
    readonly firstTimestamp: number
  }) {
    this.#ssrc = options.ssrc
    this.#payloadType = options.payloadType
    this.#sequenceNumber = options.firstSequence & 0xffff
    this.#firstTimestamp = options.firstTimestamp
  }

  /** The packet for this frame, valid until the next call; `undefined` when nothing is to be sent. */
  write(frame: Int16Array | undefined, nowMs: number): Buffer | undefined {
    const isSilent = frame === undefined || isSilence(frame)
    if (isSilent && this.#tailFrames === 0) {
      this.#isSending = false
      return undefined
    }
    this.#tailFrames = isSilent ? this.#tailFrames - 1 : TAIL_FRAMES
    if (this.#encoder === undefined) {
      this.#encoder = new OpusEncoder()
      this.#encoder.setLoss(this.#loss)
    }
    const payload = this.#encoder.encode(frame ?? SILENCE)
    if (payload.length > PACKET_LIMIT_BYTES - RTP_HEADER_BYTES) return undefined
    this.#advance(nowMs)
    writeRtpHeader(this.#packet, {
      payloadType: this.#payloadType,
      hasMarker: !this.#isSending,
      sequenceNumber: this.#sequenceNumber,
      timestamp: this.#timestamp(),
      ssrc: this.#ssrc,
    })
    this.#packet.set(payload, RTP_HEADER_BYTES)
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff
    this.#isSending = true
    this.#packets += 1
    this.#octets += payload.length
    this.#hasSentSinceReport = true
    return this.#packet.subarray(0, RTP_HEADER_BYTES + payload.length)
  }

  /** What the other side says it loses of our packets, 0…1. */
  setLoss(share: number): void {
    this.#loss = share
    this.#encoder?.setLoss(share)
  }

  /** The sender's part of our next report, if anything was sent since the last. */
  report(nowMs: number, wallMs: number): OwnReport['sent'] {
    if (!this.#hasSentSinceReport) return undefined
    this.#hasSentSinceReport = false
    const sinceTicks = Math.round(((nowMs - this.#sentMs) * OPUS_CLOCK_HZ) / 1000)
    return {
      wallMs,
      rtpTimestamp: (this.#timestamp() + sinceTicks) >>> 0,
      packets: this.#packets >>> 0,
      octets: this.#octets >>> 0,
    }
  }

  /** One frame on; after silence by as many as time has passed. */
  #advance(nowMs: number): void {
    this.#startMs ??= nowMs
    const due = Math.round((nowMs - this.#startMs) / FRAME_MS)
    this.#frame = this.#isSending ? this.#frame + 1 : Math.max(this.#frame + 1, due)
    this.#sentMs = nowMs
  }

  #timestamp(): number {
    return (this.#firstTimestamp + this.#frame * FRAME_TICKS) >>> 0
  }
}

function isSilence(frame: Int16Array): boolean {
  for (const sample of frame)
    if (sample > SILENT_AMPLITUDE || sample < -SILENT_AMPLITUDE) return false
  return true
}

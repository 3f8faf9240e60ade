import type { ReportBlock } from './rtcp.ts'
import { sequenceDistance, type RtpPacket } from './rtp-packet.ts'

/** A jump of sequence numbers beyond this is a sender that began anew, not loss. */
const RESTART_DISTANCE = 3000
const MAX_PACKETS_LOST = 0x7fffff

/**
 * How well one stream arrives, by RFC 3550, appendices A.3 and A.8, told back to the sender in our
 * reports: a browser adds forward error correction only when they speak of loss.
 */
export class ReceptionStatistics {
  readonly #clockHz: number
  #ssrc: number | undefined
  #base = 0
  #highest = 0
  #received = 0
  #expectedBefore = 0
  #receivedBefore = 0
  #jitter = 0
  #transit: number | undefined
  #lastSenderReport = 0
  #lastSenderReportMs = 0

  constructor(options: { readonly clockHz: number }) {
    this.#clockHz = options.clockHz
  }

  /** Counts a packet that came at `nowMs`. */
  note(packet: RtpPacket, nowMs: number): void {
    if (packet.ssrc !== this.#ssrc) this.#restart(packet)
    const distance = sequenceDistance(this.#highest & 0xffff, packet.sequenceNumber)
    if (Math.abs(distance) > RESTART_DISTANCE) this.#restart(packet)
    else if (distance > 0) this.#highest += distance
    this.#received += 1
    const arrival = Math.round((nowMs * this.#clockHz) / 1000)
    const transit = (arrival - packet.timestamp) | 0
    if (this.#transit !== undefined) {
      const difference = Math.abs((transit - this.#transit) | 0)
      this.#jitter += (difference - this.#jitter) / 16
    }
    this.#transit = transit
  }

  /** Remembers the sender's report, from which it learns the round trip. */
  noteSenderReport(ntpMiddle: number, nowMs: number): void {
    this.#lastSenderReport = ntpMiddle
    this.#lastSenderReportMs = nowMs
  }

  /** The block for our next report, which begins a new interval; `undefined` while nothing came. */
  report(nowMs: number): ReportBlock | undefined {
    if (this.#ssrc === undefined) return undefined
    const expected = this.#highest - this.#base + 1
    const expectedSince = expected - this.#expectedBefore
    const lostSince = expectedSince - (this.#received - this.#receivedBefore)
    this.#expectedBefore = expected
    this.#receivedBefore = this.#received
    const isLossy = expectedSince > 0 && lostSince > 0
    const sinceReportS = (nowMs - this.#lastSenderReportMs) / 1000
    return {
      ssrc: this.#ssrc,
      fractionLost: isLossy ? Math.min(255, Math.floor((lostSince * 256) / expectedSince)) : 0,
      packetsLost: Math.max(
        -MAX_PACKETS_LOST,
        Math.min(MAX_PACKETS_LOST, expected - this.#received),
      ),
      highestSequence: this.#highest >>> 0,
      jitter: Math.floor(this.#jitter),
      lastSenderReport: this.#lastSenderReport,
      delaySinceLast: this.#lastSenderReport === 0 ? 0 : Math.round(sinceReportS * 65_536),
    }
  }

  #restart(packet: RtpPacket): void {
    this.#ssrc = packet.ssrc
    this.#base = packet.sequenceNumber
    this.#highest = packet.sequenceNumber
    this.#received = 0
    this.#expectedBefore = 0
    this.#receivedBefore = 0
    this.#transit = undefined
    this.#jitter = 0
  }
}

/** What we understand of RTCP (RFC 3550, section 6; NACK: RFC 4585). */
export type RtcpPacket =
  | {
      readonly type: 'sender-report'
      readonly ssrc: number
      /** The middle 32 bits of the NTP time, to be given back in our own report. */
      readonly ntpMiddle: number
      readonly rtpTimestamp: number
      readonly blocks: readonly ReportBlock[]
    }
  | {
      readonly type: 'receiver-report'
      readonly ssrc: number
      readonly blocks: readonly ReportBlock[]
    }
  | { readonly type: 'bye'; readonly ssrcs: readonly number[] }
  | {
      readonly type: 'nack'
      readonly mediaSsrc: number
      readonly sequenceNumbers: readonly number[]
    }

/** How well one stream is received. */
export interface ReportBlock {
  /** The stream this is about. */
  readonly ssrc: number
  /** Of the packets since the last report, in 1/256. */
  readonly fractionLost: number
  /** Since the beginning, 24 bits with sign. */
  readonly packetsLost: number
  /** Extended: wraps in the upper 16 bits. */
  readonly highestSequence: number
  /** In units of the codec's clock. */
  readonly jitter: number
  /** `ntpMiddle` of the last sender report, 0 if there was none. */
  readonly lastSenderReport: number
  /** Since that report, in 1/65536 s. */
  readonly delaySinceLast: number
}

const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const SOURCE_DESCRIPTION = 202
const BYE = 203
const TRANSPORT_FEEDBACK = 205
const GENERIC_NACK = 1
const CNAME_ITEM = 1
const BLOCK_BYTES = 24
/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_EPOCH_S = 2_208_988_800

/** Reads a compound packet; parts that are malformed or of no interest are left out. */
export function parseRtcp(bytes: Uint8Array): RtcpPacket[] {
  const packets: RtcpPacket[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let start = 0
  while (start + 4 <= bytes.length) {
    const end = start + 4 + view.getUint16(start + 2) * 4
    if (view.getUint8(start) >> 6 !== 2 || end > bytes.length) break
    const part = new DataView(bytes.buffer, bytes.byteOffset + start, end - start)
    const packet = parsePart(part)
    if (packet !== undefined) packets.push(packet)
    start = end
  }
  return packets
}

function parsePart(part: DataView): RtcpPacket | undefined {
  const count = part.getUint8(0) & 0x1f
  switch (part.getUint8(1)) {
    case SENDER_REPORT:
      if (part.byteLength < 28) return undefined
      return {
        type: 'sender-report',
        ssrc: part.getUint32(4),
        ntpMiddle: ((part.getUint32(8) << 16) | (part.getUint32(12) >>> 16)) >>> 0,
        rtpTimestamp: part.getUint32(16),
        blocks: parseBlocks(part, 28, count),
      }
    case RECEIVER_REPORT:
      if (part.byteLength < 8) return undefined
      return {
        type: 'receiver-report',
        ssrc: part.getUint32(4),
        blocks: parseBlocks(part, 8, count),
      }
    case BYE: {
      const ssrcs: number[] = []
      for (let at = 4; ssrcs.length < count && at + 4 <= part.byteLength; at += 4)
        ssrcs.push(part.getUint32(at))
      return { type: 'bye', ssrcs }
    }
    case TRANSPORT_FEEDBACK:
      if (count !== GENERIC_NACK || part.byteLength < 16) return undefined
      return {
        type: 'nack',
        mediaSsrc: part.getUint32(8),
        sequenceNumbers: parseNack(part),
      }
  }
  return undefined
}

function parseBlocks(part: DataView, from: number, count: number): ReportBlock[] {
  const blocks: ReportBlock[] = []
  for (let at = from; blocks.length < count && at + BLOCK_BYTES <= part.byteLength;) {
    blocks.push({
      ssrc: part.getUint32(at),
      fractionLost: part.getUint8(at + 4),
      packetsLost: (part.getUint32(at + 4) << 8) >> 8,
      highestSequence: part.getUint32(at + 8),
      jitter: part.getUint32(at + 12),
      lastSenderReport: part.getUint32(at + 16),
      delaySinceLast: part.getUint32(at + 20),
    })
    at += BLOCK_BYTES
  }
  return blocks
}

/** Each entry is one packet's number and a bit mask of the 16 after it. */
function parseNack(part: DataView): number[] {
  const lost: number[] = []
  for (let at = 12; at + 4 <= part.byteLength; at += 4) {
    const first = part.getUint16(at)
    const mask = part.getUint16(at + 2)
    lost.push(first)
    for (let bit = 0; bit < 16; bit += 1)
      if ((mask & (1 << bit)) !== 0) lost.push((first + bit + 1) & 0xffff)
  }
  return lost
}

export interface OwnReport {
  readonly ssrc: number
  readonly cname: string
  /** What we have sent; absent when nothing went out since the last report. */
  readonly sent?: {
    readonly wallMs: number
    /** The codec's clock at `wallMs`. */
    readonly rtpTimestamp: number
    readonly packets: number
    /** Payload only. */
    readonly octets: number
  }
  /** What we receive; absent while nobody sends. */
  readonly received?: ReportBlock
}

/** Our compound packet: a sender or receiver report and the SDES chunk that has to go with it. */
export function writeReport(report: OwnReport): Uint8Array {
  const cname = new TextEncoder().encode(report.cname)
  const reportBytes =
    (report.sent === undefined ? 8 : 28) + (report.received === undefined ? 0 : BLOCK_BYTES)
  // Header and SSRC, the item with its two bytes of head, at least one zero, a multiple of four.
  const descriptionBytes = 8 + Math.ceil((cname.length + 3) / 4) * 4
  const bytes = new Uint8Array(reportBytes + descriptionBytes)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 0x80 | (report.received === undefined ? 0 : 1))
  view.setUint8(1, report.sent === undefined ? RECEIVER_REPORT : SENDER_REPORT)
  view.setUint16(2, reportBytes / 4 - 1)
  view.setUint32(4, report.ssrc)
  let at = 8
  if (report.sent !== undefined) {
    const { wallMs, rtpTimestamp, packets, octets } = report.sent
    view.setUint32(8, Math.floor(wallMs / 1000) + NTP_EPOCH_S)
    view.setUint32(12, Math.floor(((wallMs % 1000) / 1000) * 2 ** 32))
    view.setUint32(16, rtpTimestamp)
    view.setUint32(20, packets)
    view.setUint32(24, octets)
    at = 28
  }
  if (report.received !== undefined) writeBlock(view, at, report.received)
  view.setUint8(reportBytes, 0x81)
  view.setUint8(reportBytes + 1, SOURCE_DESCRIPTION)
  view.setUint16(reportBytes + 2, descriptionBytes / 4 - 1)
  view.setUint32(reportBytes + 4, report.ssrc)
  view.setUint8(reportBytes + 8, CNAME_ITEM)
  view.setUint8(reportBytes + 9, cname.length)
  bytes.set(cname, reportBytes + 10)
  return bytes
}

function writeBlock(view: DataView, at: number, block: ReportBlock): void {
  view.setUint32(at, block.ssrc)
  view.setUint32(at + 4, (block.fractionLost << 24) | (block.packetsLost & 0xffffff))
  view.setUint32(at + 8, block.highestSequence)
  view.setUint32(at + 12, block.jitter)
  view.setUint32(at + 16, block.lastSenderReport)
  view.setUint32(at + 20, block.delaySinceLast)
}

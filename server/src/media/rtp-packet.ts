/**
 * One RTP packet (RFC 3550, section 5.1):
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * |   CC × 4 bytes of CSRC, then if X: extension, 4 + 4 × length  |
 * |   payload, then if P: padding, whose last byte is its length  |
 */
export interface RtpPacket {
  readonly payloadType: number
  readonly hasMarker: boolean
  /** 16 bits, wraps. */
  readonly sequenceNumber: number
  /** 32 bits, in units of the codec's clock, wraps. */
  readonly timestamp: number
  readonly ssrc: number
  /** A view into the bytes that were parsed. */
  readonly payload: Uint8Array
}

export const RTP_HEADER_BYTES = 12

/** RTCP shares the port; its packet types lie where RTP would have payload types 64…95 (RFC 5761). */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0
  return type >= 192 && type <= 223
}

/** Reads a packet; `undefined` when it is malformed. */
export function parseRtp(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < RTP_HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = view.getUint8(0)
  if (first >> 6 !== 2) return undefined
  let start = RTP_HEADER_BYTES + (first & 0x0f) * 4
  if ((first & 0x10) !== 0) {
    if (start + 4 > bytes.length) return undefined
    start += 4 + view.getUint16(start + 2) * 4
  }
  let end = bytes.length
  if ((first & 0x20) !== 0) {
    const paddingBytes = view.getUint8(end - 1)
    if (paddingBytes === 0) return undefined
    end -= paddingBytes
  }
  if (start > end) return undefined
  const second = view.getUint8(1)
  return {
    payloadType: second & 0x7f,
    hasMarker: (second & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  }
}

/** Writes a header of {@link RTP_HEADER_BYTES} at the start of `into`; the payload follows it. */
export function writeRtpHeader(into: Uint8Array, packet: Omit<RtpPacket, 'payload'>): void {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength)
  view.setUint8(0, 0x80)
  view.setUint8(1, (packet.hasMarker ? 0x80 : 0) | packet.payloadType)
  view.setUint16(2, packet.sequenceNumber)
  view.setUint32(4, packet.timestamp)
  view.setUint32(8, packet.ssrc)
}

/** How far `to` lies ahead of `from` on the circle of 16 bits: -32768…32767. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16
}

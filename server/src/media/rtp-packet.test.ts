import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRtcp, parseRtp, sequenceDistance, writeRtpHeader } from './rtp-packet.ts'

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

test('a packet with CSRC, header extension and padding gives its payload', () => {
  // V=2 P X CC=1 | M PT=111 | 65534 | 0x01020304 | SSRC | CSRC | one-byte extension of one word | payload | padding
  const packet = parseRtp(
    bytesOf('b1ef fffe 01020304 0a0b0c0d 11111111 bede0001 10800000 aabbcc 000003'),
  )
  assert.deepEqual(packet && { ...packet, payload: [...packet.payload] }, {
    payloadType: 111,
    hasMarker: true,
    sequenceNumber: 65_534,
    timestamp: 0x01020304,
    ssrc: 0x0a0b0c0d,
    payload: [0xaa, 0xbb, 0xcc],
  })
})

test('what is written is what is read', () => {
  const header = {
    payloadType: 96,
    hasMarker: false,
    sequenceNumber: 7,
    timestamp: 0xfffffff0,
    ssrc: 0xdeadbeef,
  }
  const bytes = new Uint8Array(14)
  writeRtpHeader(bytes, header)
  bytes.set([1, 2], 12)
  assert.equal(Buffer.from(bytes).toString('hex'), '80600007fffffff0deadbeef0102')
  assert.deepEqual(parseRtp(bytes), { ...header, payload: Uint8Array.of(1, 2) })
})

test('malformed packets are refused, never read past their end', () => {
  const wrong = [
    '',
    '80',
    '806000070000000100000001'.slice(0, 22), // 11 bytes
    '406000070000000100000001', // version 1
    '8f6000070000000100000001', // 15 CSRC that are not there
    '906000070000000100000001', // an extension that is not there
    '906000070000000100000001bede0009', // an extension longer than the packet
    'a06000070000000100000001aa00', // padding of 0
    'a06000070000000100000001aaff', // padding longer than the packet
  ]
  for (const hex of wrong) assert.equal(parseRtp(bytesOf(hex)), undefined, hex)
})

test('RTCP is told from RTP on the same port', () => {
  assert.equal(isRtcp(bytesOf('80c80006')), true)
  assert.equal(isRtcp(bytesOf('81cd0003')), true)
  assert.equal(isRtcp(bytesOf('806f0001')), false)
  assert.equal(isRtcp(bytesOf('80ef0001')), false)
})

test('distances between sequence numbers wrap', () => {
  assert.equal(sequenceDistance(65_535, 2), 3)
  assert.equal(sequenceDistance(2, 65_535), -3)
  assert.equal(sequenceDistance(100, 100), 0)
})

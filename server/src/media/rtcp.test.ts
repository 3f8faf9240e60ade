import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReceptionStatistics } from './reception-statistics.ts'
import { parseRtcp, writeReport } from './rtcp.ts'

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

test('our sender report with a report block and SDES, byte by byte', () => {
  const report = writeReport({
    ssrc: 0x01020304,
    cname: 'abc',
    sent: { wallMs: 500, rtpTimestamp: 960, packets: 5, octets: 300 },
    received: {
      ssrc: 0x0a0b0c0d,
      fractionLost: 64,
      packetsLost: -1,
      highestSequence: 0x00010005,
      jitter: 7,
      lastSenderReport: 0x11223344,
      delaySinceLast: 65_536,
    },
  })
  assert.equal(
    Buffer.from(report).toString('hex'),
    [
      '81c8000c01020304',
      '83aa7e8080000000000003c0000000050000012c',
      '0a0b0c0d40ffffff00010005000000071122334400010000',
      '81ca000301020304',
      '0103616263000000',
    ].join(''),
  )
  const [read] = parseRtcp(report)
  assert.ok(read?.type === 'sender-report')
  assert.equal(read.ntpMiddle, 0x7e808000)
  assert.equal(read.blocks[0]?.packetsLost, -1)
})

test('a report without sound either way is a receiver report', () => {
  const report = writeReport({ ssrc: 1, cname: 'a' })
  assert.equal(Buffer.from(report).toString('hex'), '80c900010000000181ca00020000000101016100')
})

test('compound packets with BYE and NACK are read, malformed ends are left out', () => {
  const packets = parseRtcp(
    bytesOf('80c90001 0000000981cd0003 00000009 00000007 fffe000581cb0001 0000000981c9'),
  )
  assert.deepEqual(packets, [
    { type: 'receiver-report', ssrc: 9, blocks: [] },
    { type: 'nack', mediaSsrc: 7, sequenceNumbers: [65_534, 65_535, 1] },
    { type: 'bye', ssrcs: [9] },
  ])
  assert.deepEqual(parseRtcp(bytesOf('80c80001 00000009')), [])
  assert.deepEqual(parseRtcp(bytesOf('81c9ffff 00000009')), [])
})

const packet = (sequenceNumber: number, timestamp = sequenceNumber * 960) => ({
  payloadType: 111,
  hasMarker: false,
  sequenceNumber: sequenceNumber & 0xffff,
  timestamp: timestamp >>> 0,
  ssrc: 42,
  payload: new Uint8Array(1),
})

test('reports tell the loss of each interval, across the wrap of sequence numbers', () => {
  const statistics = new ReceptionStatistics({ clockHz: 48_000 })
  assert.equal(statistics.report(0), undefined)
  for (let n = 65_500; n < 65_550; n += 1) if (n % 5 !== 0) statistics.note(packet(n), n * 20)
  const first = statistics.report(1000)
  // 65500 and its like are missing; the first that came is 65501, so 49 were expected and 40 came.
  assert.equal(first?.packetsLost, 9)
  assert.equal(first?.fractionLost, Math.floor((9 * 256) / 49))
  assert.equal(first?.highestSequence, 0x10000 + (65_549 & 0xffff))
  for (let n = 65_550; n < 65_600; n += 1) statistics.note(packet(n), n * 20)
  const second = statistics.report(2000)
  assert.equal(second?.fractionLost, 0)
  assert.equal(second?.packetsLost, 9)
  assert.equal(second?.jitter, 0)
})

test('jitter is in units of the clock, and the round trip is answered', () => {
  const statistics = new ReceptionStatistics({ clockHz: 48_000 })
  for (let n = 0; n < 400; n += 1) statistics.note(packet(n), n * 20 + (n % 2) * 10)
  statistics.noteSenderReport(0xabcd, 8000)
  const report = statistics.report(8500)
  // Every packet differs from the last by 10 ms: 480 units.
  assert.ok(report !== undefined && Math.abs(report.jitter - 480) < 5, String(report?.jitter))
  assert.equal(report.lastSenderReport, 0xabcd)
  assert.equal(report.delaySinceLast, 32_768)
})

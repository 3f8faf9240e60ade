import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Resampler } from '../media/resample.ts'
import { RTP_HEADER_BYTES, parseRtp, writeRtpHeader } from '../media/rtp-packet.ts'
import { readWav } from '../media/wav.ts'
import { InboundAudio } from './inbound-audio.ts'
import { OpusDecoder } from './opus-decoder.ts'
import { OpusEncoder } from './opus-encoder.ts'
import { OutboundAudio, TAIL_FRAMES } from './outbound-audio.ts'

/** A sentence as Opus packets, encoded for a line that loses `share` of them. */
function packetsOf(name: string, share: number): Buffer[] {
  const wav = readWav(readFileSync(new URL(`../../test/audio/${name}.wav`, import.meta.url)))
  assert.ok(wav.ok)
  const sound = new Resampler({ fromHz: 16_000, toHz: 24_000 }).process(wav.value.samples)
  const encoder = new OpusEncoder()
  encoder.setLoss(share)
  const packets: Buffer[] = []
  for (let at = 0; at + 480 <= sound.length; at += 480) {
    const payload = encoder.encode(sound.subarray(at, at + 480))
    const packet = Buffer.alloc(RTP_HEADER_BYTES + payload.length)
    writeRtpHeader(packet, {
      payloadType: 111,
      hasMarker: false,
      sequenceNumber: (65_500 + packets.length) & 0xffff,
      timestamp: packets.length * 960,
      ssrc: 5,
    })
    packet.set(payload, RTP_HEADER_BYTES)
    packets.push(packet)
  }
  return packets
}

/** Plays packets one each 20 ms; `isLost` says which never come. One entry a tick. */
function listen(packets: readonly Buffer[], isLost: (index: number) => boolean) {
  const inbound = new InboundAudio({ payloadType: 111 })
  const frames: (Int16Array | undefined)[] = []
  for (let tick = 0; tick < packets.length + 10; tick += 1) {
    const packet = packets[tick]
    if (packet !== undefined && !isLost(tick)) inbound.push(packet, tick * 20)
    frames.push(inbound.read(tick * 20 + 1)?.slice())
  }
  inbound.close()
  return { frames, counts: inbound.counts }
}

const energyOf = (frame: Int16Array): number => frame.reduce((sum, s) => sum + s * s, 0)

/** How alike two pieces are: 1 is the same, 0 unrelated. */
function likeness(a: Int16Array, b: Int16Array): number {
  let product = 0
  for (const [i, sample] of a.entries()) product += sample * (b[i] ?? 0)
  return product / Math.sqrt(energyOf(a) * energyOf(b) + 1)
}

test('every frame of a clean line is heard, then nothing', () => {
  const packets = packetsOf('en_01', 0)
  const { frames, counts } = listen(packets, () => false)
  assert.ok(frames.slice(0, packets.length).every((frame) => frame?.length === 320))
  assert.equal(frames.at(-1), undefined)
  assert.equal(counts.lost + counts.malformed, 0)
})

test('a lost packet is repaired from the next: far more like the original than concealment', () => {
  const packets = packetsOf('en_01', 0.2)
  const scores = { repaired: 0, concealed: 0, count: 0 }
  const payload = (index: number): Uint8Array =>
    parseRtp(packets[index] ?? Buffer.alloc(0))?.payload ?? new Uint8Array(0)
  for (const lost of [30, 40, 55, 62, 70, 85, 100, 110]) {
    const soundAt = (repair: 'none' | 'fec' | 'conceal'): Int16Array => {
      const fresh = new OpusDecoder()
      for (let i = 0; i < lost; i += 1) fresh.decode(payload(i))
      const sound =
        repair === 'none'
          ? fresh.decode(payload(lost))
          : repair === 'fec'
            ? fresh.repair(payload(lost + 1), 320)
            : fresh.conceal(320)
      const copy = sound?.slice() ?? new Int16Array(0)
      fresh.close()
      return copy
    }
    const original = soundAt('none')
    scores.repaired += likeness(original, soundAt('fec'))
    scores.concealed += likeness(original, soundAt('conceal'))
    scores.count += 1
  }
  const repaired = scores.repaired / scores.count
  const concealed = scores.concealed / scores.count
  assert.ok(repaired > 0.8 && repaired > concealed + 0.1, `${repaired} against ${concealed}`)
})

test('with a tenth of the packets lost a sentence stays whole', () => {
  const packets = packetsOf('en_01', 0.1)
  const { frames, counts } = listen(packets, (index) => index % 10 === 3)
  assert.ok(frames.slice(0, packets.length).every((frame) => frame !== undefined))
  assert.equal(counts.lost, Math.ceil((packets.length - 3) / 10))
})

test('packets of 60 ms give three frames each; strangers and rubbish are passed over', () => {
  const inbound = new InboundAudio({ payloadType: 111 })
  const frame = Buffer.from([0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1])
  // TOC 0x58: SILK wideband 60 ms mono, one frame.
  inbound.push(Buffer.concat([frame, Buffer.from([0x58, 1, 2, 3, 4, 5, 6, 7])]), 0)
  inbound.push(Buffer.from('80ff'), 0)
  const event = Buffer.from(frame)
  event[1] = 101
  inbound.push(Buffer.concat([event, Buffer.from([1, 2, 3, 4])]), 0)
  for (let tick = 0; tick < 3; tick += 1) assert.equal(inbound.read(tick * 20)?.length, 320)
  assert.equal(inbound.counts.played, 1)
  assert.equal(inbound.counts.malformed, 1)
  inbound.close()
  assert.doesNotThrow(() => inbound.close())
})

test('out: silence ends the stream after a tail, and time goes on without packets', () => {
  const outbound = new OutboundAudio({
    ssrc: 9,
    payloadType: 111,
    firstSequence: 65_535,
    firstTimestamp: 0xffff_ff00,
  })
  const loud = new Int16Array(480).fill(3000)
  const written: (string | undefined)[] = []
  for (let tick = 0; tick < 30; tick += 1) {
    const isSpeaking = tick < 2 || tick >= 28
    const bytes = outbound.write(isSpeaking ? loud : new Int16Array(480), tick * 20)
    const packet = bytes && parseRtp(bytes)
    written.push(
      packet &&
        `${packet.sequenceNumber} ${((packet.timestamp + 0x100) >>> 0) / 960}${packet.hasMarker ? ' M' : ''}`,
    )
  }
  assert.deepEqual(written.slice(0, 2 + TAIL_FRAMES), [
    '65535 0 M',
    '0 1',
    '1 2',
    '2 3',
    '3 4',
    '4 5',
    '5 6',
  ])
  assert.ok(written.slice(2 + TAIL_FRAMES, 28).every((one) => one === undefined))
  assert.deepEqual(written.slice(28), ['6 28 M', '7 29'])
  const report = outbound.report(29 * 20 + 10, 0)
  assert.equal(report?.packets, 9)
  assert.equal(outbound.report(29 * 20 + 1010, 0), undefined)
})

test('out: ticks made up for after a stall do not run ahead of time', () => {
  const outbound = new OutboundAudio({
    ssrc: 9,
    payloadType: 111,
    firstSequence: 0,
    firstTimestamp: 0,
  })
  const loud = new Int16Array(480).fill(3000)
  const timestamps: number[] = []
  const write = (frame: Int16Array | undefined, nowMs: number): void => {
    const packet = parseRtp(outbound.write(frame, nowMs) ?? new Uint8Array(0))
    if (packet !== undefined) timestamps.push(packet.timestamp / 960)
  }
  write(loud, 0)
  for (let tick = 1; tick <= TAIL_FRAMES + 1; tick += 1) write(undefined, tick * 20)
  // The loop stalls until 300 ms and makes up for eight ticks at once; then sound begins.
  for (let tick = 0; tick < 8; tick += 1) write(undefined, 300)
  write(loud, 320)
  write(loud, 340)
  assert.deepEqual(timestamps.slice(-2), [16, 17])
})

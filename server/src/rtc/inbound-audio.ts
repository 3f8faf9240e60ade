import { DelayTrimmer } from '../media/delay-trimmer.ts'
import { GAP_WAIT_MS, JitterBuffer, type JitterCounts } from '../media/jitter-buffer.ts'
import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../media/pcm.ts'
import { ReceptionStatistics } from '../media/reception-statistics.ts'
import type { ReportBlock } from '../media/rtcp.ts'
import { parseRtp } from '../media/rtp-packet.ts'
import { OPUS_LIMIT_SAMPLES, OpusDecoder } from './opus-decoder.ts'

/** Opus counts RTP time in 48 kHz, whatever its real rate (RFC 7587). */
export const OPUS_CLOCK_HZ = 48_000
/** For so long after a gap the delay that absorbs the next one is kept. */
const GAP_MEMORY_MS = 10_000
const RESERVE_AFTER_GAP = GAP_WAIT_MS / FRAME_MS

export interface InboundCounts extends Readonly<JitterCounts> {
  readonly malformed: number
  /** Dropped to take out delay. */
  readonly trimmed: number
}

/** What the user says: RTP packets in, frames of 20 ms at 16 kHz out. */
export class InboundAudio {
  readonly #payloadType: number
  readonly #buffer = new JitterBuffer()
  readonly #statistics = new ReceptionStatistics({ clockHz: OPUS_CLOCK_HZ })
  readonly #trimmer = new DelayTrimmer()
  readonly #decoder = new OpusDecoder()
  /** Decoded and not yet read: packets may be longer or shorter than a frame. */
  readonly #pending = new Int16Array(OPUS_LIMIT_SAMPLES + INPUT_FRAME_SAMPLES)
  readonly #frame = new Int16Array(INPUT_FRAME_SAMPLES)
  #pendingSamples = 0
  #packetSamples = INPUT_FRAME_SAMPLES
  #malformed = 0
  #trimmed = 0

  constructor(options: { readonly payloadType: number }) {
    this.#payloadType = options.payloadType
  }

  get counts(): InboundCounts {
    return { ...this.#buffer.counts, malformed: this.#malformed, trimmed: this.#trimmed }
  }

  /** Takes the bytes of one RTP packet, which must not change afterwards. */
  push(bytes: Uint8Array, nowMs: number): void {
    const packet = parseRtp(bytes)
    if (packet === undefined) {
      this.#malformed += 1
      return
    }
    // Other payload types (telephone events, comfort noise) were not agreed; empty packets are probes.
    if (packet.payloadType !== this.#payloadType || packet.payload.length === 0) return
    this.#statistics.note(packet, nowMs)
    this.#buffer.push(packet, nowMs)
  }

  noteSenderReport(ntpMiddle: number, nowMs: number): void {
    this.#statistics.noteSenderReport(ntpMiddle, nowMs)
  }

  report(nowMs: number): ReportBlock | undefined {
    return this.#statistics.report(nowMs)
  }

  /** The next frame, valid until the next call; `undefined` when nothing is being sent. */
  read(nowMs: number): Int16Array | undefined {
    const frame = this.#next(nowMs)
    if (frame === undefined) return undefined
    const isRecentGap = nowMs - this.#buffer.lastGapMs < GAP_MEMORY_MS
    const depthFrames =
      (this.#buffer.depth * this.#packetSamples + this.#pendingSamples) / INPUT_FRAME_SAMPLES
    const queue = {
      depthFrames: Math.floor(depthFrames),
      reserveFrames: isRecentGap ? RESERVE_AFTER_GAP : 1,
      nowMs,
    }
    if (!this.#trimmer.shouldDrop(frame, queue)) return frame
    this.#trimmed += 1
    return this.#next(nowMs) ?? frame
  }

  /** May be called twice. Nothing may be read afterwards. */
  close(): void {
    this.#decoder.close()
    this.#pendingSamples = 0
  }

  #next(nowMs: number): Int16Array | undefined {
    while (this.#pendingSamples < INPUT_FRAME_SAMPLES) {
      const sound = this.#decodeNext(nowMs)
      if (sound === undefined) return undefined
      this.#pending.set(sound, this.#pendingSamples)
      this.#pendingSamples += sound.length
    }
    this.#frame.set(this.#pending.subarray(0, INPUT_FRAME_SAMPLES))
    this.#pending.copyWithin(0, INPUT_FRAME_SAMPLES, this.#pendingSamples)
    this.#pendingSamples -= INPUT_FRAME_SAMPLES
    return this.#frame
  }

  #decodeNext(nowMs: number): Int16Array | undefined {
    const output = this.#buffer.pop(nowMs)
    if (output === undefined) return undefined
    switch (output.type) {
      case 'packet': {
        const sound = this.#decoder.decode(output.payload)
        if (sound !== undefined) {
          this.#packetSamples = sound.length
          return sound
        }
        this.#malformed += 1
        return this.#decoder.conceal(this.#packetSamples)
      }
      case 'lost':
        return output.next === undefined
          ? this.#decoder.conceal(this.#packetSamples)
          : (this.#decoder.repair(output.next, this.#packetSamples) ??
              this.#decoder.conceal(this.#packetSamples))
      case 'late':
        return this.#decoder.conceal(INPUT_FRAME_SAMPLES)
    }
  }
}

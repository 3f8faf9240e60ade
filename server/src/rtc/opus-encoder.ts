import { createRequire } from 'node:module'
import { OUTPUT_RATE_HZ } from '../media/pcm.ts'

/** What we use of `@evan/opus`, whose own types do not resolve. */
interface OpusPackage {
  readonly Encoder: new (options: {
    readonly channels: 1
    readonly sample_rate: typeof OUTPUT_RATE_HZ
    readonly application: 'voip'
  }) => NativeEncoder
}

interface NativeEncoder {
  bitrate: number
  complexity: number
  signal: 'voice'
  inband_fec: boolean
  packet_loss: number
  encode(samples: Uint8Array): Uint8Array
}

const BITRATE = 32_000
const COMPLEXITY = 5
/** Beyond this, more repair data costs more than it saves. */
const MOST_LOSS_PERCENT = 30

let loaded: OpusPackage | undefined

/** Encodes 24 kHz mono speech, 20 ms a packet, with repair data for the packet before when some get lost. */
export class OpusEncoder {
  readonly #encoder: NativeEncoder
  #lossPercent = 0

  constructor() {
    loaded ??= createRequire(import.meta.url)('@evan/opus') as OpusPackage
    const options = { channels: 1, sample_rate: OUTPUT_RATE_HZ, application: 'voip' } as const
    this.#encoder = new loaded.Encoder(options)
    this.#encoder.bitrate = BITRATE
    this.#encoder.complexity = COMPLEXITY
    this.#encoder.signal = 'voice'
    this.#encoder.inband_fec = true
  }

  /** One frame of 480 samples. The memory of what comes back is the caller's. */
  encode(frame: Int16Array): Uint8Array {
    return this.#encoder.encode(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength))
  }

  /** What the other side says it loses, 0…1: the more, the more room goes to repair data. */
  setLoss(share: number): void {
    const percent = Math.min(MOST_LOSS_PERCENT, Math.ceil(share * 100))
    if (percent === this.#lossPercent) return
    this.#lossPercent = percent
    this.#encoder.packet_loss = percent
  }
}

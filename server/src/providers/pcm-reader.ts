const HEADER_LIMIT_BYTES = 4096
const PCM = 1
const EXTENSIBLE = 0xfffe
const DATA = 'data'

/**
 * Reads 16-bit mono sound from bytes that may be cut anywhere. Raw sound has the rate that was asked for; if
 * a WAV header stands before it, as some servers send whatever was asked for, that says what it is.
 */
export class PcmReader {
  #sampleRateHz: number
  #header: Uint8Array | undefined = new Uint8Array(0)
  #odd: number | undefined
  #refusal: string | undefined

  constructor(options: { readonly sampleRateHz: number }) {
    this.#sampleRateHz = options.sampleRateHz
  }

  get sampleRateHz(): number {
    return this.#sampleRateHz
  }

  /** Why this is no sound that can be played, if so. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** The samples that these bytes complete. */
  push(bytes: Uint8Array): Int16Array {
    if (this.#header === undefined) return this.#samples(bytes)
    const header = new Uint8Array(this.#header.length + bytes.length)
    header.set(this.#header)
    header.set(bytes, this.#header.length)
    this.#header = header
    const start = this.#dataStart(header)
    if (start === undefined) return new Int16Array(0)
    this.#header = undefined
    return this.#samples(header.subarray(start))
  }

  /** Where the samples begin: 0 without a header, `undefined` while that cannot be told. */
  #dataStart(bytes: Uint8Array): number | undefined {
    if (bytes.length < 12) return startsLikeWav(bytes) ? undefined : 0
    if (!startsLikeWav(bytes)) return 0
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 12; at + 8 <= bytes.length;) {
      const name = tagAt(view, at)
      const length = view.getUint32(at + 4, true)
      if (name === DATA) return at + 8
      if (name === 'fmt ') {
        if (at + 24 > bytes.length) return undefined
        this.#readFormat(view, at + 8)
      }
      at += 8 + length + (length % 2)
      if (at > HEADER_LIMIT_BYTES) {
        this.#refusal = 'sent a WAV file without sound'
        return bytes.length
      }
    }
    return undefined
  }

  #readFormat(view: DataView, at: number): void {
    const code = view.getUint16(at, true)
    const channels = view.getUint16(at + 2, true)
    const bits = view.getUint16(at + 14, true)
    this.#sampleRateHz = view.getUint32(at + 4, true)
    const isPlayable =
      (code === PCM || code === EXTENSIBLE) &&
      channels === 1 &&
      bits === 16 &&
      this.#sampleRateHz >= 8000 &&
      this.#sampleRateHz <= 48_000
    if (!isPlayable) this.#refusal = 'sent sound that is not mono with 16 bits and 8 to 48 kHz'
  }

  #samples(bytes: Uint8Array): Int16Array {
    if (this.#refusal !== undefined) return new Int16Array(0)
    const lead = this.#odd === undefined ? 0 : 1
    const count = (lead + bytes.length) >> 1
    const pcm = new Int16Array(count)
    const at = (index: number): number =>
      index < lead ? (this.#odd ?? 0) : (bytes[index - lead] ?? 0)
    for (let index = 0; index < count; index++) {
      pcm[index] = at(2 * index) | (at(2 * index + 1) << 8)
    }
    this.#odd = (lead + bytes.length) % 2 === 1 ? at(2 * count) : undefined
    return pcm
  }
}

const WAV = [0x52, 0x49, 0x46, 0x46]

/** As far as there are bytes. */
const startsLikeWav = (bytes: Uint8Array): boolean =>
  WAV.every((byte, index) => index >= bytes.length || bytes[index] === byte)

const tagAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)))

import { fail, ok, type Result } from '../base/result.ts'

export interface WavSound {
  readonly sampleRateHz: number
  /** Mono; several channels were averaged. */
  readonly samples: Int16Array
}

const HEADER_BYTES = 44
const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe

/** How one sample lies in the file, and what it is as 16 bits. */
interface Format {
  readonly channels: number
  readonly sampleRateHz: number
  readonly sampleBytes: number
  readonly read: (view: DataView, at: number) => number
}

/** Reads a WAV file of PCM (8 to 32 bits) or of floating point. A length that was never filled in (streamed
 * files) means "to the end". */
export function readWav(bytes: Uint8Array): Result<WavSound, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE')
    return fail('not a WAV file: RIFF and WAVE are not at its beginning')
  let format: Format | undefined
  let at = 12
  while (at + 8 <= bytes.length) {
    const name = tag(view, at)
    const length = view.getUint32(at + 4, true)
    const start = at + 8
    if (name === 'fmt ' && start + 16 <= bytes.length) {
      const found = readFormat(view, start, length)
      if (!found.ok) return found
      format = found.value
    }
    if (name === 'data') {
      if (format === undefined) return fail('the WAV file has its data before its format')
      const end = length === 0 ? bytes.length : Math.min(bytes.length, start + length)
      const samples = downmix(view, { start, end }, format)
      return ok({ sampleRateHz: format.sampleRateHz, samples })
    }
    at = start + length + (length % 2)
  }
  return fail('the WAV file has no data')
}

function readFormat(view: DataView, start: number, length: number): Result<Format, string> {
  const code = view.getUint16(start, true)
  // The extensible form says in a longer header what it is.
  const isLong = code === EXTENSIBLE && length >= 26 && start + 26 <= view.byteLength
  const kind = isLong ? view.getUint16(start + 24, true) : code
  const bits = view.getUint16(start + 14, true)
  const read = READERS[`${kind === EXTENSIBLE ? PCM : kind}:${bits}`]
  if (read === undefined) {
    return fail(`WAV format ${kind} with ${bits} bits is not supported: PCM or float is needed`)
  }
  const channels = view.getUint16(start + 2, true)
  const sampleRateHz = view.getUint32(start + 4, true)
  if (channels === 0 || sampleRateHz === 0) return fail('the WAV header says 0 channels or 0 Hz')
  return ok({ channels, sampleRateHz, sampleBytes: bits / 8, read })
}

/** By format and bits; integers below 16 bits are made louder, those above lose their last bits. */
const READERS: Readonly<Record<string, Format['read']>> = {
  [`${PCM}:8`]: (view, at) => (view.getUint8(at) - 128) * 256,
  [`${PCM}:16`]: (view, at) => view.getInt16(at, true),
  [`${PCM}:24`]: (view, at) => view.getInt16(at + 1, true),
  [`${PCM}:32`]: (view, at) => view.getInt16(at + 2, true),
  [`${FLOAT}:32`]: (view, at) => view.getFloat32(at, true) * 32_767,
  [`${FLOAT}:64`]: (view, at) => view.getFloat64(at, true) * 32_767,
}

function downmix(
  view: DataView,
  part: { readonly start: number; readonly end: number },
  { channels, sampleBytes, read }: Format,
): Int16Array {
  const frameBytes = channels * sampleBytes
  const samples = new Int16Array(Math.floor((part.end - part.start) / frameBytes))
  for (let i = 0; i < samples.length; i += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1)
      sum += read(view, part.start + i * frameBytes + channel * sampleBytes)
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum / channels)))
  }
  return samples
}

/** A mono WAV file of 16-bit PCM. */
export function writeWav(sound: WavSound): Uint8Array {
  const dataBytes = sound.samples.length * 2
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes)
  const view = new DataView(bytes.buffer)
  putTag(view, 0, 'RIFF')
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true)
  putTag(view, 8, 'WAVE')
  putTag(view, 12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, PCM, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sound.sampleRateHz, true)
  view.setUint32(28, sound.sampleRateHz * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  putTag(view, 36, 'data')
  view.setUint32(40, dataBytes, true)
  for (const [index, sample] of sound.samples.entries())
    view.setInt16(HEADER_BYTES + index * 2, sample, true)
  return bytes
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)))
}

function putTag(view: DataView, at: number, text: string): void {
  for (let offset = 0; offset < 4; offset += 1) view.setUint8(at + offset, text.charCodeAt(offset))
}

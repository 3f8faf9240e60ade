/** Longest sound a WAV file can hold, less a second. */
const LIMIT_BYTES = 0xffff_0000
const BYTES_PER_SAMPLE = 2
/** Our own part of the header: when the first sample was, as a number of ms since 1970. */
const START_TAG = 'antp'

/** RIFF and WAVE, the format, the start, and the beginning of the data. */
export const RECORDING_HEADER_BYTES = 12 + 24 + 16 + 8

export interface RecordingHeader {
  readonly channels: 1 | 2
  readonly sampleRateHz: number
  readonly startMs: number
}

/** The header of a WAV file with so much sound behind it. */
export function recordingHeader(header: RecordingHeader, dataBytes: number): Uint8Array {
  const { channels, sampleRateHz, startMs } = header
  const bytes = new Uint8Array(RECORDING_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  const frameBytes = channels * BYTES_PER_SAMPLE
  putTag(view, 0, 'RIFF')
  view.setUint32(4, RECORDING_HEADER_BYTES - 8 + dataBytes, true)
  putTag(view, 8, 'WAVE')
  putTag(view, 12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, sampleRateHz, true)
  view.setUint32(28, sampleRateHz * frameBytes, true)
  view.setUint16(32, frameBytes, true)
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true)
  putTag(view, 36, START_TAG)
  view.setUint32(40, 8, true)
  view.setFloat64(44, startMs, true)
  putTag(view, 52, 'data')
  view.setUint32(56, dataBytes, true)
  return bytes
}

/** Of a file that `recordingHeader` began; its lengths are not looked at. */
export function readRecordingHeader(bytes: Uint8Array): RecordingHeader | undefined {
  if (bytes.length < RECORDING_HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (tagAt(view, 0) !== 'RIFF' || tagAt(view, 36) !== START_TAG) return undefined
  const channels = view.getUint16(22, true)
  if (channels !== 1 && channels !== 2) return undefined
  return {
    channels,
    sampleRateHz: view.getUint32(24, true),
    startMs: view.getFloat64(44, true),
  }
}

/** How much sound a file of that size holds: whole samples, and no more than a WAV file can. */
export function soundBytes(header: RecordingHeader, fileBytes: number): number {
  const frameBytes = header.channels * BYTES_PER_SAMPLE
  const bytes = Math.max(0, Math.min(fileBytes - RECORDING_HEADER_BYTES, LIMIT_BYTES))
  return bytes - (bytes % frameBytes)
}

export const soundMs = (header: RecordingHeader, dataBytes: number): number =>
  Math.round((dataBytes * 1000) / (header.channels * BYTES_PER_SAMPLE * header.sampleRateHz))

const tagAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)))

function putTag(view: DataView, at: number, tag: string): void {
  for (let offset = 0; offset < 4; offset += 1) view.setUint8(at + offset, tag.charCodeAt(offset))
}

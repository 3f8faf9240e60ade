import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import type { Recordings } from '../ports/recordings.ts'
import { OPEN_TO_ALL, refuse } from './answers.ts'
import type { RecordingFile, RecordingUrls } from './recording-url.ts'

const RECORDING_PATH = /^\/recordings\/([\w-]{1,64})\/([\w-]{1,32}\.wav)$/
/** So much of a file is in memory at a time. */
const PIECE_BYTES = 256 * 1024

/** The file that a path names, or `undefined` when it is no recording's. */
export function recordingFile(path: string): RecordingFile | undefined {
  const [, instanceId, fileName] = RECORDING_PATH.exec(path) ?? []
  return instanceId === undefined || fileName === undefined ? undefined : { instanceId, fileName }
}

export interface RecordingRouteDeps {
  readonly recordings: Pick<Recordings, 'read'>
  readonly recordingUrls: RecordingUrls
}

/** `GET /recordings/{instanceId}/{file}.wav?expires=…&signature=…`, whole or one range of bytes of it. */
export async function answerRecording(
  request: RawRequest,
  asked: { readonly file: RecordingFile; readonly query: string; readonly requestId: string },
  { recordings, recordingUrls }: RecordingRouteDeps,
): Promise<RawResponse> {
  const { file, query, requestId } = asked
  const check = recordingUrls.check(file, new URLSearchParams(query))
  if (!check.ok) {
    const message =
      check.error === 'expired'
        ? 'This address has expired; Describe the instance for a new one.'
        : 'This address is not one of this server, or was changed.'
    return refuse({ code: 'InvalidRecordingUrl', message, requestId })
  }
  const { instanceId, fileName } = file
  const found = await recordings.read(instanceId, fileName, { start: 0, end: 0 })
  if (found === undefined) return refuse({ code: 'RecordingNotFound', requestId })
  const { sizeBytes } = found
  const range = rangeOf(request, sizeBytes)
  const headers = {
    ...OPEN_TO_ALL,
    'content-type': 'audio/wav',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    'content-disposition': `inline; filename="${instanceId}-${fileName}"`,
    'x-acs-request-id': requestId,
  }
  if (range === 'beyond') {
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${sizeBytes}` },
      body: '',
    }
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes }
  const part = range && { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }
  return {
    status: range === undefined ? 200 : 206,
    headers: { ...headers, ...part, 'content-length': String(end - start) },
    body: '',
    stream: pieces(recordings, file, { start, end: request.method === 'HEAD' ? start : end }),
  }
}

async function* pieces(
  recordings: RecordingRouteDeps['recordings'],
  { instanceId, fileName }: RecordingFile,
  { start, end }: { readonly start: number; readonly end: number },
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end;) {
    const range = { start: at, end: Math.min(end, at + PIECE_BYTES) }
    const part = await recordings.read(instanceId, fileName, range)
    if (part === undefined || part.bytes.length === 0) throw new Error('the recording was deleted')
    at += part.bytes.length
    yield part.bytes
  }
}

/** The one range that is asked for; `undefined` for the whole, as when several are asked for. */
function rangeOf(
  { headers }: RawRequest,
  sizeBytes: number,
): { readonly start: number; readonly end: number } | 'beyond' | undefined {
  const [, value = ''] = headers.find(([name]) => name.toLowerCase() === 'range') ?? []
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(value.trim()) ?? []
  if (from === '' && to === '') return undefined
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const end = from === '' || to === '' ? sizeBytes : Math.min(sizeBytes, Number(to) + 1)
  return start >= sizeBytes || start >= end ? 'beyond' : { start, end }
}

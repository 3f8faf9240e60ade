import type { Clock } from '../base/clock.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { isSame, sign } from './signing.ts'

export const RECORDING_URL_LIFE_S = 24 * 3600

/** Signed addresses of recordings, each good for a day. */
export interface RecordingUrls {
  /** `origin` as `https://calls.example.org`, without a slash at its end. */
  recordingUrl(file: RecordingFile, origin: string): string
  /** Whether that query may open that file. */
  check(file: RecordingFile, query: URLSearchParams): Result<void, 'tampered' | 'expired'>
}

export interface RecordingFile {
  readonly instanceId: string
  readonly fileName: string
}

export function createRecordingUrls(options: {
  readonly secret: Uint8Array
  readonly clock: Clock
}): RecordingUrls {
  const { secret, clock } = options
  const signature = ({ instanceId, fileName }: RecordingFile, expiresS: string): string =>
    sign(secret, 'recording', `${instanceId}\n${fileName}\n${expiresS}`)
  return {
    recordingUrl(file, origin) {
      const expiresS = String(Math.floor(clock.wallMs() / 1000) + RECORDING_URL_LIFE_S)
      const query = `expires=${expiresS}&signature=${signature(file, expiresS)}`
      return `${origin}/recordings/${file.instanceId}/${file.fileName}?${query}`
    },
    check(file, query) {
      const expiresS = query.get('expires') ?? ''
      if (!isSame(query.get('signature') ?? '', signature(file, expiresS))) return fail('tampered')
      return Number(expiresS) * 1000 > clock.wallMs() ? ok(undefined) : fail('expired')
    },
  }
}

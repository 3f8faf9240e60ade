import type { Clock } from '../base/clock.ts'
import type { Outbound } from '../base/outbound.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { CallbackStore, StoredCallback } from '../ports/callback-store.ts'
import { signatureHeaders } from './signature.ts'

/** A receiver has so long to answer. */
export const ANSWER_LIMIT_MS = 5000
/** An answer's body is read, so that the connection ends well, and ignored. */
const ANSWER_LIMIT_BYTES = 1024 * 1024

/** Tries to deliver an event once; the error says in words what came instead of a 2xx. */
export type Deliver = (
  callback: StoredCallback,
  signal: AbortSignal,
) => Promise<Result<void, string>>

interface RecordingFile {
  readonly instanceId: string
  readonly fileName: string
}

/** An event of a recording names its file; the address expires, so it is made when it is sent. */
function withAddress(
  { event, instanceId, body }: StoredCallback,
  recordingUrl: (file: RecordingFile) => string,
): string {
  if (event !== 'audio_record' && event !== 'full_audio_record') return body
  const told = JSON.parse(body) as { readonly data: { readonly file: string } }
  const url = recordingUrl({ instanceId, fileName: told.data.file })
  return JSON.stringify({ ...told, data: { ...told.data, url } })
}

/** Delivery by HTTP, to the address and with the token that the agent has now. */
export function createDelivery(options: {
  readonly callbacks: Pick<CallbackStore, 'notifyConfig'>
  readonly outbound: Outbound
  readonly clock: Clock
  /** A signed address of a recording, good for a day. */
  readonly recordingUrl: (file: RecordingFile) => string
}): Deliver {
  const { callbacks, outbound, clock, recordingUrl } = options
  return async (callback, signal) => {
    const config = await callbacks.notifyConfig(callback.agentId)
    if (config?.isEnabled !== true) return fail('callbacks of the agent are switched off')
    if (config.callbackUrl === '') return fail('no CallbackUrl is set')
    const { eventId } = callback
    const body = withAddress(callback, recordingUrl)
    const { token, signingSecret } = config
    const timestampS = Math.floor(clock.wallMs() / 1000)
    const answer = await outbound.request({
      method: 'POST',
      url: config.callbackUrl,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'antiphon',
        'x-ice-notify-id': eventId,
        ...(token === '' ? {} : { authorization: token }),
        ...signatureHeaders({ eventId, timestampS, body, signingSecret }),
      },
      body,
      timeoutMs: ANSWER_LIMIT_MS,
      limitBytes: ANSWER_LIMIT_BYTES,
      signal,
    })
    if (!answer.ok) return fail(answer.error.message)
    const { status } = answer.value
    if (status >= 200 && status < 300) return ok(undefined)
    const isRedirect = status >= 300 && status < 400
    return fail(`answered ${status}${isRedirect ? '; redirects are not followed' : ''}`)
  }
}

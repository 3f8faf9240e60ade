export type CallErrorCode =
  /** Browsers give no microphone to a page that is neither https nor on localhost. */
  | 'insecure-context'
  | 'microphone-refused'
  | 'microphone-missing'
  /** Another program holds the microphone, or the system keeps it. */
  | 'microphone-busy'
  /** The microphone went away in mid-call. */
  | 'microphone-lost'
  /** The server does not answer. */
  | 'server-gone'
  /** The server answers, but has no room or is not ready. */
  | 'unavailable'
  | 'token-refused'
  /** The call is over, or was never there. */
  | 'channel-gone'
  /** The server answered, but no sound or message comes through (UDP is often blocked). */
  | 'media-blocked'
  /** The server refused for a reason that only a developer can mend. */
  | 'refused'
  /** `handup` was called before the call had begun. */
  | 'cancelled'
  /** The agent reports a failure of its own; the number is in `reason`. */
  | 'agent-failed'

/** The one type of error that this client throws or reports. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: CallErrorCode
  /** What the server or the browser said, for a developer; may be empty. */
  readonly reason: string

  constructor(code: CallErrorCode, reason = '') {
    super(reason === '' ? code : `${code}: ${reason}`)
    this.code = code
    this.reason = reason
  }
}

/** What `getUserMedia` threw, in the words of this client. */
export function microphoneError(thrown: unknown): CallError {
  const { name = '', message = '' } = thrown as { name?: string; message?: string }
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new CallError('microphone-refused', message)
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new CallError('microphone-missing', message)
    default:
      return new CallError('microphone-busy', message)
  }
}

/** A refusal of the server, by its status; the body is JSON with a message, or plain text. */
export function signallingError(status: number, body: string): CallError {
  return new CallError(codeOf(status), reasonIn(body))
}

function codeOf(status: number): CallErrorCode {
  if (status === 401 || status === 403) return 'token-refused'
  if (status === 404 || status === 410) return 'channel-gone'
  if (status === 429 || status === 503) return 'unavailable'
  // A gateway before the server tells of its absence.
  if (status === 502 || status === 504) return 'server-gone'
  return 'refused'
}

function reasonIn(body: string): string {
  try {
    const parsed = JSON.parse(body) as Record<string, unknown>
    const reason = parsed['Message'] ?? parsed['message']
    return typeof reason === 'string' ? reason : ''
  } catch {
    return body.startsWith('<') ? '' : body.trim().slice(0, 200)
  }
}

import type { Clock } from '../base/clock.ts'
import type { ProviderError } from '../ports/provider-error.ts'

/** A request to a provider whose answer is read as it comes. */
export interface HttpRequest {
  readonly clock: Clock
  /** Who answers, for messages: "the speech service". */
  readonly who: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | URLSearchParams | FormData
  /** Nothing of the answer's body by then: it will not come. */
  readonly firstByteMs: number
  /** Nothing more of it for so long: it has broken off. */
  readonly stallMs: number
  /** A longer answer is given up. */
  readonly limitBytes: number
}

/** Any number of `onBytes`, then one of `onEnd` and `onError`; nothing after `cancel`, nor while the request
 * is being made. */
export interface HttpEvents {
  /** `contentType` is that of the answer, '' if it has none. What is given back refuses the answer; its
   * message goes on after the name of who answers. */
  onBytes(bytes: Uint8Array, contentType: string): ProviderError | undefined
  onEnd(): void
  onError(error: ProviderError): void
}

/** Of the body of a refusal, so much is looked at. */
const REFUSAL_LIMIT_CHARS = 16_384
const RETRYABLE: readonly number[] = [408, 409, 425, 429]

/** What went wrong, on its way to the one place that reports it. */
class HttpFailure extends Error {
  readonly isRetryable: boolean

  constructor(message: string, isRetryable: boolean) {
    super(message)
    this.isRetryable = isRetryable
  }
}

/** One POST. Its errors tell host, status and a code, never what was sent or the answer's own text. */
export class HttpExchange {
  readonly #request: HttpRequest
  readonly #events: HttpEvents
  readonly #abort = new AbortController()
  #cancelTimer: () => void = () => {}
  #isOver = false

  constructor(request: HttpRequest, events: HttpEvents) {
    this.#request = request
    this.#events = events
    this.#waitFor(request.firstByteMs, 'sent nothing')
    void this.#run().catch((error: unknown) => this.#fail(this.#describe(error)))
  }

  /** Closes the connection. May be called twice, and after the end. */
  cancel(): void {
    this.#isOver = true
    this.#cancelTimer()
    this.#abort.abort()
  }

  async #run(): Promise<void> {
    const { url, headers = {}, body, limitBytes } = this.#request
    const { signal } = this.#abort
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    if (!response.ok) throw await refusal(response)
    const contentType = response.headers.get('content-type') ?? ''
    let length = 0
    for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      if (this.#isOver) return
      length += bytes.length
      if (length > limitBytes) throw new HttpFailure('sent too long an answer', false)
      this.#waitFor(this.#request.stallMs, 'stopped in the middle of its answer')
      const refused = this.#events.onBytes(bytes, contentType)
      if (refused !== undefined) throw new HttpFailure(refused.message, refused.isRetryable)
    }
    if (this.#isOver) return
    this.cancel()
    this.#events.onEnd()
  }

  #waitFor(ms: number, otherwise: string): void {
    this.#cancelTimer()
    if (this.#isOver) return
    const message = `${this.#request.who} ${otherwise} for ${ms / 1000} s`
    this.#cancelTimer = this.#request.clock.after(ms, () =>
      this.#fail({ message, isRetryable: true }),
    )
  }

  #fail(error: ProviderError): void {
    if (this.#isOver) return
    this.cancel()
    this.#events.onError(error)
  }

  #describe(error: unknown): ProviderError {
    const { who, url } = this.#request
    if (error instanceof HttpFailure) {
      return { message: `${who} ${error.message}`, isRetryable: error.isRetryable }
    }
    const code = errorCode((error as { cause?: unknown } | undefined)?.cause)
    return { message: `${who} at ${url.host} cannot be reached${code}`, isRetryable: true }
  }
}

async function refusal(response: Response): Promise<HttpFailure> {
  const text = await beginningOf(response)
  let code = ''
  try {
    const body = JSON.parse(text) as { readonly error?: unknown }
    code = errorCode(body.error ?? body)
  } catch {
    // Not JSON: the status says enough.
  }
  const isRetryable = isRetryableStatus(response.status)
  return new HttpFailure(`answered with HTTP ${response.status}${code}`, isRetryable)
}

/** Leaving the loop closes the connection, however much would follow. */
async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > REFUSAL_LIMIT_CHARS) break
    }
  } catch {
    // What came of it is looked at.
  }
  return text
}

/** Whether the same request may succeed if it is sent again. */
export const isRetryableStatus = (status: number): boolean =>
  status >= 500 || RETRYABLE.includes(status)

/** The code of an error, if it is a plain word: its message may repeat what was said. */
export function errorCode(error: unknown): string {
  for (const name of ['code', 'type', 'Code']) {
    const code = memberOf(error, name)
    if (typeof code === 'string' && /^[\w.-]{1,64}$/.test(code)) return ` (${code})`
    if (typeof code === 'number') return ` (${code})`
  }
  return ''
}

/** A member of what may be an object. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as Record<string, unknown>)[name]
}

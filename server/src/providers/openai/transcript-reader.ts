import { fail, ok, type Result } from '../../base/result.ts'
import { errorCode, memberOf } from '../provider-http.ts'
import { SseReader } from './sse.ts'

/** Reads an answer of `/audio/transcriptions`: JSON, or events as the server recognises. */
export class TranscriptReader {
  readonly #sse = new SseReader()
  readonly #decoder = new TextDecoder()
  #body = ''
  #isStream: boolean | undefined
  #isDone = false
  #text = ''

  /** What is recognised so far. */
  get text(): string {
    return this.#text
  }

  /** A sentence if the answer is of no use. */
  push(bytes: Uint8Array, contentType: string): string | undefined {
    this.#isStream ??= contentType.includes('event-stream')
    if (!this.#isStream) {
      this.#body += this.#decoder.decode(bytes, { stream: true })
      return undefined
    }
    const events = this.#sse.push(bytes)
    return events === undefined ? 'sent too long an event' : this.#takeAll(events)
  }

  /** The whole text, or what is wrong with the answer. */
  end(): Result<string, string> {
    if (this.#isStream === true) {
      const failure = this.#takeAll(this.#sse.end())
      if (failure !== undefined) return fail(failure)
      return this.#isDone ? ok(this.#text) : fail('broke off its answer')
    }
    const text = memberOf(parsed(this.#body), 'text')
    return typeof text === 'string' ? ok(text) : fail('sent an answer without text')
  }

  #takeAll(events: readonly string[]): string | undefined {
    for (const event of events) {
      const failure = this.#take(event)
      if (failure !== undefined) return failure
    }
    return undefined
  }

  #take(event: string): string | undefined {
    if (event.trim() === '[DONE]') {
      this.#isDone = true
      return undefined
    }
    const message = parsed(event)
    if (message === undefined) return 'sent an event that is not JSON'
    const error = memberOf(message, 'error')
    if (error !== undefined && error !== null) return `reports an error${errorCode(error)}`
    const type = memberOf(message, 'type')
    const [delta, text] = [memberOf(message, 'delta'), memberOf(message, 'text')]
    if (type === 'transcript.text.delta' && typeof delta === 'string') this.#text += delta
    if (type === 'transcript.text.done' && typeof text === 'string') {
      this.#text = text
      this.#isDone = true
    }
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

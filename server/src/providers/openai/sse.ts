/** One event longer than this is no event of a chat. */
const EVENT_LIMIT_CHARS = 1024 * 1024

/**
 * Reads server-sent events from bytes that may be cut anywhere, inside a character or a line end too.
 * Only `data` matters here; comments, names and ids are passed over.
 */
export class SseReader {
  readonly #decoder = new TextDecoder()
  #rest = ''
  #data: string[] = []
  #dataChars = 0

  /** The data of the events that these bytes complete. `undefined` when a limit is passed. */
  push(bytes: Uint8Array): string[] | undefined {
    return this.#take(this.#decoder.decode(bytes, { stream: true }))
  }

  /** The data of what stood at the end without a blank line after it. */
  end(): string[] {
    return this.#take(`${this.#decoder.decode()}\n\n`) ?? []
  }

  #take(text: string): string[] | undefined {
    this.#rest += text
    const events: string[] = []
    for (;;) {
      const end = /\r\n|\n|\r(?=[^])/.exec(this.#rest)
      if (end === null) break
      this.#line(this.#rest.slice(0, end.index), events)
      this.#rest = this.#rest.slice(end.index + end[0].length)
    }
    return this.#rest.length + this.#dataChars > EVENT_LIMIT_CHARS ? undefined : events
  }

  #line(line: string, events: string[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push(this.#data.join('\n'))
      this.#data = []
      this.#dataChars = 0
    } else if (line.startsWith('data:')) {
      const data = line.slice(line[5] === ' ' ? 6 : 5)
      this.#data.push(data)
      this.#dataChars += data.length
    }
  }
}

import type { Clock } from '../../base/clock.ts'
import type { Ids } from '../../base/ids.ts'
import { INPUT_FRAME_SAMPLES } from '../../media/pcm.ts'
import type { AsrEvents, AsrOptions, AsrProvider, AsrStream } from '../../ports/asr.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import { languageIds, SELF_DEVELOPED_LANGUAGES } from '../../schema/asr-languages.ts'
import { LeadIn } from '../lead-in.ts'
import { errorCode, memberOf } from '../provider-http.ts'
import { ProviderSocket } from '../provider-socket.ts'
import { joinedText } from '../speech-text.ts'
import { sttUrl } from './stt-url.ts'

export interface OwnSttOptions {
  readonly clock: Clock
  readonly ids: Ids
  readonly url: string
  readonly apiKey?: string
  /** Codes of the languages that the recogniser knows. Default: Chinese and English, mixed. */
  readonly languages?: readonly string[]
}

/** Two frames of ours make one of the interface: 40 ms. */
const MESSAGE_SAMPLES = 2 * INPUT_FRAME_SAMPLES
const MESSAGE_MS = 40
/** Sound that waits for the connection. Past it the oldest is dropped. */
const QUEUE_LIMIT_MESSAGES = 500
/**
 * The interface has no word for "the user has paused": silence is sent, as a microphone would, until the
 * recogniser calls its text final, but at most so long. Then what it has said so far counts.
 */
const SILENCE_LIMIT_MS = 1200
/** The first answer of a recogniser that has said nothing yet is waited for longer. */
const FIRST_ANSWER_MS = 5000

/** A recogniser of one's own behind the WebSocket interface that the product documents for such. */
export function ownStt(options: OwnSttOptions): AsrProvider {
  return {
    name: 'selfdeveloped',
    languages: languageIds(options.languages ?? SELF_DEVELOPED_LANGUAGES),
    open: (asked, events) => new Session(options, asked, events),
  }
}

/** One call's speech over one connection, which is made with the first sound. */
class Session implements AsrStream {
  readonly #options: OwnSttOptions
  readonly #asked: AsrOptions
  readonly #events: AsrEvents
  #socket: ProviderSocket | undefined
  #isOpen = false
  #queue: Uint8Array[] = []
  #half: Int16Array | undefined
  readonly #leadIn = new LeadIn()
  /** Final texts of this sentence, and the partial one after them. */
  #finals: string[] = []
  #partial = ''
  /** Sound was sent whose text no flush has been answered with. */
  #isOwing = false
  /** Sound was sent that the recogniser has not called final. */
  #isUnsettled = false
  #flushes: number[] = []
  #silenceMs = 0
  #cancelTimer: (() => void) | undefined
  #isClosed = false

  constructor(options: OwnSttOptions, asked: AsrOptions, events: AsrEvents) {
    this.#options = options
    this.#asked = asked
    this.#events = events
  }

  write(frame: Int16Array): void {
    if (this.#isClosed) return
    const heard = this.#leadIn.take(frame)
    if (heard.length === 0) return
    this.#isOwing = true
    this.#isUnsettled = true
    for (const sound of heard) this.#append(sound)
  }

  flush(flushId: number): void {
    if (this.#isClosed) return
    this.#flushes.push(flushId)
    this.#leadIn.startOver()
    if (this.#half !== undefined) this.#append(new Int16Array(INPUT_FRAME_SAMPLES))
    this.#silenceMs = 0
    this.#cancelTimer?.()
    this.#cancelTimer = this.#options.clock.after(0, () => this.#awaitFinal())
  }

  reset(): void {
    this.#flushes = []
    this.#finals = []
    this.#partial = ''
    this.#isOwing = false
    this.#half = undefined
    this.#leadIn.clear()
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    // What the recogniser still says of this sentence could not be told from what it says of the next one.
    if (this.#isUnsettled) this.#disconnect()
  }

  close(): void {
    if (this.#isClosed) return
    this.reset()
    this.#isClosed = true
    this.#disconnect()
  }

  #disconnect(): void {
    this.#isUnsettled = false
    this.#queue = []
    this.#socket?.close()
    this.#socket = undefined
    this.#isOpen = false
  }

  #append(frame: Int16Array): void {
    if (this.#half === undefined) {
      this.#half = frame
      return
    }
    const message = new Int16Array(MESSAGE_SAMPLES)
    message.set(this.#half)
    message.set(frame, INPUT_FRAME_SAMPLES)
    this.#half = undefined
    this.#send(new Uint8Array(message.buffer))
  }

  #send(message: Uint8Array): void {
    this.#socket ??= this.#connect()
    if (this.#isOpen) {
      this.#socket.send(message)
      return
    }
    this.#queue.push(message)
    if (this.#queue.length > QUEUE_LIMIT_MESSAGES) this.#queue.shift()
  }

  #connect(): ProviderSocket {
    const { clock, ids, url, apiKey } = this.#options
    const { languageId, instanceId } = this.#asked
    const customParams = this.#asked.customParams
    const sessionId = instanceId ?? ids.hex32()
    const socket: ProviderSocket = new ProviderSocket(
      {
        clock,
        who: 'the self-developed STT',
        url: sttUrl({ url, apiKey, sessionId, languageId, customParams }),
      },
      {
        onOpen: () => {
          this.#isOpen = true
          for (const message of this.#queue) socket.send(message)
          this.#queue = []
        },
        onText: (text) => this.#onText(text),
        onBytes: () => {},
        onClose: (error) => {
          if (this.#socket === socket) this.#onGone(error)
        },
      },
    )
    return socket
  }

  #onText(text: string): void {
    let message: unknown
    try {
      message = JSON.parse(text)
    } catch {
      return this.#fail('sent a message that is not JSON')
    }
    const type = memberOf(message, 'type')
    const words = memberOf(message, 'text')
    if (type === 'error') return this.#fail(`reports an error${errorCode(message)}`)
    if (typeof words !== 'string') return
    if (type === 'partial') {
      this.#partial = words
      const whole = this.#text()
      if (this.#flushes.length === 0 && whole !== '') this.#events.onPartial(whole)
    } else if (type === 'final') {
      this.#finals.push(words)
      this.#partial = ''
      this.#isUnsettled = false
      if (this.#flushes.length > 0) this.#answer()
    }
  }

  /** Sends silence in real time until the recogniser has made up its mind. */
  #awaitFinal(): void {
    this.#cancelTimer = undefined
    if (this.#flushes.length === 0) return
    const limitMs = this.#text() === '' ? FIRST_ANSWER_MS : SILENCE_LIMIT_MS
    if (!this.#isOwing || this.#silenceMs >= limitMs) return this.#answer()
    this.#silenceMs += MESSAGE_MS
    this.#send(new Uint8Array(2 * MESSAGE_SAMPLES))
    this.#cancelTimer = this.#options.clock.after(MESSAGE_MS, () => this.#awaitFinal())
  }

  #answer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#isOwing = false
    const text = this.#text()
    const flushes = this.#flushes
    this.#flushes = []
    for (const flushId of flushes) this.#events.onFinal(text, flushId)
  }

  #text(): string {
    return joinedText([...this.#finals, this.#partial])
  }

  /** A recogniser may close after a sentence; only while something is awaited of it that is a failure. */
  #onGone(error: ProviderError): void {
    this.#socket = undefined
    this.#isOpen = false
    if (!this.#isOwing) return
    this.close()
    this.#events.onError(error)
  }

  #fail(message: string): void {
    if (this.#isClosed) return
    this.close()
    this.#events.onError({ message: `the self-developed STT ${message}`, isRetryable: true })
  }
}

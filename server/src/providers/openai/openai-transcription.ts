import type { Clock } from '../../base/clock.ts'
import { INPUT_RATE_HZ } from '../../media/pcm.ts'
import { writeWav } from '../../media/wav.ts'
import type { AsrEvents, AsrOptions, AsrProvider, AsrStream } from '../../ports/asr.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import { languageCodes, languageIds, OPENAI_LANGUAGES } from '../../schema/asr-languages.ts'
import { HttpExchange } from '../provider-http.ts'
import { SentenceStream, type DecodeJob } from '../sentence-stream.ts'
import { audioUrl, bearer } from './audio-request.ts'
import { TranscriptReader } from './transcript-reader.ts'

export interface OpenAiTranscriptionOptions {
  readonly clock: Clock
  readonly baseUrl: string
  readonly model: string
  readonly apiKey?: string
  /** Codes of the languages that the model knows. Default: those that the protocol's own models list. */
  readonly languages?: readonly string[]
}

/** The whole sentence is on its way and recognised by then, or it will not be. */
const FIRST_BYTE_MS = 10_000
const STALL_MS = 10_000
const ANSWER_LIMIT_BYTES = 1024 * 1024
/** Longer sentences go in parts. */
const WHOLE_LIMIT_MS = 55_000
const RETRY_AFTER_MS = 300
/** A model that knows no streaming ignores it or refuses it. */
const WITHOUT_STREAMING = /^whisper-1$/
const WHO = 'the transcription service'

/** Any server that speaks `POST /audio/transcriptions` of the OpenAI protocol: a request for each pause. */
export function openAiTranscription(options: OpenAiTranscriptionOptions): AsrProvider {
  const languages = languageIds(options.languages ?? OPENAI_LANGUAGES)
  return {
    name: 'openai',
    languages,
    open: (asked, events) => new Transcription(options, asked, events).stream,
  }
}

/** One call's speech: one request at a time, tried a second time if that may help. */
class Transcription {
  readonly stream: AsrStream
  readonly #options: OpenAiTranscriptionOptions
  readonly #asked: AsrOptions
  readonly #sentence: SentenceStream
  readonly #url: URL
  #exchange: HttpExchange | undefined
  #cancelRetry: (() => void) | undefined

  constructor(options: OpenAiTranscriptionOptions, asked: AsrOptions, events: AsrEvents) {
    this.#options = options
    this.#asked = asked
    this.#url = audioUrl(options.baseUrl, 'transcriptions')
    this.#sentence = new SentenceStream(events, {
      clock: options.clock,
      hasPartials: false,
      wholeLimitMs: WHOLE_LIMIT_MS,
      wake: () => this.#next(),
      onClose: () => this.#giveUp(),
      onReset: () => this.#giveUp(),
    })
    this.stream = this.#sentence
  }

  #next(): void {
    if (this.#exchange !== undefined || this.#cancelRetry !== undefined) return
    const job = this.#sentence.nextJob()
    if (job !== undefined) this.#ask(job, false)
  }

  #ask(job: DecodeJob, isSecondTry: boolean): void {
    const reader = new TranscriptReader()
    this.#exchange = new HttpExchange(
      {
        clock: this.#options.clock,
        who: WHO,
        url: this.#url,
        headers: bearer(this.#options.apiKey),
        body: this.#form(job),
        firstByteMs: FIRST_BYTE_MS,
        stallMs: STALL_MS,
        limitBytes: ANSWER_LIMIT_BYTES,
      },
      {
        onBytes: (bytes, contentType) => {
          const failure = reader.push(bytes, contentType)
          if (failure === undefined && reader.text !== '') {
            this.#sentence.onTextSoFar(job, reader.text)
          }
          return failure === undefined ? undefined : { message: failure, isRetryable: true }
        },
        onEnd: () => this.#onEnd(job, reader),
        onError: (error) => this.#onError(error, isSecondTry ? undefined : job),
      },
    )
  }

  #onEnd(job: DecodeJob, reader: TranscriptReader): void {
    this.#exchange = undefined
    const whole = reader.end()
    if (whole.ok) {
      this.#sentence.onText(job, whole.value.trim())
      this.#next()
    } else this.#sentence.fail({ message: `${WHO} ${whole.error}`, isRetryable: true })
  }

  #onError(error: ProviderError, job: DecodeJob | undefined): void {
    this.#exchange = undefined
    if (!error.isRetryable || job === undefined) return this.#sentence.fail(error)
    this.#cancelRetry = this.#options.clock.after(RETRY_AFTER_MS, () => {
      this.#cancelRetry = undefined
      this.#ask(job, true)
    })
  }

  #giveUp(): void {
    this.#exchange?.cancel()
    this.#exchange = undefined
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
  }

  #form(job: DecodeJob): FormData {
    const { model } = this.#options
    const { languageId, hotWords } = this.#asked
    const form = new FormData()
    const wav = writeWav({ samples: job.samples, sampleRateHz: INPUT_RATE_HZ })
    form.set('file', new Blob([new Uint8Array(wav)], { type: 'audio/wav' }), 'speech.wav')
    form.set('model', model)
    form.set('response_format', 'json')
    const codes = languageCodes(languageId)
    // Of mixed languages none is named: naming one would leave out the other.
    if (codes.length === 1) form.set('language', codes[0] ?? '')
    if (hotWords.length > 0) form.set('prompt', hotWords.join(', '))
    if (!WITHOUT_STREAMING.test(model)) form.set('stream', 'true')
    return form
  }
}

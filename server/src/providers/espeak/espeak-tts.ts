import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Clock } from '../../base/clock.ts'
import { fail, ok, type Result } from '../../base/result.ts'
import type { TtsEvents, TtsProvider, TtsRequest, TtsStream } from '../../ports/tts.ts'
import { isSpeakable, SPEECH_LIMIT_S } from '../http-speech.ts'
import { languageCodes } from '../../schema/asr-languages.ts'
import { PcmReader } from '../pcm-reader.ts'
import { startEspeak, type EspeakProgram } from './espeak-program.ts'

export interface EspeakOptions {
  readonly clock: Clock
  readonly program: EspeakProgram
  /** A voice of the program's, as `cmn` or `en-us`. Default: the one for the call's language. */
  readonly voice?: string
  /** The call's `AsrLanguageId`. */
  readonly languageId: string
}

/** The voice's own pace. */
const WORDS_PER_MINUTE = 175
/** The program takes no less. */
const LEAST_WORDS_PER_MINUTE = 80
const FIRST_SOUND_MS = 5000
const STALL_MS = 5000
const SAMPLE_RATE_HZ = 22_050
/** Programs at a time. More pieces wait. */
const PROGRAM_LIMIT = 4
const PREFERRED: Readonly<Record<string, string>> = { en: 'en-us', zh: 'cmn' }

/** `TtsConfig.LanguageId` as codes of languages. */
const LANGUAGES: Readonly<Record<string, string>> = {
  Chinese: 'zh',
  'Chinese,Yue': 'yue',
  English: 'en',
  Arabic: 'ar',
  Russian: 'ru',
  Spanish: 'es',
  French: 'fr',
  Portuguese: 'pt',
  German: 'de',
  Turkish: 'tr',
  Dutch: 'nl',
  Ukrainian: 'uk',
  Vietnamese: 'vi',
  Indonesian: 'id',
  Japanese: 'ja',
  Italian: 'it',
  Korean: 'ko',
  Thai: 'th',
  Polish: 'pl',
  Romanian: 'ro',
  Greek: 'el',
  Czech: 'cs',
  Finnish: 'fi',
  Hindi: 'hi',
}

/**
 * eSpeak NG in processes of its own, one for each piece of text. The error says which voices there are, when
 * there is none for the language.
 */
export function espeakTts(options: EspeakOptions): Result<TtsProvider, string> {
  const { program, voice, languageId } = options
  if (voice !== undefined && !program.voices.includes(voice)) {
    return fail(
      `Providers.tts.voice ${voice} is not a voice of eSpeak NG as installed; there are ${program.voices.join(', ')}.`,
    )
  }
  const defaultVoiceId = voice ?? voiceFor(program, languageCodes(languageId)[0] ?? '')
  if (defaultVoiceId === undefined) {
    return fail(
      `eSpeak NG has no voice for ${languageId}; name one in Providers.tts.voice, of ${program.voices.join(', ')}.`,
    )
  }
  const programs = new Programs()
  return ok({
    name: 'espeak',
    voices: program.voices,
    defaultVoiceId,
    speak(request, events): TtsStream {
      const piece = new Piece(
        { ...options, voice: chosenVoice(program, request, defaultVoiceId) },
        request,
        events,
        programs,
      )
      return { cancel: () => piece.cancel() }
    },
  })
}

function voiceFor({ voices, byLanguage }: EspeakProgram, code: string): string | undefined {
  const preferred = PREFERRED[code]
  return preferred !== undefined && voices.includes(preferred) ? preferred : byLanguage.get(code)
}

/** The voice asked for, else that of `TtsConfig.LanguageId`, else the default one. */
function chosenVoice(program: EspeakProgram, request: TtsRequest, byDefault: string): string {
  if (program.voices.includes(request.voiceId)) return request.voiceId
  const code = LANGUAGES[request.style?.languageId ?? '']
  return (code === undefined ? undefined : voiceFor(program, code)) ?? byDefault
}

/** Who may run the program now. */
class Programs {
  #running = 0
  #waiting: (() => void)[] = []

  /** Calls `start` when there is room; the function returned gives the place back, or up. */
  enter(start: () => void): () => void {
    let isInside = false
    const begin = (): void => {
      isInside = true
      this.#running += 1
      start()
    }
    if (this.#running < PROGRAM_LIMIT) begin()
    else this.#waiting.push(begin)
    return () => {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== begin)
      if (!isInside) return
      isInside = false
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }
}

class Piece {
  readonly #options: EspeakOptions & { readonly voice: string }
  readonly #request: TtsRequest
  readonly #events: TtsEvents
  readonly #reader = new PcmReader({ sampleRateHz: SAMPLE_RATE_HZ })
  #child: ChildProcessWithoutNullStreams | undefined
  #samples = 0
  #leave: () => void = () => {}
  #cancelTimer: () => void
  #isOver = false

  constructor(
    options: EspeakOptions & { readonly voice: string },
    request: TtsRequest,
    events: TtsEvents,
    programs: Programs,
  ) {
    this.#options = options
    this.#request = request
    this.#events = events
    this.#cancelTimer = options.clock.after(0, () => {
      if (!isSpeakable(request.text)) return this.#finish()
      this.#leave = programs.enter(() => this.#start())
    })
  }

  cancel(): void {
    this.#isOver = true
    this.#cancelTimer()
    this.#child?.kill('SIGKILL')
    this.#leave()
  }

  #start(): void {
    const { program, voice } = this.#options
    const wordsPerMinute = Math.max(
      LEAST_WORDS_PER_MINUTE,
      WORDS_PER_MINUTE * this.#request.speechRate,
    )
    this.#waitFor(FIRST_SOUND_MS, 'said nothing')
    const child = startEspeak(program, { voice, wordsPerMinute })
    this.#child = child
    child.on('error', (error: NodeJS.ErrnoException) =>
      this.#fail(`cannot be started (${error.code ?? 'unknown'})`),
    )
    child.stdout.on('data', (bytes: Buffer) => this.#onBytes(bytes))
    child.stderr.resume()
    // That it has died is told by its end.
    child.stdin.on('error', () => {})
    child.stdin.end(this.#request.text)
    child.on('close', (code) => {
      if (code === 0 && this.#samples > 0) this.#finish()
      else this.#fail(code === 0 ? 'made no sound' : `ended with ${code ?? 'a signal'}`)
    })
  }

  #onBytes(bytes: Uint8Array): void {
    if (this.#isOver) return
    const pcm = this.#reader.push(bytes)
    const { refusal, sampleRateHz } = this.#reader
    this.#samples += pcm.length
    if (refusal !== undefined) return this.#fail(refusal)
    if (this.#samples > sampleRateHz * SPEECH_LIMIT_S) return this.#fail('does not stop speaking')
    this.#waitFor(STALL_MS, 'stopped in the middle of its speech')
    if (pcm.length > 0) this.#events.onAudio(pcm, sampleRateHz)
  }

  #waitFor(ms: number, otherwise: string): void {
    this.#cancelTimer()
    const message = `${otherwise} for ${ms / 1000} s`
    this.#cancelTimer = this.#options.clock.after(ms, () => this.#fail(message))
  }

  #finish(): void {
    if (this.#isOver) return
    this.cancel()
    this.#events.onEnd()
  }

  #fail(message: string): void {
    if (this.#isOver) return
    this.cancel()
    this.#events.onError({ message: `eSpeak NG ${message}`, isRetryable: true })
  }
}

import type { Result } from '../../base/result.ts'
import { ok } from '../../base/result.ts'
import type { TtsEvents, TtsProvider, TtsRequest, TtsStream } from '../../ports/tts.ts'
import { isSpeakable, SPEECH_LIMIT_S } from '../http-speech.ts'
import { PcmReader } from '../pcm-reader.ts'
import { TaskConnection, type DashScopeAccess, type TaskRequest } from './task-connection.ts'

export interface DashScopeTtsOptions extends DashScopeAccess {
  readonly model?: string
  /** Voices besides the usual ones of the model, cloned ones too; the first is the default. */
  readonly voices?: readonly string[]
  /** 0 to 100; 50 is the voice's own. */
  readonly volume?: number
  /** 0.5 to 2. */
  readonly pitch?: number
  /** How to speak, in the model's own form of words. */
  readonly instruction?: string
}

export const TTS_MODEL = 'cosyvoice-v3-flash'
/** Some of the vendor's voices, by the beginning of the model's name. Others are named by the option. */
const VOICES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^cosyvoice-v3/, ['longanyang', 'longanhuan']],
  [/^cosyvoice-v2/, ['longxiaochun_v2', 'longwan_v2', 'longcheng_v2', 'longhua_v2']],
  [/^cosyvoice-v1/, ['longxiaochun', 'longwan', 'longcheng', 'longhua']],
]
const SAMPLE_RATE_HZ = 24_000
const SOUND_MS = 5000
/** Connections that are kept for the next piece of text; the service closes them after a minute. */
const SPARE_LIMIT = 8
const SPARE_MS = 45_000
const WHO = 'the speech service'

/** Emotions that CosyVoice v3's system voices know; `calm` is none of them. */
const EMOTIONS: Readonly<Record<string, string>> = {
  happy: 'happy',
  sad: 'sad',
  angry: 'angry',
  fearful: 'fearful',
  disgusted: 'disgusted',
  surprised: 'surprised',
  calm: 'neutral',
}
/** `TtsConfig.LanguageId` of languages that CosyVoice v3 takes as a hint. */
const LANGUAGES: Readonly<Record<string, string>> = {
  Chinese: 'zh',
  English: 'en',
  French: 'fr',
  German: 'de',
  Japanese: 'ja',
  Korean: 'ko',
  Russian: 'ru',
  Portuguese: 'pt',
  Thai: 'th',
  Indonesian: 'id',
  Vietnamese: 'vi',
}

interface Spare {
  readonly session: Session
  readonly cancelTimer: () => void
}

/** CosyVoice over DashScope's WebSocket: a task for each piece of text, over connections that are kept. */
export class DashScopeTts implements TtsProvider {
  readonly name = 'dashscope'
  readonly voices: readonly string[]
  readonly defaultVoiceId: string
  readonly #options: DashScopeTtsOptions
  readonly #model: string
  #spare: Spare[] = []

  constructor(options: DashScopeTtsOptions) {
    this.#options = options
    this.#model = options.model ?? TTS_MODEL
    const usual = VOICES.find(([model]) => model.test(this.#model))?.[1] ?? []
    this.voices = [...new Set([...(options.voices ?? []), ...usual])]
    this.defaultVoiceId = this.voices[0] ?? ''
  }

  load(): Promise<Result<void, string>> {
    return Promise.resolve(ok(undefined))
  }

  speak(request: TtsRequest, events: TtsEvents): TtsStream {
    const { clock } = this.#options
    if (!isSpeakable(request.text)) return { cancel: clock.after(0, () => events.onEnd()) }
    const session = this.#take()
    session.speak(this.#task(request), request.text, events)
    return { cancel: () => session.cancel(events) }
  }

  close(): void {
    for (const { session, cancelTimer } of this.#spare) {
      cancelTimer()
      session.close()
    }
    this.#spare = []
  }

  #take(): Session {
    for (;;) {
      const spare = this.#spare.pop()
      if (spare === undefined) return new Session(this.#options, (idle) => this.#keep(idle))
      spare.cancelTimer()
      if (spare.session.isConnected) return spare.session
    }
  }

  #keep(session: Session): void {
    if (this.#spare.length >= SPARE_LIMIT) return session.close()
    const cancelTimer = this.#options.clock.after(SPARE_MS, () => {
      this.#spare = this.#spare.filter((spare) => spare.session !== session)
      session.close()
    })
    this.#spare.push({ session, cancelTimer })
  }

  #task(request: TtsRequest): TaskRequest {
    const { volume, pitch } = this.#options
    const { voiceId, speechRate } = request
    return {
      task: 'tts',
      function: 'SpeechSynthesizer',
      model: this.#model,
      parameters: {
        text_type: 'PlainText',
        voice: this.voices.includes(voiceId) ? voiceId : this.defaultVoiceId,
        format: 'pcm',
        sample_rate: SAMPLE_RATE_HZ,
        rate: speechRate,
        ...(volume !== undefined && { volume }),
        ...(pitch !== undefined && { pitch }),
        ...this.#style(request),
      },
    }
  }

  /** Only v3 models take these; they refuse words that are not of the documented form. */
  #style({ style }: TtsRequest): {
    readonly instruction?: string
    readonly language_hints?: string[]
  } {
    if (!this.#model.startsWith('cosyvoice-v3')) return {}
    const emotion = EMOTIONS[style?.emotion ?? '']
    const instruction =
      this.#options.instruction ??
      (emotion === undefined ? undefined : `你说话的情感是${emotion}。`)
    const language = LANGUAGES[style?.languageId ?? '']
    return {
      ...(instruction !== undefined && { instruction }),
      ...(language !== undefined && { language_hints: [language] }),
    }
  }
}

/** A connection that speaks one piece of text after the other. */
class Session {
  readonly #options: DashScopeTtsOptions
  readonly #connection: TaskConnection
  readonly #onIdle: (session: Session) => void
  #speech: { readonly text: string; readonly events: TtsEvents } | undefined
  #reader = new PcmReader({ sampleRateHz: SAMPLE_RATE_HZ })
  #samples = 0
  #cancelTimer: () => void = () => {}

  constructor(options: DashScopeTtsOptions, onIdle: (session: Session) => void) {
    this.#options = options
    this.#onIdle = onIdle
    this.#connection = new TaskConnection(options, WHO, {
      onStarted: () => {
        this.#waitFor('sent no sound')
        this.#connection.sendText(this.#speech?.text ?? '')
        this.#connection.finish()
      },
      onResult: () => {},
      onBytes: (bytes) => this.#onBytes(bytes),
      onFinished: () => this.#onFinished(),
      onFailed: (error) => this.#end()?.onError(error),
    })
  }

  get isConnected(): boolean {
    return this.#connection.isConnected
  }

  speak(task: TaskRequest, text: string, events: TtsEvents): void {
    this.#speech = { text, events }
    this.#reader = new PcmReader({ sampleRateHz: SAMPLE_RATE_HZ })
    this.#samples = 0
    this.#connection.start(task)
  }

  /** The service cannot be told to stop: the connection is given up. */
  cancel(events: TtsEvents): void {
    if (this.#speech?.events === events) this.close()
  }

  close(): void {
    this.#end()
    this.#connection.close()
  }

  #onBytes(bytes: Uint8Array): void {
    const events = this.#speech?.events
    if (events === undefined) return
    this.#connection.keepWaiting()
    const pcm = this.#reader.push(bytes)
    this.#samples += pcm.length
    if (this.#samples > SAMPLE_RATE_HZ * SPEECH_LIMIT_S) {
      return this.#fail('sent too long an answer', false)
    }
    if (this.#reader.refusal !== undefined) return this.#fail(this.#reader.refusal, false)
    this.#waitFor('stopped in the middle of its answer')
    if (pcm.length > 0) events.onAudio(pcm, this.#reader.sampleRateHz)
  }

  #onFinished(): void {
    const hasSound = this.#samples > 0
    const events = this.#end()
    this.#onIdle(this)
    if (hasSound) events?.onEnd()
    else events?.onError({ message: `${WHO} sent no sound`, isRetryable: true })
  }

  #waitFor(otherwise: string): void {
    this.#cancelTimer()
    const message = `${otherwise} for ${SOUND_MS / 1000} s`
    this.#cancelTimer = this.#options.clock.after(SOUND_MS, () => this.#fail(message, true))
  }

  #fail(message: string, isRetryable: boolean): void {
    const events = this.#end()
    this.#connection.close()
    events?.onError({ message: `${WHO} ${message}`, isRetryable })
  }

  /** Whom to tell of the end, once. */
  #end(): TtsEvents | undefined {
    this.#cancelTimer()
    const events = this.#speech?.events
    this.#speech = undefined
    return events
  }
}

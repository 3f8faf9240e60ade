import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { fail, ok, type Result } from '../../base/result.ts'
import type { TtsEvents, TtsProvider, TtsRequest, TtsStream } from '../../ports/tts.ts'
import { isSpeakable } from '../http-speech.ts'
import { ModelThread } from '../model-thread.ts'
import type { FolderModel } from './model-folder.ts'
import { SHERPA_LIBRARY, type SherpaSetup } from './sherpa-setup.ts'
import type { VoiceAsk, VoiceReply } from './voice-thread.ts'

export interface SherpaTtsOptions {
  readonly clock: Clock
  readonly log: Log
  readonly model: FolderModel
  readonly threads?: number
  /** Address of a module that stands in for `sherpa.ts`. */
  readonly library?: string
}

/** Pieces under way at a time. Past it a new one is refused. */
const REQUEST_LIMIT = 500

interface Request {
  readonly ask: Omit<VoiceAsk, 'job'>
  readonly events: TtsEvents
  isOver: boolean
}

export function sherpaTts(options: SherpaTtsOptions): Result<SherpaTts, string> {
  const { model } = options
  if (model.use === 'tts') return ok(new SherpaTts(options))
  return fail(`the folder ${model.folder} holds a recogniser (${model.kind}), not a voice.`)
}

/** A voice of sherpa-onnx in a thread that serves all calls, one piece of text after the other. */
export class SherpaTts implements TtsProvider {
  readonly name = 'sherpa'
  readonly voices: readonly string[]
  readonly defaultVoiceId: string
  readonly #clock: Clock
  readonly #thread: ModelThread<VoiceAsk, VoiceReply>
  #waiting: Request[] = []
  #current: { readonly job: number; readonly request: Request } | undefined
  #lastJob = 0

  constructor({ clock, log, model, threads = 1, library = SHERPA_LIBRARY }: SherpaTtsOptions) {
    this.#clock = clock
    this.voices = model.speakers
    this.defaultVoiceId = model.speakers[0] ?? ''
    const setup: SherpaSetup = { model, languageId: '', threads, library }
    this.#thread = new ModelThread({
      name: `sherpa ${model.kind}`,
      file: new URL('./voice-thread.ts', import.meta.url),
      setup,
      log,
      onReply: (reply: VoiceReply) => this.#onReply(reply),
      onLost: () => this.#onLost(),
    })
  }

  load(): Promise<Result<void, string>> {
    return this.#thread.load()
  }

  speak({ text, voiceId, speechRate }: TtsRequest, events: TtsEvents): TtsStream {
    const speaker = Math.max(0, this.voices.indexOf(voiceId))
    const request: Request = { ask: { text, speaker, speed: speechRate }, events, isOver: false }
    const cancelStart = this.#clock.after(0, () => {
      if (!isSpeakable(text)) return this.#finish(request)
      if (this.#waiting.length >= REQUEST_LIMIT) return this.#fail(request, 'the voice is busy')
      this.#waiting.push(request)
      this.#next()
    })
    return {
      cancel: () => {
        request.isOver = true
        cancelStart()
        this.#waiting = this.#waiting.filter((waiting) => waiting !== request)
      },
    }
  }

  close(): void {
    for (const request of this.#waiting) request.isOver = true
    if (this.#current !== undefined) this.#current.request.isOver = true
    this.#waiting = []
    this.#thread.close()
  }

  #next(): void {
    while (this.#current === undefined) {
      const request = this.#waiting.shift()
      if (request === undefined) return
      const job = ++this.#lastJob
      this.#current = { job, request }
      if (this.#thread.post({ job, ...request.ask })) return
      this.#current = undefined
      this.#fail(request, this.#thread.failure ?? 'the voice is closed')
    }
  }

  #onReply({ job, pcm, sampleRateHz, error }: VoiceReply): void {
    const request = this.#current?.job === job ? this.#current.request : undefined
    if (request === undefined) return
    this.#current = undefined
    if (!request.isOver && error === undefined && pcm.length > 0) {
      request.events.onAudio(pcm, sampleRateHz)
      this.#finish(request)
    } else this.#fail(request, error ?? 'the voice made no sound')
    this.#next()
  }

  /** Whatever the thread died of may lie in the piece in hand, so that one is not tried again. */
  #onLost(): void {
    const request = this.#current?.request
    this.#current = undefined
    if (request !== undefined) this.#fail(request, this.#thread.failure ?? 'the voice died')
    this.#next()
  }

  #finish(request: Request): void {
    if (request.isOver) return
    request.isOver = true
    request.events.onEnd()
  }

  #fail(request: Request, message: string): void {
    if (request.isOver) return
    request.isOver = true
    request.events.onError({ message, isRetryable: this.#thread.failure === undefined })
  }
}

import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Result } from '../../base/result.ts'
import type { TtsEvents, TtsProvider, TtsRequest, TtsStream } from '../../ports/tts.ts'
import { ModelThread } from '../model-thread.ts'
import { soundSpan, wordMarks } from './marks.ts'
import { SpeechCache, type Speech } from './speech-cache.ts'
import { piecesOf, type Piece } from './spoken-text.ts'
import type { SynthesisAsk, SynthesisReply } from './thread.ts'

/** Male and female American, male Scottish, and an old male diphone voice; best understood first. */
const VOICES = ['rms', 'slt', 'awb', 'kal16']
const SLOWEST = 0.5
const FASTEST = 2
/** Speeches under way at a time. Past it a new one is refused. */
const REQUEST_LIMIT = 500
/** Of the silence that Flite puts around each piece, so much is kept. */
const LEAD_MS = 20
const TAIL_MS = 160

interface Request {
  readonly voice: string
  readonly rate: number
  readonly pieces: Piece[]
  readonly events: TtsEvents
  /** What of the text, and how much sound, has been given out. */
  chars: number
  soundMs: number
  isOver: boolean
}

/** Flite: English, offline. One thread serves all, piece by piece in turn. */
export class FliteTts implements TtsProvider {
  readonly name = 'flite'
  readonly voices = VOICES
  readonly defaultVoiceId = 'rms'
  readonly #clock: Clock
  readonly #thread: ModelThread<SynthesisAsk, SynthesisReply>
  readonly #cache = new SpeechCache()
  /** Who waits for a piece, in turn. */
  #waiting: Request[] = []
  #current: { readonly job: number; readonly request: Request; readonly piece: Piece } | undefined
  #lastJob = 0

  constructor(options: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = options.clock
    this.#thread = new ModelThread({
      name: 'flite',
      file: new URL('./thread.ts', import.meta.url),
      setup: undefined,
      log: options.log,
      onReply: (reply: SynthesisReply) => this.#onReply(reply),
      onLost: () => this.#onLost(),
    })
  }

  load(): Promise<Result<void, string>> {
    return this.#thread.load()
  }

  speak(request: TtsRequest, events: TtsEvents): TtsStream {
    const speech: Request = {
      voice: VOICES.includes(request.voiceId) ? request.voiceId : this.defaultVoiceId,
      rate: Math.min(FASTEST, Math.max(SLOWEST, request.speechRate)),
      pieces: piecesOf(request.text),
      events,
      chars: 0,
      soundMs: 0,
      isOver: false,
    }
    const cancelStart = this.#clock.after(0, () => {
      if (this.#waiting.length < REQUEST_LIMIT) this.#advance(speech)
      else this.#fail(speech, 'flite is busy')
    })
    return {
      cancel: () => {
        speech.isOver = true
        cancelStart()
        this.#waiting = this.#waiting.filter((waiting) => waiting !== speech)
      },
    }
  }

  close(): void {
    for (const request of this.#waiting) request.isOver = true
    if (this.#current !== undefined) this.#current.request.isOver = true
    this.#waiting = []
    this.#thread.close()
  }

  /** Gives out what is known already, then waits for the thread or ends. */
  #advance(request: Request): void {
    while (!request.isOver) {
      const [piece] = request.pieces
      if (piece === undefined) {
        request.isOver = true
        return request.events.onEnd()
      }
      const speech = this.#cache.get(cacheKey(request, piece))
      if (speech === undefined) {
        this.#waiting.push(request)
        return this.#next()
      }
      give(request, speech)
    }
  }

  #next(): void {
    while (this.#current === undefined) {
      const request = this.#waiting.shift()
      if (request === undefined) return
      const [piece] = request.pieces
      if (request.isOver || piece === undefined) continue
      const job = ++this.#lastJob
      this.#current = { job, request, piece }
      const { voice, rate } = request
      if (!this.#thread.post({ job, text: piece.spoken, voice, rate })) {
        this.#current = undefined
        this.#fail(request, this.#thread.failure ?? 'flite is closed')
      }
    }
  }

  #onReply(reply: SynthesisReply): void {
    const current = this.#current
    if (current === undefined || current.job !== reply.job) return
    this.#current = undefined
    const { request, piece } = current
    if (reply.error === undefined) {
      const speech = trimmed(reply, piece)
      this.#cache.put(cacheKey(request, piece), speech)
      if (!request.isOver) give(request, speech)
      this.#advance(request)
    } else this.#fail(request, reply.error)
    this.#next()
  }

  /** Whatever the thread died of may lie in the piece in hand, so that one is not tried again. */
  #onLost(): void {
    const request = this.#current?.request
    this.#current = undefined
    if (request !== undefined) this.#fail(request, 'flite died')
    this.#next()
  }

  #fail(request: Request, message: string): void {
    if (request.isOver) return
    request.isOver = true
    request.events.onError({ message, isRetryable: this.#thread.failure === undefined })
  }
}

const cacheKey = (request: Request, piece: Piece): string =>
  `${request.voice} ${request.rate} ${piece.spoken}`

/** Without most of the silence around it: the first sound must come early. */
function trimmed(reply: SynthesisReply, piece: Piece): Speech {
  const { pcm, sampleRateHz, phones } = reply
  const [startMs, endMs] = soundSpan(phones, (pcm.length * 1000) / sampleRateHz)
  const fromMs = Math.max(0, startMs - LEAD_MS)
  const at = (ms: number): number => Math.round((ms * sampleRateHz) / 1000)
  const sound = pcm.slice(at(fromMs), at(endMs + TAIL_MS))
  return { pcm: sound, sampleRateHz, marks: wordMarks(piece.spoken, phones, fromMs) }
}

/** The marks count in what was spoken; they are told in shares of the text that it came from. */
function give(request: Request, speech: Speech): void {
  const piece = request.pieces.shift()
  if (piece === undefined) return
  const { events } = request
  const startMs = request.soundMs
  const startChars = request.chars
  request.soundMs += (speech.pcm.length * 1000) / speech.sampleRateHz
  request.chars = piece.end
  events.onAudio(speech.pcm.slice(), speech.sampleRateHz)
  const share = (piece.end - startChars) / piece.spoken.length
  let last = startChars
  for (const mark of speech.marks) {
    if (request.isOver) return
    const chars = Math.min(piece.end, startChars + Math.round(mark.chars * share))
    if (chars > last) events.onMark(chars, startMs + mark.atMs)
    last = Math.max(last, chars)
  }
}

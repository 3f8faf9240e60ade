import type { Clock } from '../base/clock.ts'
import type { AsrEvents, AsrStream } from '../ports/asr.ts'
import type { ProviderError } from '../ports/provider-error.ts'
import { SoundBuffer } from './sound-buffer.ts'
import { isLoud, joinedText } from './speech-text.ts'

const RATE_HZ = 16_000
/** So much new sound is worth a partial transcript; in long sentences, an eighth of the whole. */
const PARTIAL_SAMPLES = 0.7 * RATE_HZ
const PARTIAL_SHARE = 8
/** Unless told otherwise, recognisers take sentences up to so long: of longer ones the beginning is settled… */
const WHOLE_LIMIT_MS = 20_000
/** …at the quietest moment between these two parts of that. */
const CUT_FROM = 0.55
const CUT_TO = 0.9
/** Sound not decoded yet. Past it, which a thread that keeps up never sees, the oldest is dropped. */
const SOUND_LIMIT_SAMPLES = 60 * RATE_HZ
/** Flushes not answered yet. Past it the oldest is answered with what is known. */
const FLUSH_LIMIT = 16

/** What is to be decoded next for a stream. */
export interface DecodeJob {
  readonly kind: 'flush' | 'settle' | 'partial'
  readonly samples: Int16Array<ArrayBuffer>
  /** Where the samples end. */
  readonly position: number
  readonly epoch: number
}

/** What a stream needs of its provider. */
export interface SentenceWire {
  readonly clock: Clock
  /** Whether partial transcripts are worth decoding the sentence again and again. Default: yes. */
  readonly hasPartials?: boolean
  /** The longest sound that the recogniser takes at once. */
  readonly wholeLimitMs?: number
  /** There may be a job. */
  wake(): void
  onClose(): void
  /** What is being decoded is of no use any more. */
  onReset?(): void
}

/**
 * One user's speech for a recogniser that takes whole sentences: keeps the sound of the sentence and knows
 * what is to be decoded next.
 */
export class SentenceStream implements AsrStream {
  readonly #events: AsrEvents
  readonly #wire: SentenceWire
  readonly #wholeLimitSamples: number
  readonly #sound = new SoundBuffer()
  /** Text of the part of the sentence that was settled and forgotten. */
  #settled = ''
  #decoded: { readonly position: number; readonly text: string } | undefined
  #flushes: { readonly flushId: number; readonly position: number }[] = []
  /** End of the first loud frame that is not settled. */
  #firstLoud: number | undefined
  #lastPartial = ''
  #epoch = 0
  #cancelSettle: () => void = () => {}
  #isClosed = false

  constructor(events: AsrEvents, wire: SentenceWire) {
    this.#events = events
    this.#wire = wire
    this.#wholeLimitSamples = ((wire.wholeLimitMs ?? WHOLE_LIMIT_MS) * RATE_HZ) / 1000
  }

  get hasFlush(): boolean {
    return this.#flushes.length > 0
  }

  write(frame: Int16Array): void {
    if (this.#isClosed) return
    this.#sound.append(frame)
    if (this.#firstLoud === undefined && isLoud(frame)) this.#firstLoud = this.#sound.end
    if (this.#sound.end - this.#sound.start > SOUND_LIMIT_SAMPLES) {
      this.#sound.dropTo(this.#sound.end - SOUND_LIMIT_SAMPLES)
      this.#decoded = undefined
    }
    if (this.#isPartialDue()) this.#wire.wake()
  }

  flush(flushId: number): void {
    if (this.#isClosed) return
    this.#flushes.push({ flushId, position: this.#sound.end })
    if (this.#flushes.length > FLUSH_LIMIT) this.#answer(this.#decoded?.text ?? '')
    this.#cancelSettle()
    this.#cancelSettle = this.#wire.clock.after(0, () => {
      this.#answerKnown()
      this.#wire.wake()
    })
    this.#wire.wake()
  }

  reset(): void {
    this.#epoch += 1
    this.#sound.clear()
    this.#settled = ''
    this.#decoded = undefined
    this.#flushes = []
    this.#firstLoud = undefined
    this.#lastPartial = ''
    this.#cancelSettle()
    this.#wire.onReset?.()
  }

  close(): void {
    if (this.#isClosed) return
    this.reset()
    this.#isClosed = true
    this.#wire.onClose()
  }

  fail(error: ProviderError): void {
    if (this.#isClosed) return
    this.close()
    this.#events.onError(error)
  }

  nextJob(): DecodeJob | undefined {
    const [flush] = this.#flushes
    const position = flush?.position ?? this.#sound.end
    if (flush !== undefined && this.#known(position) !== undefined) return undefined
    if (flush === undefined && !this.#isPartialDue()) return undefined
    const start = this.#sound.start
    const limit = this.#wholeLimitSamples
    if (position - start > limit) {
      const cut = this.#sound.quietestBetween(start + limit * CUT_FROM, start + limit * CUT_TO)
      return this.#job('settle', cut)
    }
    return this.#job(flush === undefined ? 'partial' : 'flush', position)
  }

  /** What is known of a job's text while it is still being decoded. */
  onTextSoFar(job: DecodeJob, text: string): void {
    if (this.#isClosed || job.epoch !== this.#epoch) return
    this.#tellPartial(joined(this.#settled, text))
  }

  onText(job: DecodeJob, text: string): void {
    if (this.#isClosed || job.epoch !== this.#epoch) return
    if (job.kind === 'settle') {
      this.#settled = joined(this.#settled, text)
      this.#sound.dropTo(job.position)
      this.#decoded = undefined
      this.#firstLoud = this.#sound.start
      return
    }
    this.#decoded = { position: job.position, text }
    if (job.kind === 'partial' && !this.hasFlush) this.#tellPartial(joined(this.#settled, text))
    this.#answerKnown()
  }

  #job(kind: DecodeJob['kind'], position: number): DecodeJob {
    return { kind, position, samples: this.#sound.copyTo(position), epoch: this.#epoch }
  }

  #isPartialDue(): boolean {
    if (this.#firstLoud === undefined || this.#wire.hasPartials === false) return false
    const length = this.#sound.end - this.#sound.start
    const fresh = this.#sound.end - (this.#decoded?.position ?? this.#sound.start)
    return fresh >= Math.max(PARTIAL_SAMPLES, length / PARTIAL_SHARE)
  }

  /** The text of what is not settled up to `position`, if no decoding is needed for it. */
  #known(position: number): string | undefined {
    if (this.#firstLoud === undefined || position < this.#firstLoud) return ''
    if (position <= this.#sound.start) return ''
    return this.#decoded?.position === position ? this.#decoded.text : undefined
  }

  #answerKnown(): void {
    for (;;) {
      const [flush] = this.#flushes
      const text = flush === undefined ? undefined : this.#known(flush.position)
      if (text === undefined) return
      this.#answer(text)
    }
  }

  #answer(text: string): void {
    const flush = this.#flushes.shift()
    if (flush !== undefined) this.#events.onFinal(joined(this.#settled, text), flush.flushId)
  }

  #tellPartial(text: string): void {
    if (text === '' || text === this.#lastPartial) return
    this.#lastPartial = text
    this.#events.onPartial(text)
  }
}

const joined = (first: string, second: string): string => joinedText([first, second])

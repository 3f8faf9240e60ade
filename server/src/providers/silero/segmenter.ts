import { FRAME_MS } from '../../media/pcm.ts'
import type { LevelSettings } from './levels.ts'

export interface Verdict {
  readonly type: 'start' | 'end'
  readonly atMs: number
}

interface HeardFrame {
  readonly endMs: number
  readonly db: number
  readonly isLoud: boolean
}

/** So much quiet ends speech, even while the model still clings to it. */
const END_QUIET_MS = 140
/** Silero notices speech within this; what is loud just before belongs to it. */
const ONSET_SEARCH_MS = 320
const ONSET_LAG_MS = 64
/** And it clings to speech for up to this after the last sound. */
const END_SEARCH_MS = 260
/** Sound so far below the loudest of the same speech is its echo, or breath; the loudest is forgotten. */
const TAIL_DB = 32
const FORGETTING_DB_PER_FRAME = 0.12
const MEMORY_FRAMES = 100
/** After a silence the user may speak more softly than before: by so much more each second. */
const FORGIVING_DB_PER_SECOND = 1

/**
 * Makes verdicts out of windows: whether each is speech comes from the model, when exactly speech began
 * and ended from the loudness of the frames. Pure.
 */
export class Segmenter {
  readonly #settings: LevelSettings
  readonly #frames: HeardFrame[] = []
  #isSpeech = false
  #speechWindows = 0
  #firstWindowMs = 0
  #lastWindowMs = 0
  /** The loudest lately, and the loudest of the present speech. */
  #peakDb = -Infinity
  #loudestDb = -Infinity
  /** The loudest of the speech before, and when that ended. */
  #userDb = -Infinity
  #userMs = 0

  constructor(settings: LevelSettings) {
    this.#settings = settings
  }

  get isSpeech(): boolean {
    return this.#isSpeech
  }

  /** Every frame, before the window that contains it. */
  frame(endMs: number, db: number, isLoud: boolean): void {
    this.#frames.push({ endMs, db, isLoud })
    if (this.#frames.length > MEMORY_FRAMES) this.#frames.shift()
    this.#peakDb = Math.max(db, this.#peakDb - FORGETTING_DB_PER_FRAME)
    if (this.#isSpeech) this.#loudestDb = Math.max(db, this.#loudestDb)
  }

  /** The model's word on the window that ended at `endMs`; without one, loudness must do. */
  window(endMs: number, verdict: boolean | undefined): Verdict | undefined {
    const isSpeech = verdict ?? this.#isLoudAt(endMs)
    if (isSpeech) this.#lastWindowMs = endMs
    const isQuiet = endMs - this.#lastSoundMs(endMs) >= END_QUIET_MS
    if (isSpeech && !isQuiet) {
      if (this.#speechWindows === 0) this.#firstWindowMs = endMs
      this.#speechWindows += 1
      return this.#isSpeech ? undefined : this.#start(endMs)
    }
    this.#speechWindows = 0
    return this.#isSpeech && isQuiet ? this.#end(endMs) : undefined
  }

  #start(nowMs: number): Verdict | undefined {
    if (this.#speechWindows < this.#settings.startWindows) return undefined
    const onsetMs = this.#onsetMs()
    const loudestDb = this.#loudestBetween(onsetMs, nowMs)
    const patienceDb = ((nowMs - this.#userMs) / 1000) * FORGIVING_DB_PER_SECOND
    if (loudestDb < this.#userDb - this.#settings.backgroundDb - patienceDb) return undefined
    this.#isSpeech = true
    this.#loudestDb = loudestDb
    return { type: 'start', atMs: onsetMs }
  }

  #end(nowMs: number): Verdict {
    this.#isSpeech = false
    this.#userDb = this.#loudestDb
    this.#userMs = nowMs
    return { type: 'end', atMs: this.#lastSoundMs(nowMs) }
  }

  /** The first of the loud frames, with no gap of two, that lead into the first window of speech. */
  #onsetMs(): number {
    const firstMs = this.#firstWindowMs - ONSET_LAG_MS
    const earliestMs = this.#firstWindowMs - ONSET_SEARCH_MS
    let onsetMs = firstMs
    for (const { endMs, isLoud } of this.#frames.toReversed()) {
      if (endMs > onsetMs + FRAME_MS || !isLoud) continue
      if (endMs < onsetMs - FRAME_MS || endMs < earliestMs) break
      onsetMs = endMs - FRAME_MS
    }
    if (onsetMs < firstMs) return onsetMs
    const next = this.#frames.find(({ endMs, isLoud }) => isLoud && endMs > firstMs)
    return Math.max(firstMs, (next?.endMs ?? firstMs) - FRAME_MS)
  }

  /** The end of the last loud frame in what the model takes for speech. */
  #lastSoundMs(nowMs: number): number {
    const leastDb = this.#peakDb - TAIL_DB
    const untilMs = Math.min(nowMs, this.#lastWindowMs)
    const last = this.#frames.findLast(
      ({ endMs, db, isLoud }) => endMs <= untilMs && isLoud && db > leastDb,
    )
    return Math.max(last?.endMs ?? 0, this.#lastWindowMs - END_SEARCH_MS)
  }

  #loudestBetween(fromMs: number, toMs: number): number {
    let loudestDb = -Infinity
    for (const { endMs, db } of this.#frames)
      if (endMs > fromMs && endMs <= toMs && db > loudestDb) loudestDb = db
    return loudestDb
  }

  #isLoudAt(atMs: number): boolean {
    return this.#frames.findLast(({ endMs }) => endMs <= atMs)?.isLoud ?? false
  }
}

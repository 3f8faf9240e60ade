import type { Clock } from '../base/clock.ts'
import type { DialogueEvent } from '../dialogue/events.ts'
import type { Evidence, RecordedVoice } from './evidence.ts'

interface Piece {
  readonly segmentId: number
  readonly text: string
  readonly readyMs: number
  readonly lengthMs: number
  playedMs: number
  /** Since when it sounds; absent while it does not. */
  sinceMs?: number
  hasStarted: boolean
}

/** The agent's sound in virtual time: pieces one after the other, each as long as it was in the record. */
export class PlayoutModel {
  readonly #clock: Clock
  readonly #evidence: Pick<Evidence, 'voices' | 'msPerChar'>
  readonly #happen: (event: DialogueEvent) => void
  #pieces: Piece[] = []
  /** How often each text has been spoken. */
  readonly #spoken = new Map<string, number>()
  #isHeld = false
  #cancelTimer: (() => void) | undefined

  constructor(
    clock: Clock,
    evidence: Pick<Evidence, 'voices' | 'msPerChar'>,
    happen: (event: DialogueEvent) => void,
  ) {
    this.#clock = clock
    this.#evidence = evidence
    this.#happen = happen
  }

  speak(segmentId: number, text: string): void {
    const voice = this.#voiceOf(text)
    const lengthMs = voice?.playoutMs ?? text.trim().length * this.#evidence.msPerChar
    const readyMs = this.#clock.nowMs() + (voice?.synthesisMs ?? 0)
    this.#pieces.push({ segmentId, text, readyMs, lengthMs, playedMs: 0, hasStarted: false })
    this.#schedule()
  }

  /** As it was spoken that time, or the last time that is known. */
  #voiceOf(text: string): RecordedVoice | undefined {
    const voices = this.#evidence.voices.get(text) ?? []
    const count = this.#spoken.get(text) ?? 0
    this.#spoken.set(text, count + 1)
    return voices[count] ?? voices.at(-1)
  }

  setHeld(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return
    this.#isHeld = isHeld
    const [piece] = this.#pieces
    if (isHeld && piece?.sinceMs !== undefined) {
      piece.playedMs += this.#clock.nowMs() - piece.sinceMs
      delete piece.sinceMs
    }
    this.#schedule()
  }

  /** Drops everything; tells how much of the piece under way was said. */
  cancel(): DialogueEvent {
    const [piece] = this.#pieces
    const atMs = this.#clock.nowMs()
    this.#pieces = []
    this.#schedule()
    if (piece?.hasStarted !== true) return { type: 'speech-cancelled', atMs, spokenChars: 0 }
    const playedMs = piece.playedMs + (piece.sinceMs === undefined ? 0 : atMs - piece.sinceMs)
    const share = piece.lengthMs <= 0 ? 1 : Math.min(1, playedMs / piece.lengthMs)
    const spokenChars = Math.round(piece.text.length * share)
    return { type: 'speech-cancelled', atMs, segmentId: piece.segmentId, spokenChars }
  }

  /** Waits for the next thing that happens by itself: a piece begins, or is through. */
  #schedule(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const [piece] = this.#pieces
    if (piece === undefined || this.#isHeld) return
    const nowMs = this.#clock.nowMs()
    const dueMs =
      piece.sinceMs === undefined
        ? Math.max(nowMs, piece.readyMs)
        : piece.sinceMs + piece.lengthMs - piece.playedMs
    this.#cancelTimer = this.#clock.after(dueMs - nowMs, () => this.#move(piece))
  }

  #move(piece: Piece): void {
    const atMs = this.#clock.nowMs()
    const { segmentId } = piece
    if (piece.sinceMs === undefined) {
      const isFirst = !piece.hasStarted
      piece.sinceMs = atMs
      piece.hasStarted = true
      this.#schedule()
      if (isFirst) this.#happen({ type: 'segment-start', atMs, segmentId })
      return
    }
    this.#pieces.shift()
    this.#schedule()
    this.#happen({ type: 'segment-end', atMs, segmentId })
  }
}

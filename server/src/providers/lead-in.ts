import { isLoud } from './speech-text.ts'

/** So much silence before the first loud frame goes along (300 ms): words begin softly. */
const LEAD_FRAMES = 15

/**
 * Keeps silence from a recogniser that is paid, or computes, by the second: between two sentences only the last
 * moments before the sound are handed on. Frames are 20 ms of 16 kHz; they are copied, since a caller may use its
 * buffer again.
 */
export class LeadIn {
  #kept: Int16Array[] = []
  #isOver = false

  /** What is to be heard now that this frame has come: nothing, or the frame and what led to it. */
  take(frame: Int16Array): readonly Int16Array[] {
    this.#isOver ||= isLoud(frame)
    this.#kept.push(frame.slice())
    if (this.#isOver) return this.#kept.splice(0)
    if (this.#kept.length > LEAD_FRAMES) this.#kept.shift()
    return []
  }

  /** A sentence is over: what follows is handed on only from the next loud frame. */
  startOver(): void {
    this.#isOver = false
  }

  /** As `startOver`, and what was kept is another sentence's. */
  clear(): void {
    this.#kept = []
    this.#isOver = false
  }
}

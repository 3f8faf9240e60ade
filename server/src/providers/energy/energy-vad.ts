import { EnergyVad } from '../../media/energy-vad.ts'
import type { VadEvents, VadProvider, VadStream } from '../../ports/vad.ts'

/** `AsrConfig.VadLevel` 11, the recommended one, is a mode of its own; so loud must speech be for it. */
const RECOMMENDED_LEVEL = 11
const RECOMMENDED_RISE_DB = 8
/** Level 0, and what each level adds. */
const LEAST_RISE_DB = 6
const RISE_PER_LEVEL_DB = 1

/** Detects speech by its level alone: no model, no thread, verdicts while `write` runs. */
export function energyVad(): VadProvider {
  return { name: 'energy', open: (options, events) => new EnergyVadStream(options.level, events) }
}

class EnergyVadStream implements VadStream {
  readonly #detector: EnergyVad
  readonly #events: VadEvents
  #isClosed = false

  constructor(level: number, events: VadEvents) {
    const riseDb =
      level >= RECOMMENDED_LEVEL ? RECOMMENDED_RISE_DB : LEAST_RISE_DB + level * RISE_PER_LEVEL_DB
    this.#detector = new EnergyVad({ riseDb, endMs: 140 })
    this.#events = events
  }

  write(frame: Int16Array, atMs: number): void {
    if (this.#isClosed) return
    const change = this.#detector.write(frame, atMs)
    if (change === 'start') this.#events.onSpeechStart(this.#detector.onsetMs)
    else if (change === 'end') this.#events.onSpeechEnd(this.#detector.endMs)
  }

  close(): void {
    this.#isClosed = true
  }
}

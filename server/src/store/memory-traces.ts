import type { CallRecord, Decision } from '../ports/call-record.ts'
import type { CallTrace } from '../ports/trace-store.ts'

/** The traces of calls, for a store that forgets everything when its process ends. */
export class MemoryTraces {
  readonly #calls = new Map<string, Remembered>()

  constructor(before?: MemoryTraces) {
    const calls = before === undefined ? [] : before.#calls
    for (const [instanceId, { decisions, stretches }] of calls) {
      const copied = stretches.map((stretch) => ({ ...stretch, pieces: [...stretch.pieces] }))
      this.#calls.set(instanceId, { decisions: [...decisions], stretches: copied })
    }
  }

  record(instanceId: string, records: readonly CallRecord[]): void {
    for (const record of records) {
      if (record.type === 'decision') this.#of(instanceId).decisions.push(record.decision)
      if (record.type !== 'trace') continue
      const { stretches } = this.#of(instanceId)
      const { stretchMs, lines } = record
      const last = stretches.at(-1)
      if (last?.stretchMs === stretchMs) last.pieces.push(lines)
      else stretches.push({ stretchMs, pieces: [lines] })
    }
  }

  get(instanceId: string): CallTrace {
    const { decisions, stretches } = this.#calls.get(instanceId) ?? { decisions: [], stretches: [] }
    const copied = stretches.map((stretch) => ({ ...stretch, pieces: [...stretch.pieces] }))
    return { decisions: [...decisions], stretches: copied }
  }

  /** The call was deleted. */
  forget(instanceId: string): void {
    this.#calls.delete(instanceId)
  }

  #of(instanceId: string): Remembered {
    const call = this.#calls.get(instanceId) ?? { decisions: [], stretches: [] }
    this.#calls.set(instanceId, call)
    return call
  }
}

interface Remembered {
  readonly decisions: Decision[]
  readonly stretches: { readonly stretchMs: number; readonly pieces: string[] }[]
}

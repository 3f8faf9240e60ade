import type { CallRecord } from '../ports/call-record.ts'
import type { CallSpec } from '../ports/calls.ts'
import type { LiveCall, LiveCalls, LiveState, LiveWatcher } from '../ports/live-calls.ts'

/** What the workers tell of their calls, passed on to those who look on. While nobody does, nobody is asked. */
export class LiveFeed implements LiveCalls {
  readonly #specs: () => readonly CallSpec[]
  readonly #ask: (isOn: boolean) => void
  readonly #watchers = new Set<LiveWatcher>()
  readonly #states = new Map<string, LiveState>()

  /** `ask` has all workers tell, or no more. */
  constructor(options: { specs(): readonly CallSpec[]; ask(isOn: boolean): void }) {
    this.#specs = options.specs
    this.#ask = options.ask
  }

  get count(): number {
    return this.#specs().length
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0
  }

  running(): readonly LiveCall[] {
    const specs = this.#specs().toSorted((one, other) => other.createdMs - one.createdMs)
    return specs.map((spec) => this.#call(spec))
  }

  watch(watcher: LiveWatcher): () => void {
    this.#watchers.add(watcher)
    if (this.#watchers.size === 1) this.#ask(true)
    return () => {
      if (!this.#watchers.delete(watcher) || this.isWatched) return
      this.#ask(false)
      this.#states.clear()
    }
  }

  started(spec: CallSpec): void {
    this.#tell((watcher) => watcher.onCall({ spec }))
  }

  /** States that workers tell; of calls that have ended meanwhile they mean nothing. */
  told(states: readonly LiveState[], specOf: (instanceId: string) => CallSpec | undefined): void {
    if (!this.isWatched) return
    for (const state of states) {
      const spec = specOf(state.instanceId)
      if (spec === undefined) continue
      this.#states.set(state.instanceId, state)
      this.#tell((watcher) => watcher.onCall({ spec, state }))
    }
  }

  stored(instanceId: string, records: readonly CallRecord[]): void {
    this.#tell((watcher) => watcher.onRecords(instanceId, records))
  }

  ended(instanceId: string): void {
    this.#states.delete(instanceId)
    this.#tell((watcher) => watcher.onEnd(instanceId))
  }

  #call(spec: CallSpec): LiveCall {
    const state = this.#states.get(spec.instanceId)
    return state === undefined ? { spec } : { spec, state }
  }

  #tell(tell: (watcher: LiveWatcher) => void): void {
    for (const watcher of this.#watchers) tell(watcher)
  }
}

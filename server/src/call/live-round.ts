import type { Clock } from '../base/clock.ts'
import type { CallRecord } from '../ports/call-record.ts'
import { LIVE_EVERY_MS, type LiveState } from '../ports/live-calls.ts'
import type { CallPast } from '../ports/worker-protocol.ts'
import { LiveView, type Scene } from './live-view.ts'

interface Watched {
  readonly view: LiveView
  readonly scene: () => Scene
}

/** Looks through the calls of a worker from time to time, while somebody looks on, and tells what has changed. */
export class LiveRound {
  readonly #clock: Clock
  readonly #tell: (states: readonly LiveState[]) => void
  readonly #calls = new Map<string, Watched>()
  #cancel: (() => void) | undefined

  constructor(clock: Clock, tell: (states: readonly LiveState[]) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  add(instanceId: string, scene: () => Scene, past?: CallPast): void {
    this.#calls.set(instanceId, { view: new LiveView(instanceId, past), scene })
  }

  remove(instanceId: string): void {
    this.#calls.delete(instanceId)
  }

  note(instanceId: string, records: readonly CallRecord[]): void {
    this.#calls.get(instanceId)?.view.note(records)
  }

  /** Turning it on again tells everything anew. */
  setOn(isOn: boolean): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (!isOn) return
    for (const { view } of this.#calls.values()) view.forget()
    this.#look()
  }

  #look(): void {
    const wallOffsetMs = this.#clock.wallMs() - this.#clock.nowMs()
    const news = [...this.#calls.values()].flatMap(({ view, scene }) => {
      const state = view.news(scene(), wallOffsetMs)
      return state === undefined ? [] : [state]
    })
    if (news.length > 0) this.#tell(news)
    this.#cancel = this.#clock.after(LIVE_EVERY_MS, () => this.#look())
  }
}

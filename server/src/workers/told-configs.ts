import type { Log } from '../base/log.ts'
import type { Store } from '../ports/store.ts'
import type { Placements } from './placements.ts'

/**
 * Tells running calls the configuration that is stored. What a client changes and what the API changes are laid over
 * each other where they are stored, in the order of the commits; a call that has heard of one before the other
 * learns from here what has come of both. What is told last was read last.
 */
export class ToldConfigs {
  readonly #placements: Placements
  readonly #store: Store
  readonly #log: Log
  /** The telling that is under way, by instance id. */
  readonly #telling = new Map<string, Promise<void>>()

  constructor(placements: Placements, store: Store, log: Log) {
    this.#placements = placements
    this.#store = store
    this.#log = log
  }

  /** Tells a call what is stored, unless it is just that what it `has`. Never rejects. */
  tell(instanceId: string, has?: string): Promise<void> {
    const before = this.#telling.get(instanceId) ?? Promise.resolve()
    const telling = before.then(() => this.#tell(instanceId, has))
    this.#telling.set(instanceId, telling)
    return telling.finally(() => {
      if (this.#telling.get(instanceId) === telling) this.#telling.delete(instanceId)
    })
  }

  async #tell(instanceId: string, has: string | undefined): Promise<void> {
    try {
      const stored = await this.#store.getInstance(instanceId)
      // A call that waits for a worker will start with what the store has.
      const worker = this.#placements.get(instanceId)?.slot?.worker
      if (stored === undefined || stored.agentConfig === has) return
      const { agentConfig, userData } = stored
      const given = userData === undefined ? {} : { userData }
      worker?.send({ type: 'call-update', instanceId, agentConfig, ...given })
    } catch (error) {
      this.#log.error('call not told its configuration', { instanceId, reason: String(error) })
    }
  }
}

import type { CallSpec } from '../ports/calls.ts'
import type { InstanceRecord } from '../ports/store.ts'
import type { Slot } from './worker-slots.ts'

export interface Placement {
  readonly spec: CallSpec
  /** Whose worker holds the call; none while it has lost one and waits for another. */
  slot: Slot | undefined
  /** Workers this call has lost. */
  losses: number
  /** When it was last lost: its end, if nobody comes back. Wall time, ms. */
  lostAtMs: number
  /** Told when the call has ended. */
  readonly onEnd: (() => void)[]
}

/** Which call is where. */
export class Placements {
  readonly #calls = new Map<string, Placement>()
  readonly #connections = new Map<string, { channelId: string; userId: string }>()

  get count(): number {
    return this.#calls.size
  }

  get all(): readonly Placement[] {
    return [...this.#calls.values()]
  }

  countsByAgent(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { spec } of this.#calls.values()) {
      counts.set(spec.agentId, (counts.get(spec.agentId) ?? 0) + 1)
    }
    return counts
  }

  get(instanceId: string): Placement | undefined {
    return this.#calls.get(instanceId)
  }

  has(placement: Placement): boolean {
    return this.#calls.get(placement.spec.instanceId) === placement
  }

  add(placement: Placement): void {
    this.#calls.set(placement.spec.instanceId, placement)
  }

  remove(instanceId: string): void {
    const placement = this.#calls.get(instanceId)
    if (placement === undefined) return
    this.#calls.delete(instanceId)
    const { channelId } = placement.spec
    if (this.inChannel(channelId).length === 0) {
      for (const [id, connection] of this.#connections)
        if (connection.channelId === channelId) this.#connections.delete(id)
    }
    for (const told of placement.onEnd) told()
  }

  inChannel(channelId: string): readonly Placement[] {
    return this.all.filter((placement) => placement.spec.channelId === channelId)
  }

  inSlot(slot: Slot): readonly Placement[] {
    return this.all.filter((placement) => placement.slot === slot)
  }

  connect(connectionId: string, channelId: string, userId: string): void {
    this.#connections.set(connectionId, { channelId, userId })
  }

  /** Forgets a connection; false when it is not that user's in that channel. */
  disconnect(connectionId: string, channelId: string, userId: string): boolean {
    const connection = this.#connections.get(connectionId)
    if (connection?.channelId !== channelId || connection.userId !== userId) return false
    return this.#connections.delete(connectionId)
  }
}

/** What a worker is told of a call, from what is stored of it. */
export function specOf(instance: InstanceRecord): CallSpec {
  const { instanceId, agentId, type, channelId, agentUserId, agentConfig, providers } = instance
  const { createdMs, tokenLifeS, userData } = instance
  return {
    instanceId,
    agentId,
    type,
    channelId,
    agentUserId,
    agentConfig,
    providers,
    createdMs,
    tokenLifeS,
    ...(userData === undefined ? {} : { userData }),
  }
}

import type { CallRecord } from '../ports/call-record.ts'
import type { Envelope } from '../schema/messages.ts'

/** A message waits behind the records that were asked for before it. */
interface Waiting {
  readonly seq: number
  readonly message: Pick<Envelope, 'type' | 'data'>
  /** Absent: for every user. */
  readonly userId?: string | undefined
}

/** A client that cannot be told (the store stalls) loses its oldest messages past this. */
export const OUTBOX_LIMIT = 1000

/**
 * Keeps the promise that nothing is told before it is stored: a message leaves once every record before it
 * is durable. Messages never overtake each other.
 */
export class Outbox {
  readonly #store: (seq: number, records: readonly CallRecord[]) => void
  readonly #send: (message: Waiting['message'], userId?: string) => void
  readonly #waiting: Waiting[] = []
  readonly #promises: { readonly seq: number; readonly keep: () => void }[] = []
  #asked = 0
  #stored = 0

  constructor(options: {
    readonly store: (seq: number, records: readonly CallRecord[]) => void
    readonly send: (message: Waiting['message'], userId?: string) => void
  }) {
    this.#store = options.store
    this.#send = options.send
  }

  /** True when everything asked for is durable and told. */
  get isEmpty(): boolean {
    return this.#stored === this.#asked && this.#waiting.length === 0
  }

  record(records: readonly CallRecord[]): void {
    if (records.length === 0) return
    this.#asked += 1
    this.#store(this.#asked, records)
  }

  tell(type: number, data: Envelope['data'], userId?: string): void {
    this.#waiting.push({ seq: this.#asked, message: { type, data }, userId })
    if (this.#waiting.length > OUTBOX_LIMIT) this.#waiting.shift()
    this.#drain()
  }

  /** Calls `keep` once all that has been asked for so far is durable. */
  whenStored(keep: () => void): void {
    this.#promises.push({ seq: this.#asked, keep })
    this.#drain()
  }

  /** Nothing more is waited for. */
  close(): void {
    for (const { keep } of this.#promises.splice(0)) keep()
  }

  /** All records up to `seq` are durable. */
  stored(seq: number): void {
    this.#stored = Math.max(this.#stored, seq)
    this.#drain()
  }

  #drain(): void {
    while ((this.#promises[0]?.seq ?? Infinity) <= this.#stored) this.#promises.shift()?.keep()
    for (;;) {
      const [first] = this.#waiting
      if (first === undefined || first.seq > this.#stored) return
      this.#waiting.shift()
      this.#send(first.message, first.userId)
    }
  }
}

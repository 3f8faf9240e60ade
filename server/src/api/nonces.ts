import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Store } from '../ports/store.ts'
import { sha256Hex } from './signature-v3.ts'

/** Most nonces that are remembered at a time; past it requests are refused until some expire. */
export const NONCES_LIMIT = 1_000_000
/** How long new nonces gather before they are written. */
export const NONCES_WRITE_MS = 1000
const MINUTE_MS = 60_000
/** Longer nonces are remembered by their digest. */
const NONCE_PLAIN_CHARS = 96

interface Remembered {
  readonly key: string
  readonly expiresMs: number
}

/** The nonces of valid signatures, until the time of their request leaves the window. */
export class Nonces {
  readonly #clock: Clock
  readonly #log: Log
  readonly #store: Pick<Store, 'rememberNonces' | 'recalledNonces'>
  readonly #limit: number
  readonly #expiries = new Map<string, number>()
  /** Keys by the minute in which they expire. */
  readonly #minutes = new Map<number, string[]>()
  #recalling: Promise<void> | undefined
  #isRecalled = false
  #unwritten: Remembered[] = []
  #writing: Promise<void> = Promise.resolve()
  #cancelWrite: (() => void) | undefined

  constructor(options: {
    readonly clock: Clock
    readonly log: Log
    readonly store: Pick<Store, 'rememberNonces' | 'recalledNonces'>
    readonly limit?: number
  }) {
    this.#clock = options.clock
    this.#log = options.log
    this.#store = options.store
    this.#limit = options.limit ?? NONCES_LIMIT
  }

  /** Call before the first use: brings back what an earlier process remembered. Fails with the store. */
  recall(): Promise<void> | undefined {
    if (this.#isRecalled) return undefined
    this.#recalling ??= this.#recall().finally(() => {
      this.#recalling = undefined
    })
    return this.#recalling
  }

  async #recall(): Promise<void> {
    for (const nonce of await this.#store.recalledNonces(this.#clock.wallMs())) this.#add(nonce)
    this.#isRecalled = true
  }

  isUsed(accessKeyId: string, nonce: string): boolean {
    return this.#isKnown(keyOf(accessKeyId, nonce))
  }

  #isKnown(key: string): boolean {
    const expiresMs = this.#expiries.get(key)
    return expiresMs !== undefined && expiresMs >= this.#clock.wallMs()
  }

  /** Burns a nonce whose signature was found valid. */
  use(accessKeyId: string, nonce: string, expiresMs: number): 'fresh' | 'used' | 'full' {
    this.#forgetExpired()
    const key = keyOf(accessKeyId, nonce)
    if (this.#isKnown(key)) return 'used'
    if (this.#expiries.size >= this.#limit) return 'full'
    const remembered = { key, expiresMs }
    this.#add(remembered)
    this.#unwritten.push(remembered)
    this.#cancelWrite ??= this.#clock.after(NONCES_WRITE_MS, () => {
      this.#cancelWrite = undefined
      this.#write()
    })
    return 'fresh'
  }

  /** Writes what is not written yet. May be called twice. */
  async close(): Promise<void> {
    this.#cancelWrite?.()
    this.#cancelWrite = undefined
    this.#write()
    await this.#writing
  }

  #add({ key, expiresMs }: Remembered): void {
    this.#expiries.set(key, expiresMs)
    const minute = Math.floor(expiresMs / MINUTE_MS)
    const keys = this.#minutes.get(minute)
    if (keys === undefined) this.#minutes.set(minute, [key])
    else keys.push(key)
  }

  #forgetExpired(): void {
    const now = Math.floor(this.#clock.wallMs() / MINUTE_MS)
    for (const [minute, keys] of this.#minutes) {
      if (minute >= now) continue
      this.#minutes.delete(minute)
      for (const key of keys) {
        const expiresMs = this.#expiries.get(key) ?? 0
        if (Math.floor(expiresMs / MINUTE_MS) <= minute) this.#expiries.delete(key)
      }
    }
  }

  #write(): void {
    const batch = this.#unwritten
    if (batch.length === 0) return
    this.#unwritten = []
    this.#writing = this.#writing
      .then(() => this.#store.rememberNonces(batch))
      .catch((error: unknown) => {
        this.#log.error('nonces not written', { count: batch.length, error: String(error) })
      })
  }
}

const keyOf = (accessKeyId: string, nonce: string): string =>
  `${accessKeyId}\n${nonce.length > NONCE_PLAIN_CHARS ? sha256Hex(nonce) : nonce}`

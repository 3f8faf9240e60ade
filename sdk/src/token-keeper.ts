import type { Environment } from './environment.ts'

/** So long before its end a token is told to end. */
export const TOKEN_WARNING_MS = 30_000

export interface TokenKeeperParts {
  readonly environment: Pick<Environment, 'wallMs' | 'after'>
  /** The token will end soon. */
  onWillExpire(): void
  onExpired(): void
}

/** The token of a call, and the watch over its end. */
export class TokenKeeper {
  readonly #parts: TokenKeeperParts
  #token = ''
  #isWatched = false
  /** Of the token in use: whether it was told that it will end, that it has ended. */
  #cancels: (() => void)[] = []

  constructor(parts: TokenKeeperParts) {
    this.#parts = parts
  }

  get now(): string {
    return this.#token
  }

  /** Another token from now on. */
  use(token: string): void {
    this.#token = token
    if (this.#isWatched) this.watch()
  }

  /** Tells of the token's end from now on; anew, what is past is told again. */
  watch(): void {
    this.close()
    this.#isWatched = true
    const endMs = tokenEndMs(this.#token)
    if (endMs === undefined) return
    const { environment, onWillExpire, onExpired } = this.#parts
    const leftMs = endMs - environment.wallMs()
    this.#cancels = [
      environment.after(warningDelayMs(leftMs), onWillExpire),
      environment.after(Math.max(0, leftMs), onExpired),
    ]
  }

  /** May be called twice. */
  close(): void {
    this.#isWatched = false
    for (const cancel of this.#cancels.splice(0)) cancel()
  }
}

/** When a channel token ends, in ms since 1970; `undefined` when that cannot be read from it. */
export function tokenEndMs(token: string): number | undefined {
  try {
    const { timestamp } = JSON.parse(atob(token)) as { readonly timestamp?: unknown }
    return typeof timestamp === 'number' ? timestamp * 1000 : undefined
  } catch {
    return undefined
  }
}

/** When to warn of the end: half a minute before, but in the middle of a life that is not a minute long. */
export function warningDelayMs(leftMs: number): number {
  return Math.max(0, leftMs - TOKEN_WARNING_MS, leftMs / 2)
}

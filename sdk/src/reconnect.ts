import { CallError } from './call-error.ts'

/** How long a lost connection is tried again. */
export const RECONNECT_LIMIT_MS = 20_000
/** The longest wait between two tries. */
const DELAY_LIMIT_MS = 2000

export interface Reconnecting {
  connect(): Promise<void>
  sleep(delayMs: number): Promise<void>
  nowMs(): number
  /** False ends the tries. */
  isWanted(): boolean
}

export type ReconnectOutcome = 'connected' | 'channel-gone' | 'token-refused' | 'server-gone'

/** Tries until it works, the server says that it never will, or the time is up. */
export async function reconnect(by: Reconnecting): Promise<ReconnectOutcome> {
  const startedAtMs = by.nowMs()
  for (let attempt = 0; by.isWanted(); attempt += 1) {
    await by.sleep(reconnectDelayMs(attempt))
    const code = await by.connect().then(
      () => 'connected' as const,
      (error: unknown) => (error instanceof CallError ? error.code : 'refused'),
    )
    if (code === 'connected' || code === 'channel-gone' || code === 'token-refused') return code
    if (by.nowMs() - startedAtMs > RECONNECT_LIMIT_MS) break
  }
  return 'server-gone'
}

/** The wait before try number `attempt`, from 0. */
export function reconnectDelayMs(attempt: number): number {
  return attempt === 0 ? 0 : Math.min(250 * 2 ** attempt, DELAY_LIMIT_MS)
}

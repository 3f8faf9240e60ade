/** Identifiers and chance, handed in like the time. */
export interface Ids {
  /** 32 lower-case hex digits, the first 12 of them `wallMs`: ids of one agent sort by creation. */
  instanceId(wallMs: number): string
  /** 32 random lower-case hex digits: channels, users, agents, connections. */
  hex32(): string
  /** A UUID in upper case, as `RequestId` is written. */
  requestId(): string
  /** A number in [0, 1). */
  chance(): number
}

const RANDOM_DIGITS = 20

/** Puts the time and 20 random hex digits together; see {@link Ids.instanceId}. */
export function composeInstanceId(wallMs: number, random: string): string {
  return wallMs.toString(16).padStart(12, '0') + random.slice(0, RANDOM_DIGITS)
}

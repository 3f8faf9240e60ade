import type { CallCursor, CallSearch } from '../ports/search-store.ts'

type Question = Pick<CallSearch, 'filter' | 'orderBy' | 'direction'>

/** A place in the results of one search, as text for its caller to hand back. It holds nothing secret. */
export function writeCursor(cursor: CallCursor, question: Question): string {
  const { instanceId, number, durationMs } = cursor
  const place = [digestOf(question), instanceId, number, durationMs ?? null]
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Nothing when the text is none of ours, or belongs to another search. */
export function readCursor(text: string, question: Question): CallCursor | undefined {
  let place: unknown
  try {
    place = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
  if (!Array.isArray(place)) return undefined
  const [digest, instanceId, number, durationMs] = place as readonly unknown[]
  if (digest !== digestOf(question)) return undefined
  if (typeof instanceId !== 'string' || typeof number !== 'number') return undefined
  if (durationMs !== null && typeof durationMs !== 'number') return undefined
  return { instanceId, number, ...(durationMs !== null && { durationMs }) }
}

/** Tells one search from another (FNV-1a); nobody gains by making two alike. */
function digestOf({ filter, orderBy, direction }: Question): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(JSON.stringify([filter, orderBy, direction]))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  }
  return hash
}

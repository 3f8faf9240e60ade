import { createHash } from 'node:crypto'

/** Further members of a caller's data are not found by search. */
const LEAVES_LIMIT = 64
const DEPTH_LIMIT = 8

/** The path of a member and its value as text: `customer.id`, `42`. */
type Leaf = readonly [path: string, value: string]

/**
 * The members of `UserData` that a search can ask for, when it is a JSON object: texts, numbers and truth values at
 * any depth, by the names on the way with dots between. Entries of a list stand under the list's own path.
 */
export function userDataLeaves(userData: string): readonly Leaf[] {
  if (!userData.trimStart().startsWith('{')) return []
  const leaves: Leaf[] = []
  try {
    collect(JSON.parse(userData), [], leaves)
  } catch {
    return []
  }
  return leaves
}

function collect(value: unknown, path: readonly string[], leaves: Leaf[]): void {
  if (leaves.length >= LEAVES_LIMIT || path.length > DEPTH_LIMIT) return
  if (Array.isArray(value)) {
    for (const entry of value) collect(entry, path, leaves)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) collect(member, [...path, name], leaves)
  } else if (value !== null && path.length > 0) leaves.push([path.join('.'), String(value)])
}

/** A leaf as the database knows it: 52 bits of its digest. */
export function leafNumber([path, value]: Leaf): number {
  const digest = createHash('sha256').update(`${path}\n${value}`).digest()
  return Number(digest.readBigUInt64BE() >> 12n)
}

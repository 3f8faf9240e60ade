/** A segment of the index: a part of it that was written at once and is not changed any more. */
export interface IndexSegment {
  /** Number of the oldest and the newest write whose rows are in it. */
  readonly oldest: number
  readonly newest: number
  /** Pages that list rows of it that were deleted. */
  readonly tombstonePages: number
}

export interface IndexLevel {
  /** How many of its segments are just being merged into one of the next level; 0: none. */
  readonly merging: number
  readonly segments: readonly IndexSegment[]
}

/** The record of the structure of an FTS5 index that keeps track of deleted rows begins with this, after a cookie. */
const MAGIC = [0xff, 0x00, 0x00, 0x01]
const COOKIE_BYTES = 4

/**
 * Reads which segments an FTS5 index of the kind `contentless_delete` consists of: the row 10 of its table `…_data`.
 * Throws when the record is none of those that SQLite writes since 3.43. (SQLite's documentation of FTS5, "Structure
 * Record"; the longer form of such tables: `fts5StructureDecode` in its `fts5_index.c`.)
 */
export function readStructure(record: Uint8Array): readonly IndexLevel[] {
  if (MAGIC.some((byte, index) => record[COOKIE_BYTES + index] !== byte)) {
    throw new Error('The index of words has a structure that is not known.')
  }
  const next = integersOf(record, COOKIE_BYTES + MAGIC.length)
  const levels = next()
  // How many segments there are in all, and how many pages have been written.
  next()
  next()
  return Array.from({ length: levels }, () => {
    const merging = next()
    return { merging, segments: Array.from({ length: next() }, () => segmentOf(next)) }
  })
}

function segmentOf(next: () => number): IndexSegment {
  // Its id, first and last page.
  for (let skipped = 0; skipped < 3; skipped += 1) next()
  const segment = { oldest: next(), newest: next(), tombstonePages: next() }
  // Its rows, deleted and all.
  for (let skipped = 0; skipped < 2; skipped += 1) next()
  return segment
}

/** SQLite's integers: 7 bits a byte, most significant first, all 8 of a ninth byte. */
function integersOf(record: Uint8Array, from: number): () => number {
  let at = from
  return () => {
    let value = 0
    for (let length = 1; ; length += 1) {
      const byte = record[at]
      if (byte === undefined) throw new Error('The record of the index of words is cut off.')
      at += 1
      if (length === 9) return value * 256 + byte
      value = value * 128 + (byte % 128)
      if (byte < 128) return value
    }
  }
}

/** The least that is asked of the system at a time. */
const LEAST_BYTES = 64 * 1024
/** Larger ones are not kept. */
const MOST_BYTES = 4 * 1024 * 1024
/** Buffers of one size that are kept. */
const KEPT_LIMIT = 8

/**
 * Memory for the bodies of long answers, used again and again: to have it from the system for each answer, and to have it
 * collected, costs more than to fill it.
 */
export class BodyBuffers {
  /** Those that nobody uses, by their size. */
  readonly #free = new Map<number, Buffer[]>()

  /** At least so many bytes, with anything in them. Whoever forgets to give it back does no harm. */
  take(bytes: number): Buffer {
    let size = LEAST_BYTES
    while (size < bytes) size *= 2
    return this.#free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size)
  }

  /** Nobody may use it any more. */
  giveBack(buffer: Buffer): void {
    const size = buffer.length
    if (size > MOST_BYTES) return
    const free = this.#free.get(size) ?? []
    this.#free.set(size, free)
    if (free.length < KEPT_LIMIT) free.push(buffer)
  }
}

/** Pieces of a text, one after the other. */
export type Pieces = readonly (string | Uint8Array)[]

/** Writes the pieces into memory of `buffers`. `giveBack` is to be called once, when nobody reads them any more. */
export function writePieces(
  pieces: Pieces,
  buffers: BodyBuffers,
): { readonly bytes: Buffer; giveBack(): void } {
  let most = 0
  for (const piece of pieces) {
    // No character of UTF-16 takes more than three bytes.
    most += typeof piece === 'string' ? piece.length * 3 : piece.length
  }
  const buffer = buffers.take(most)
  let end = 0
  for (const piece of pieces) {
    if (typeof piece === 'string') end += buffer.write(piece, end)
    else {
      buffer.set(piece, end)
      end += piece.length
    }
  }
  return { bytes: buffer.subarray(0, end), giveBack: () => buffers.giveBack(buffer) }
}

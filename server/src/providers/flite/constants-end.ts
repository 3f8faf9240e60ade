const MAGIC_BYTES = 8
const CUSTOM_SECTION = 0
const DATA_SECTION = 11
/** Subsection of the custom section `name`. */
const DATA_SEGMENT_NAMES = 9
/** Of an active data segment of the first memory, whose place is one constant. */
const ACTIVE = 0
const I32_CONST = 0x41
const END = 0x0b
const CONSTANTS = '.rodata'

/**
 * Where in the memory of a WebAssembly module its constants end and what a run may change begins. 0 when the
 * module does not say: the constants must come first, in segments named `.rodata`.
 */
export function constantsEnd(module: Uint8Array): number {
  const reader = new Reader(module, MAGIC_BYTES)
  let names: readonly string[] = []
  let segments: readonly Segment[] = []
  while (!reader.isAtEnd) {
    const id = reader.byte()
    const section = reader.part(reader.number())
    if (id === DATA_SECTION) segments = dataSegments(section)
    else if (id === CUSTOM_SECTION && section.text() === 'name') names = segmentNames(section)
  }
  const constants = segments.findIndex((_, index) => names[index] !== CONSTANTS)
  const last = segments[constants - 1]
  const next = segments[constants]
  if (last === undefined || next === undefined || next.start < last.end) return 0
  const isInOrder = segments.slice(constants).every((segment) => segment.start >= next.start)
  return isInOrder ? last.end : 0
}

interface Segment {
  readonly start: number
  readonly end: number
}

/** None if one is of a kind that cannot be placed. */
function dataSegments(section: Reader): readonly Segment[] {
  const segments: Segment[] = []
  for (let count = section.number(); count > 0; count -= 1) {
    if (section.byte() !== ACTIVE || section.byte() !== I32_CONST) return []
    const start = section.number()
    if (section.byte() !== END) return []
    const size = section.number()
    section.part(size)
    segments.push({ start, end: start + size })
  }
  return segments
}

function segmentNames(section: Reader): readonly string[] {
  const names: string[] = []
  while (!section.isAtEnd) {
    const id = section.byte()
    const part = section.part(section.number())
    if (id !== DATA_SEGMENT_NAMES) continue
    for (let count = part.number(); count > 0; count -= 1) {
      const index = part.number()
      names[index] = part.text()
    }
  }
  return names
}

/** Reads the parts of which the binary format is made. */
class Reader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  /** LEB128, 7 bits a byte. A signed one is read rightly as long as it is not negative. */
  number(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }

  text(): string {
    const size = this.number()
    this.#at += size
    return new TextDecoder().decode(this.#bytes.subarray(this.#at - size, this.#at))
  }

  part(size: number): Reader {
    this.#at += size
    return new Reader(this.#bytes.subarray(this.#at - size, this.#at))
  }
}

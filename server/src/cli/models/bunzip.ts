import { CommandError } from '../command.ts'

const BLOCK_MAGIC = 0x3141_5926_5359
const END_MAGIC = 0x1772_4538_5090
const LEVEL_BYTES = 100_000
const GROUP_SYMBOLS = 50
const MOST_GROUPS = 6
const MOST_CODE_BITS = 20
const RUN_A = 0
const RUN_B = 1

const broken = (): never => {
  throw new CommandError('The archive is damaged (bzip2).')
}

/** Unpacks bzip2, also several streams in a row, block by block; each block's checksum is verified. */
export function* bunzip(input: Iterable<Uint8Array>): Generator<Uint8Array> {
  const bits = new BitReader(input)
  while (!bits.isAtEnd()) {
    if (bits.read(24) !== 0x42_5a_68) broken()
    const level = bits.read(8) - 0x30
    if (level < 1 || level > 9) broken()
    const block = new Block(level * LEVEL_BYTES)
    for (;;) {
      const magic = bits.read(24) * 2 ** 24 + bits.read(24)
      const checksum = bits.read(32)
      if (magic === END_MAGIC) break
      if (magic !== BLOCK_MAGIC) broken()
      block.read(bits)
      yield* block.bytes(checksum)
    }
    bits.align()
  }
}

/** Bits, the highest of each byte first. */
class BitReader {
  readonly #input: Iterator<Uint8Array>
  #bytes = new Uint8Array(0)
  #at = 0
  #held = 0
  #count = 0

  constructor(input: Iterable<Uint8Array>) {
    this.#input = input[Symbol.iterator]()
  }

  /** At most 32. */
  read(count: number): number {
    if (count > 24) return this.read(count - 16) * 2 ** 16 + this.read(16)
    while (this.#count < count) {
      if (this.#at >= this.#bytes.length && !this.#refill()) broken()
      this.#held = ((this.#held << 8) | (this.#bytes[this.#at++] ?? 0)) >>> 0
      this.#count += 8
    }
    this.#count -= count
    const value = this.#held >>> this.#count
    this.#held &= (1 << this.#count) - 1
    return value
  }

  align(): void {
    this.#count -= this.#count % 8
    this.#held &= (1 << this.#count) - 1
  }

  isAtEnd(): boolean {
    return this.#count === 0 && this.#at >= this.#bytes.length && !this.#refill()
  }

  #refill(): boolean {
    for (;;) {
      const { value, done } = this.#input.next()
      if (done === true) return false
      this.#bytes = value as Uint8Array<ArrayBuffer>
      this.#at = 0
      if (this.#bytes.length > 0) return true
    }
  }
}

/** A Huffman code: for each length the last code, what to take from a code, and the symbols in order. */
interface Code {
  readonly limits: Int32Array
  readonly bases: Int32Array
  readonly symbols: Uint16Array
  readonly least: number
}

class Block {
  readonly #limit: number
  /** In the lowest 8 bits the bytes as they come; above them where each one's follower stands. */
  readonly #chain: Uint32Array
  #length = 0
  #origin = 0

  constructor(limit: number) {
    this.#limit = limit
    this.#chain = new Uint32Array(limit)
  }

  read(bits: BitReader): void {
    // Randomised blocks went out of use before 2000.
    if (bits.read(1) !== 0) broken()
    this.#origin = bits.read(24)
    const alphabet = readAlphabet(bits)
    const { selectors, groups } = readSelectors(bits)
    const codes = Array.from({ length: groups }, () => readCode(bits, alphabet.length + 2))
    this.#readSymbols(bits, { alphabet, selectors, codes })
    if (this.#length === 0 || this.#origin >= this.#length) broken()
    this.#invert()
  }

  #readSymbols(
    bits: BitReader,
    {
      alphabet,
      selectors,
      codes,
    }: {
      readonly alphabet: Uint8Array
      readonly selectors: Uint8Array
      readonly codes: readonly Code[]
    },
  ): void {
    const end = alphabet.length + 1
    let length = 0
    let run = 0
    let weight = 1
    for (let count = 0; ; count++) {
      const code = codes[selectors[Math.floor(count / GROUP_SYMBOLS)] ?? MOST_GROUPS]
      const symbol = code === undefined ? broken() : decode(bits, code)
      if (symbol === RUN_A || symbol === RUN_B) {
        run += weight * (symbol + 1)
        weight *= 2
        if (run > this.#limit) broken()
        continue
      }
      if (run > 0) {
        if (length + run > this.#limit) broken()
        this.#chain.fill(alphabet[0] ?? 0, length, length + run)
        length += run
        run = 0
      }
      weight = 1
      if (symbol === end) break
      if (length >= this.#limit) broken()
      const byte = alphabet[symbol - 1] ?? 0
      alphabet.copyWithin(1, 0, symbol - 1)
      alphabet[0] = byte
      this.#chain[length++] = byte
    }
    this.#length = length
  }

  /** Undoes the Burrows–Wheeler transform: leaves a chain through the block. */
  #invert(): void {
    const chain = this.#chain
    const places = new Uint32Array(257)
    for (let index = 0; index < this.#length; index++) {
      const next = ((chain[index] ?? 0) & 0xff) + 1
      places[next] = (places[next] ?? 0) + 1
    }
    for (let byte = 1; byte < 257; byte++) {
      places[byte] = (places[byte] ?? 0) + (places[byte - 1] ?? 0)
    }
    for (let index = 0; index < this.#length; index++) {
      const byte = (chain[index] ?? 0) & 0xff
      const place = places[byte] ?? 0
      places[byte] = place + 1
      chain[place] = (chain[place] ?? 0) | (index << 8)
    }
  }

  /** What the block holds, in pieces: after four bytes alike comes how many more there are. */
  *bytes(checksum: number): Generator<Uint8Array> {
    let output = new Uint8Array(64 * 1024)
    let filled = 0
    let crc = 0xffff_ffff
    let at = (this.#chain[this.#origin] ?? 0) >>> 8
    let alike = 0
    let last = -1
    for (let index = 0; index < this.#length; index++) {
      const entry = this.#chain[at] ?? 0
      const byte = entry & 0xff
      at = entry >>> 8
      let count = 1
      let value = byte
      if (alike === 4) {
        count = byte
        value = last
        alike = 0
        last = -1
      } else {
        alike = byte === last ? alike + 1 : 1
        last = byte
      }
      for (; count > 0; count--) {
        crc = ((crc << 8) ^ (CRC[((crc >>> 24) ^ value) & 0xff] ?? 0)) >>> 0
        output[filled++] = value
        if (filled === output.length) {
          yield output
          output = new Uint8Array(64 * 1024)
          filled = 0
        }
      }
    }
    if ((crc ^ 0xffff_ffff) >>> 0 !== checksum) broken()
    yield output.subarray(0, filled)
  }
}

/** Which bytes occur, in order: 16 bits for the groups of 16, then 16 bits for each group. */
function readAlphabet(bits: BitReader): Uint8Array {
  const groups = bits.read(16)
  const bytes: number[] = []
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue
    const members = bits.read(16)
    for (let member = 0; member < 16; member++) {
      if ((members & (0x8000 >> member)) !== 0) bytes.push(group * 16 + member)
    }
  }
  return bytes.length === 0 ? broken() : Uint8Array.from(bytes)
}

function readSelectors(bits: BitReader): {
  readonly selectors: Uint8Array
  readonly groups: number
} {
  const groups = bits.read(3)
  const selectors = new Uint8Array(bits.read(15))
  if (groups < 2 || groups > MOST_GROUPS || selectors.length === 0) broken()
  const recent = Uint8Array.from({ length: groups }, (_, index) => index)
  for (let index = 0; index < selectors.length; index++) {
    let place = 0
    while (bits.read(1) === 1) if (++place >= groups) broken()
    const group = recent[place] ?? 0
    recent.copyWithin(1, 0, place)
    recent[0] = group
    selectors[index] = group
  }
  return { selectors, groups }
}

/** Lengths of the codes of all symbols, each told by its difference from the one before. */
function readCode(bits: BitReader, symbols: number): Code {
  const lengths = new Uint8Array(symbols)
  let length = bits.read(5)
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (;;) {
      if (length < 1 || length > MOST_CODE_BITS) broken()
      if (bits.read(1) === 0) break
      length += bits.read(1) === 0 ? 1 : -1
    }
    lengths[symbol] = length
  }
  return codeOf(lengths)
}

function codeOf(lengths: Uint8Array): Code {
  const limits = new Int32Array(MOST_CODE_BITS + 2).fill(-1)
  const bases = new Int32Array(MOST_CODE_BITS + 2)
  const symbols = new Uint16Array(lengths.length)
  let [code, place, least] = [0, 0, 0]
  for (let length = 1; length <= MOST_CODE_BITS; length++) {
    const first = code
    bases[length] = place - code
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue
      symbols[place++] = symbol
      code += 1
    }
    if (code > first) {
      limits[length] = code - 1
      if (least === 0) least = length
    }
    code <<= 1
  }
  return { limits, bases, symbols, least }
}

function decode(bits: BitReader, { limits, bases, symbols, least }: Code): number {
  let length = least
  let code = bits.read(length)
  while (code > (limits[length] ?? -1)) {
    length += 1
    if (length > MOST_CODE_BITS) broken()
    code = code * 2 + bits.read(1)
  }
  return symbols[code + (bases[length] ?? 0)] ?? broken()
}

/** The checksum's table: CRC-32 with the highest bit first. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1
  return crc >>> 0
})

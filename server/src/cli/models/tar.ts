import { closeSync, openSync, writeSync } from 'node:fs'
import { CommandError } from '../command.ts'
import type { SafePlace } from './safe-place.ts'

const BLOCK_BYTES = 512
const LONG_NAME_LIMIT_BYTES = 64 * 1024
const FILE_TYPES = new Set(['0', '\0', '7'])
const FOLDER_TYPE = '5'
/** GNU's way to give the next member a long name, and POSIX's. */
const GNU_LONG_NAME = 'L'
const POSIX_HEADER = 'x'
/** Headers that concern nothing here: a long target of a link, settings for all members. */
const SKIPPED_HEADERS = new Set(['K', 'g'])

/** Unpacks a tar archive: files and folders. Links and devices are left out; nothing in a model needs them. */
export function untar(input: Iterable<Uint8Array>, place: SafePlace): void {
  const source = new ByteSource(input)
  let longName: string | undefined
  for (;;) {
    const header = source.take(BLOCK_BYTES)
    if (header === undefined || header.every((byte) => byte === 0)) return
    const size = numberAt(header, 124, 12)
    if (!isChecked(header)) throw new CommandError('The archive is damaged (tar).')
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === GNU_LONG_NAME || type === POSIX_HEADER) {
      if (size > LONG_NAME_LIMIT_BYTES) throw new CommandError('The archive is damaged (tar).')
      const text = new TextDecoder().decode(source.take(size) ?? new Uint8Array(0))
      const name = type === GNU_LONG_NAME ? text.replace(/\0.*$/s, '') : pathIn(text)
      longName = name ?? longName
    } else {
      const name = longName ?? nameIn(header)
      if (!SKIPPED_HEADERS.has(type)) longName = undefined
      if (FILE_TYPES.has(type) && !name.endsWith('/')) {
        writeFile(source, { name, size }, place)
      } else {
        // Refused if it leads out, even where nothing would be written.
        if (type === FOLDER_TYPE && !/^(\.\/?)*$/.test(name)) place.fileFor(`${name}/.`)
        source.pass(size, () => {})
      }
    }
    source.pass((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES, () => {})
  }
}

function writeFile(
  source: ByteSource,
  member: { readonly name: string; readonly size: number },
  place: SafePlace,
): void {
  place.count(member.size)
  const handle = openSync(place.fileFor(member.name), 'w', 0o644)
  try {
    source.pass(member.size, (bytes) => {
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at)
    })
  } finally {
    closeSync(handle)
  }
}

function nameIn(header: Uint8Array): string {
  const isPosix = textAt(header, 257, 5) === 'ustar'
  const prefix = isPosix ? textAt(header, 345, 155) : ''
  const name = textAt(header, 0, 100)
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Records like `30 path=a/long/name\n`. */
const pathIn = (records: string): string | undefined => /^\d+ path=(.*)$/m.exec(records)?.[1]

const textAt = (header: Uint8Array, at: number, length: number): string =>
  new TextDecoder().decode(header.subarray(at, at + length)).replace(/\0.*$/s, '')

/** Octal digits, or for large numbers binary with the highest bit set. */
function numberAt(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length)
  if (((field[0] ?? 0) & 0x80) !== 0) {
    return field.subarray(-6).reduce((sum, byte) => sum * 256 + byte, 0)
  }
  const digits = textAt(header, at, length).trim()
  if (!/^[0-7]*$/.test(digits)) throw new CommandError('The archive is damaged (tar).')
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}

/** The sum of the header's bytes, its own field counted as blanks. */
function isChecked(header: Uint8Array): boolean {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  return sum === numberAt(header, 148, 8)
}

class ByteSource {
  readonly #input: Iterator<Uint8Array>
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(input: Iterable<Uint8Array>) {
    this.#input = input[Symbol.iterator]()
  }

  /** So many bytes, or `undefined` at the end of the archive. */
  take(length: number): Uint8Array | undefined {
    if (this.#bytes.length === 0 && !this.#refill()) return undefined
    const taken = new Uint8Array(length)
    let filled = 0
    this.pass(length, (bytes) => {
      taken.set(bytes, filled)
      filled += bytes.length
    })
    return taken
  }

  pass(length: number, use: (bytes: Uint8Array) => void): void {
    for (let rest = length; rest > 0;) {
      if (this.#bytes.length === 0 && !this.#refill()) {
        throw new CommandError('The archive ends in the middle of a file.')
      }
      const part = this.#bytes.subarray(0, rest)
      this.#bytes = this.#bytes.subarray(part.length)
      rest -= part.length
      use(part)
    }
  }

  #refill(): boolean {
    while (this.#bytes.length === 0) {
      const next = this.#input.next()
      if (next.done === true) return false
      this.#bytes = next.value
    }
    return true
  }
}

import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  openSync,
  readSync,
} from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { CommandError } from '../command.ts'
import type { SafePlace } from './safe-place.ts'

const END_SIGNATURE = 0x0605_4b50
const ENTRY_SIGNATURE = 0x0201_4b50
const LOCAL_SIGNATURE = 0x0403_4b50
const END_BYTES = 22
const LARGEST_COMMENT_BYTES = 65_535
const STORED = 0
const DEFLATED = 8
const TOO_LARGE = 0xffff_ffff
/** In the upper half of an entry's attributes, where a Unix system made it. */
const LINK_MODE = 0o120_000
const MODE_MASK = 0o170_000

interface Entry {
  readonly name: string
  readonly method: number
  readonly packedBytes: number
  readonly bytes: number
  readonly crc: number
  readonly headerAt: number
  readonly isLink: boolean
}

const damaged = (): never => {
  throw new CommandError('The archive is damaged (zip).')
}

/** Unpacks a zip file: files and folders; links are left out. */
export async function unzip(file: string, place: SafePlace): Promise<void> {
  const handle = openSync(file, 'r')
  try {
    for (const entry of entriesOf(handle)) {
      if (entry.name.endsWith('/') || entry.isLink) continue
      await unpack(file, entry, dataStart(handle, entry), place)
    }
  } finally {
    closeSync(handle)
  }
}

function readAt(handle: number, at: number, length: number): DataView {
  const bytes = new Uint8Array(length)
  if (readSync(handle, bytes, 0, length, at) !== length) damaged()
  return new DataView(bytes.buffer)
}

/** The list of entries stands at the end of the file, and where it begins behind it. */
function entriesOf(handle: number): readonly Entry[] {
  const { size } = fstatSync(handle)
  const length = Math.min(size, END_BYTES + LARGEST_COMMENT_BYTES)
  const tail = readAt(handle, size - length, length)
  let end = length - END_BYTES
  while (end >= 0 && tail.getUint32(end, true) !== END_SIGNATURE) end -= 1
  if (end < 0) return damaged()
  const listBytes = tail.getUint32(end + 12, true)
  const listAt = tail.getUint32(end + 16, true)
  if (listAt === TOO_LARGE || listBytes > size) {
    throw new CommandError('The archive is a zip file of more than 4 GiB, which is not supported.')
  }
  const list = readAt(handle, listAt, listBytes)
  const entries: Entry[] = []
  for (let at = 0; at + 46 <= listBytes;) {
    if (list.getUint32(at, true) !== ENTRY_SIGNATURE) return damaged()
    const nameBytes = list.getUint16(at + 28, true)
    const name = new Uint8Array(list.buffer, at + 46, Math.min(nameBytes, listBytes - at - 46))
    entries.push({
      name: new TextDecoder().decode(name),
      method: list.getUint16(at + 10, true),
      crc: list.getUint32(at + 16, true),
      packedBytes: list.getUint32(at + 20, true),
      bytes: list.getUint32(at + 24, true),
      headerAt: list.getUint32(at + 42, true),
      isLink: ((list.getUint32(at + 38, true) >>> 16) & MODE_MASK) === LINK_MODE,
    })
    at += 46 + nameBytes + list.getUint16(at + 30, true) + list.getUint16(at + 32, true)
  }
  return entries
}

function dataStart(handle: number, entry: Entry): number {
  const header = readAt(handle, entry.headerAt, 30)
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE) return damaged()
  return entry.headerAt + 30 + header.getUint16(26, true) + header.getUint16(28, true)
}

async function unpack(file: string, entry: Entry, start: number, place: SafePlace): Promise<void> {
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new CommandError(`${entry.name} is packed in a way that is not supported.`)
  }
  place.count(entry.bytes)
  const output = createWriteStream(place.fileFor(entry.name), { mode: 0o644 })
  if (entry.packedBytes === 0) {
    output.end()
    return
  }
  let [crc, length] = [0, 0]
  const check = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      crc = crc32(bytes, crc)
      length += bytes.length
      // It says that it is smaller than it is.
      if (length > entry.bytes) done(new CommandError('The archive is damaged (zip).'))
      else done(null, bytes)
    },
  })
  const packed = createReadStream(file, { start, end: start + entry.packedBytes - 1 })
  const steps = entry.method === DEFLATED ? [createInflateRaw(), check] : [check]
  try {
    await pipeline([packed, ...steps, output])
  } catch (error) {
    if (error instanceof CommandError) throw error
    damaged()
  }
  if (crc !== entry.crc || length !== entry.bytes) damaged()
}

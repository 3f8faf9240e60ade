import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Metadata stands at the end of a model file, behind its weights. */
const TAIL_BYTES = 256 * 1024
/** Tag of `ModelProto.metadata_props` in Protocol Buffers: field 14, of variable length. */
const METADATA_TAG = 0x72
const KEY_TAG = 0x0a
const VALUE_TAG = 0x12

/** The metadata of an ONNX file, by name; none for a file that is too short, not ONNX, or cannot be read. */
export function onnxMetadata(file: string): ReadonlyMap<string, string> {
  try {
    return metadataIn(tailOf(file))
  } catch {
    return new Map()
  }
}

function tailOf(file: string): Uint8Array {
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const tail = new Uint8Array(Math.min(size, TAIL_BYTES))
    const length = readSync(handle, tail, 0, tail.length, size - tail.length)
    return tail.subarray(0, length)
  } finally {
    closeSync(handle)
  }
}

/** The entries that reach to the end of the bytes: whatever stands before them is not looked at. */
export function metadataIn(bytes: Uint8Array): ReadonlyMap<string, string> {
  for (let at = bytes.indexOf(METADATA_TAG); at >= 0; at = bytes.indexOf(METADATA_TAG, at + 1)) {
    const entries = entriesFrom(bytes, at)
    if (entries !== undefined) return entries
  }
  return new Map()
}

function entriesFrom(bytes: Uint8Array, start: number): ReadonlyMap<string, string> | undefined {
  const entries = new Map<string, string>()
  for (let at = start; at < bytes.length;) {
    const entry = bytes[at] === METADATA_TAG ? pieceAt(bytes, at + 1) : undefined
    const key = entry && entry.piece[0] === KEY_TAG ? pieceAt(entry.piece, 1) : undefined
    if (entry === undefined || key === undefined) return undefined
    const value = entry.piece[key.end] === VALUE_TAG ? pieceAt(entry.piece, key.end + 1) : undefined
    const end = value?.end ?? key.end
    if (end !== entry.piece.length) return undefined
    entries.set(textOf(key.piece), value === undefined ? '' : textOf(value.piece))
    at = entry.end
  }
  return entries
}

/** A piece with its length before it, as a varint. */
function pieceAt(
  bytes: Uint8Array,
  at: number,
): { readonly piece: Uint8Array; readonly end: number } | undefined {
  let length = 0
  for (let index = 0; index < 4; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return undefined
    length |= (byte & 0x7f) << (7 * index)
    if (byte < 0x80) {
      const start = at + index + 1
      const end = start + length
      return end > bytes.length ? undefined : { piece: bytes.subarray(start, end), end }
    }
  }
  return undefined
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

import {
  closeSync,
  copyFileSync,
  cpSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CommandError } from '../command.ts'
import { bunzip } from './bunzip.ts'
import { SafePlace } from './safe-place.ts'
import { untar } from './tar.ts'
import { unzip } from './zip.ts'

const CHUNK_BYTES = 256 * 1024
const GZIP_LIMIT_BYTES = 2 * 1024 ** 3

/** Puts what a downloaded file holds into a folder; a folder that holds all of it is taken away. */
export async function unpackInto(file: string, folder: string, scratch: string): Promise<void> {
  const place = new SafePlace(scratch)
  const name = basename(file)
  if (/\.(tar\.bz2|tbz2)$/i.test(name)) untar(bunzip(chunksOf(file)), place)
  else if (/\.(tar\.gz|tgz)$/i.test(name)) untar([gunzip(file)], place)
  else if (/\.tar$/i.test(name)) untar(chunksOf(file), place)
  else if (/\.zip$/i.test(name)) await unzip(file, place)
  else if (/\.(onnx|ort|bin|txt|json)$/i.test(name)) copyFileSync(file, place.fileFor(name))
  else throw new CommandError(`${name} is none of .tar.bz2, .tar.gz, .tar, .zip and .onnx.`)
  moveInto(insideOf(scratch), folder)
  rmSync(scratch, { recursive: true, force: true })
}

function gunzip(file: string): Uint8Array {
  const bytes = Buffer.concat([...chunksOf(file)])
  try {
    return gunzipSync(bytes, { maxOutputLength: GZIP_LIMIT_BYTES })
  } catch {
    throw new CommandError('The archive is damaged (gzip), or larger than 2 GiB.')
  }
}

function* chunksOf(file: string): Generator<Uint8Array> {
  const handle = openSync(file, 'r')
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES)
      const length = readSync(handle, chunk)
      if (length === 0) return
      yield chunk.subarray(0, length)
    }
  } finally {
    closeSync(handle)
  }
}

/** Archives usually have one folder around everything. */
function insideOf(folder: string): string {
  const [only, ...others] = readdirSync(folder)
  if (only === undefined || others.length > 0) return folder
  const inner = join(folder, only)
  return statSync(inner).isDirectory() ? inner : folder
}

function moveInto(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    try {
      renameSync(source, target)
    } catch {
      cpSync(source, target, { recursive: true })
    }
  }
}

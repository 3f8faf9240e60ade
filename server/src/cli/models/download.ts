import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename } from 'node:path'
import { systemClock } from '../../base/system-clock.ts'
import { CommandError } from '../command.ts'

/** How far a download has come. */
export interface Progress {
  readonly bytes: number
  /** Where the server says so. */
  readonly totalBytes?: number
}

const TRIES = 5
/** The first retry comes at once, each later one so much later. */
const RETRY_AFTER_MS = 1000
/** Nothing more for so long: the connection is given up, and tried anew from where it was. */
const STALL_MS = 30_000
const LIST_LIMIT_CHARS = 4 * 1024 * 1024

/** What the server said of a file that is not whole yet: the rest must be of the same. */
interface Beginning {
  readonly address: string
  /** `ETag` or `Last-Modified`: by which the server knows whether it still has the same. */
  readonly validator: string
}

/** A failure that may not come again. */
class Broken extends Error {}

/**
 * Downloads to a file. What came before a break is kept beside it as `.part`, and goes on from there, in this run
 * or the next, if the server still has the same file.
 */
export async function download(
  address: string,
  file: string,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await continueDownload(address, `${file}.part`, onProgress)
      renameSync(`${file}.part`, file)
      rmSync(`${file}.part.json`, { force: true })
      return
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      if (attempt >= TRIES) {
        throw new CommandError(`${error.message} What has come is kept: run it again to go on.`)
      }
      await new Promise<void>((resolve) =>
        systemClock.after(RETRY_AFTER_MS * (attempt - 1), resolve),
      )
    }
  }
}

async function continueDownload(
  address: string,
  part: string,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const had = beginningOf(part, address)
  const abort = new AbortController()
  let stall = watch(abort)
  const response = await fetch(address, {
    headers: had === undefined ? {} : { range: `bytes=${had.bytes}-`, 'if-range': had.validator },
    signal: abort.signal,
  }).catch((error: unknown) => {
    stall()
    throw new Broken(`${new URL(address).host} cannot be reached (${reasonOf(error)}).`)
  })
  stall()
  // The whole file had come already.
  if (response.status === 416 && had !== undefined) {
    await response.body?.cancel()
    const [, total] = /\*\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? []
    if (Number(total) === had.bytes) return
    rmSync(part)
    throw new Broken('The file on the server has changed.')
  }
  if (!response.ok) throw refusalOf(response, address)
  const isContinued = response.status === 206 && had !== undefined
  const start = isContinued ? had.bytes : 0
  noteBeginning(part, address, response.headers)
  const rest = response.headers.get('content-length')
  const totalBytes = rest === null ? undefined : start + Number(rest)
  const handle = openSync(part, isContinued ? 'a' : 'w', 0o644)
  let bytes = start
  try {
    stall = watch(abort)
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      stall()
      for (let at = 0; at < piece.length;) at += writeSync(handle, piece, at)
      bytes += piece.length
      onProgress({ bytes, ...(totalBytes !== undefined && { totalBytes }) })
      stall = watch(abort)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new CommandError('The disk is full. What has come is kept.')
    }
    throw new Broken(`The download broke off after ${bytes} bytes (${reasonOf(error)}).`)
  } finally {
    stall()
    closeSync(handle)
  }
  if (totalBytes !== undefined && bytes < totalBytes) {
    throw new Broken(`The download broke off after ${bytes} of ${totalBytes} bytes.`)
  }
}

const watch = (abort: AbortController): (() => void) =>
  systemClock.after(STALL_MS, () => abort.abort())

/** What there is of the file from before; of another file, or one that cannot be recognised again, nothing. */
function beginningOf(
  part: string,
  address: string,
): { readonly bytes: number; readonly validator: string } | undefined {
  if (!existsSync(part) || !existsSync(`${part}.json`)) return undefined
  const { size } = statSync(part)
  try {
    const noted = JSON.parse(readFileSync(`${part}.json`, 'utf8')) as Beginning
    if (noted.address !== address || size === 0) return undefined
    return { bytes: size, validator: noted.validator }
  } catch {
    return undefined
  }
}

/** Without a way to recognise the file, it has to be downloaded from its beginning each time. */
function noteBeginning(part: string, address: string, headers: Headers): void {
  const etag = headers.get('etag')
  const isStrong = etag !== null && !etag.startsWith('W/')
  const validator = isStrong ? etag : headers.get('last-modified')
  if (validator === null) return rmSync(`${part}.json`, { force: true })
  const beginning: Beginning = { address, validator }
  writeFileSync(`${part}.json`, JSON.stringify(beginning))
}

function refusalOf(response: Response, address: string): Error {
  const message = `${new URL(address).host} answered ${response.status} for ${basename(address)}.`
  const isBroken = response.status >= 500 || response.status === 429
  return isBroken ? new Broken(message) : new CommandError(message)
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return code ?? (cause instanceof Error ? cause.message : String(cause))
}

/**
 * SHA-256 sums of published lists, by file: lines of name and sum in either order.
 * A list that is not there has none.
 */
export async function publishedSums(
  addresses: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>()
  for (const address of addresses) {
    const response = await fetch(address).catch(() => undefined)
    if (response?.ok !== true) continue
    const text = (await response.text()).slice(0, LIST_LIMIT_CHARS)
    for (const line of text.split('\n')) {
      const words = line.trim().split(/\s+/)
      const sum = words.find((word) => /^[0-9a-f]{64}$/i.test(word))
      const name = words.find((word) => word !== sum)
      if (sum !== undefined && name !== undefined)
        sums.set(name.replace(/^\*/, ''), sum.toLowerCase())
    }
  }
  return sums
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import {
  readRecordingHeader,
  recordingHeader,
  RECORDING_HEADER_BYTES,
  soundBytes,
  soundMs,
  type RecordingHeader,
} from '../media/recording-wav.ts'
import {
  RECORDING_RATE_HZ,
  type RecordedFile,
  type RecordedSentence,
  type Recording,
  type Recordings,
  type RecordingWriter,
} from '../ports/recordings.ts'
import { messageOf } from './data-folder.ts'

const INSTANCE_ID = /^[\w-]{1,64}$/
const FILE_NAME = /^(?:call|(\d{1,9})-(user|agent))\.wav$/
const CALL_FILE = 'call.wav'
const OWNER_ONLY = 0o600
/** A file that is being written says so; a sound of this length is one that was not completed. */
const UNKNOWN_BYTES = 0xffff_ff00

/**
 * `<folder>/<instance>/call.wav` and `<folder>/<instance>/<entry>-<side>.wav`. A file grows while its call runs;
 * its header is right when the call has ended, and is put right for whoever reads it before, or after a crash.
 */
export function openRecordingFolder(folder: string): Recordings {
  const pathOf = (instanceId: string, name = ''): string => join(folder, instanceId, name)
  return {
    open: (instanceId, onError, onKept) => new FolderWriter(pathOf(instanceId), onError, onKept),
    async complete(instanceId) {
      if (!INSTANCE_ID.test(instanceId)) return undefined
      const call = await openCallFile(pathOf(instanceId, CALL_FILE))
      return call && completeCallFile(call).finally(() => call.file.close())
    },
    async list(instanceId) {
      if (!INSTANCE_ID.test(instanceId)) return []
      const names = (await orNothing(fs.readdir(pathOf(instanceId)))) ?? []
      const files = await Promise.all(
        names
          .filter((name) => FILE_NAME.test(name))
          .map((name) => describe(pathOf(instanceId, name), name)),
      )
      const found = files.filter((file) => file !== undefined)
      return found.sort((a, b) => a.startMs - b.startMs || (a.fileName < b.fileName ? -1 : 1))
    },
    async read(instanceId, fileName, range) {
      if (!INSTANCE_ID.test(instanceId) || !FILE_NAME.test(fileName)) return undefined
      const file = await orNothing(fs.open(pathOf(instanceId, fileName)))
      if (file === undefined) return undefined
      try {
        return await readPart(file, range)
      } finally {
        await file.close()
      }
    },
    async remove(instanceId) {
      if (!INSTANCE_ID.test(instanceId)) return
      await fs.rm(pathOf(instanceId), { recursive: true, force: true })
    },
    async listOlder(beforeMs, limit) {
      const names = (await orNothing(fs.readdir(folder))) ?? []
      const older: string[] = []
      for (const name of names.filter((given) => INSTANCE_ID.test(given)).sort()) {
        if (older.length >= limit) break
        if ((await lastWrittenMs(pathOf(name))) < beforeMs) older.push(name)
      }
      return older
    },
  }
}

async function lastWrittenMs(path: string): Promise<number> {
  const names = (await orNothing(fs.readdir(path))) ?? []
  const stats = await Promise.all(
    [path, ...names.map((name) => join(path, name))].map((each) => orNothing(fs.stat(each))),
  )
  return Math.max(...stats.map((stat) => stat?.mtimeMs ?? 0))
}

async function describe(path: string, fileName: string): Promise<Recording | undefined> {
  const file = await orNothing(fs.open(path))
  if (file === undefined) return undefined
  try {
    const header = await headerOf(file)
    if (header === undefined) return undefined
    const dataBytes = soundBytes(header, (await file.stat()).size)
    const [, entry, role] = FILE_NAME.exec(fileName) ?? []
    return {
      fileName,
      kind: entry === undefined ? 'call' : 'sentence',
      ...(entry === undefined ? {} : { entryId: Number(entry), role: role as 'user' | 'agent' }),
      startMs: header.startMs,
      durationMs: soundMs(header, dataBytes),
      sizeBytes: RECORDING_HEADER_BYTES + dataBytes,
    }
  } finally {
    await file.close()
  }
}

async function headerOf(file: fs.FileHandle): Promise<RecordingHeader | undefined> {
  const bytes = new Uint8Array(RECORDING_HEADER_BYTES)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
  return readRecordingHeader(bytes.subarray(0, bytesRead))
}

async function readPart(
  file: fs.FileHandle,
  range: { readonly start: number; readonly end: number } | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly sizeBytes: number } | undefined> {
  const header = await headerOf(file)
  if (header === undefined) return undefined
  const dataBytes = soundBytes(header, (await file.stat()).size)
  const sizeBytes = RECORDING_HEADER_BYTES + dataBytes
  const start = Math.max(0, Math.min(range?.start ?? 0, sizeBytes))
  const end = Math.max(start, Math.min(range?.end ?? sizeBytes, sizeBytes))
  const bytes = new Uint8Array(end - start)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
  const right = recordingHeader(header, dataBytes).subarray(start, end)
  if (right.length > 0) bytes.set(right)
  return { bytes: bytes.subarray(0, bytesRead), sizeBytes }
}

/** The open file of a whole call. */
interface CallFile {
  readonly file: fs.FileHandle
  readonly header: RecordingHeader
}

/** The file that a call has already, if it is one. */
async function openCallFile(path: string): Promise<CallFile | undefined> {
  const file = await orNothing(fs.open(path, 'r+'))
  const header = file && (await headerOf(file))
  if (file !== undefined && header !== undefined) return { file, header }
  await file?.close()
  return undefined
}

/** Gives it the header that fits what there is. */
async function completeCallFile({ file, header }: CallFile): Promise<RecordedFile> {
  const dataBytes = soundBytes(header, (await file.stat()).size)
  await file.write(recordingHeader(header, dataBytes), 0, RECORDING_HEADER_BYTES, 0)
  return { fileName: CALL_FILE, kind: 'call', durationMs: soundMs(header, dataBytes) }
}

/** Writes one thing after the other; after the first that fails, nothing more. */
class FolderWriter implements RecordingWriter {
  readonly #folder: string
  readonly #onError: (message: string) => void
  readonly #onKept: (file: RecordedFile) => void
  #last: Promise<void> = Promise.resolve()
  #call: CallFile | undefined
  #hasFailed = false
  #isClosed = false

  constructor(
    folder: string,
    onError: (message: string) => void,
    onKept: (file: RecordedFile) => void = () => {},
  ) {
    this.#folder = folder
    this.#onError = onError
    this.#onKept = onKept
  }

  writeCall(atMs: number, interleaved: Int16Array): void {
    const samples = interleaved.slice()
    this.#then(async () => {
      this.#call ??= await this.#openCall(atMs)
      const { file, header } = this.#call
      const frames = Math.round(((atMs - header.startMs) * RECORDING_RATE_HZ) / 1000)
      if (frames < 0) return
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
      const place = RECORDING_HEADER_BYTES + frames * 4
      if (place + bytes.length > UNKNOWN_BYTES) throw new Error('a WAV file cannot be longer')
      await file.write(bytes, 0, bytes.length, place)
    })
  }

  writeSentence({ role, entryId, startMs, samples }: RecordedSentence): void {
    this.#then(async () => {
      await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const header = { channels: 1, sampleRateHz: RECORDING_RATE_HZ, startMs } as const
      const sound = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
      const fileName = `${entryId}-${role}.wav`
      const path = join(this.#folder, fileName)
      const content = Buffer.concat([recordingHeader(header, sound.length), sound])
      await fs.writeFile(`${path}.new`, content, { mode: OWNER_ONLY })
      await fs.rename(`${path}.new`, path)
      const durationMs = soundMs(header, sound.length)
      this.#onKept({ fileName, kind: 'sentence', entryId, durationMs })
    })
  }

  close(): Promise<void> {
    if (this.#isClosed) return this.#last
    this.#then(async () => {
      // Since it goes on here there may have been nothing to write: what it had is completed all the same.
      this.#call ??= await openCallFile(join(this.#folder, CALL_FILE))
      if (this.#call !== undefined) this.#onKept(await completeCallFile(this.#call))
    })
    this.#isClosed = true
    this.#last = this.#last.then(() => this.#call?.file.close())
    return this.#last
  }

  #then(write: () => Promise<void>): void {
    if (!this.#isClosed) this.#last = this.#afterwards(this.#last, write)
  }

  async #afterwards(before: Promise<void>, write: () => Promise<void>): Promise<void> {
    await before
    if (this.#hasFailed) return
    try {
      await write()
    } catch (error) {
      this.#hasFailed = true
      this.#onError(messageOf(error))
    }
  }

  /** A call that has lost its worker goes on where it was. */
  async #openCall(startMs: number): Promise<CallFile> {
    await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, CALL_FILE)
    const older = await openCallFile(path)
    if (older !== undefined) return older
    const header = { channels: 2, sampleRateHz: RECORDING_RATE_HZ, startMs } as const
    const file = await fs.open(path, 'w', OWNER_ONLY)
    await file.write(recordingHeader(header, UNKNOWN_BYTES), 0, RECORDING_HEADER_BYTES, 0)
    return { file, header }
  }
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

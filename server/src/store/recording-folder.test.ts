import assert from 'node:assert/strict'
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readWav } from '../media/wav.ts'
import { recordedSeconds, type RecordedFile } from '../ports/recordings.ts'
import { openRecordingFolder } from './recording-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'recording-test-'))
after(() => rmSync(root, { recursive: true }))
let opened = 0
const folderOf = (): string => join(root, String(++opened))

const START_MS = 1_790_000_000_000
const CALL = 'c'.repeat(32)
const noError = (message: string): void => assert.fail(message)

/** A second of both sides. */
const second = (user: number, agent: number): Int16Array =>
  Int16Array.from({ length: 32_000 }, (_, index) => (index % 2 === 0 ? user : agent))

async function bytesOf(folder: string, name = 'call.wav'): Promise<Uint8Array> {
  const file = await openRecordingFolder(folder).read(CALL, name)
  return file?.bytes ?? assert.fail('no such file')
}

/** Mono, which is the average of both sides. */
function samplesOf(bytes: Uint8Array): Int16Array {
  const wav = readWav(bytes)
  return wav.ok ? wav.value.samples : assert.fail(wav.error)
}

test('a call is one stereo file; silence that was never written is silence', async () => {
  const folder = folderOf()
  const writer = openRecordingFolder(folder).open(CALL, noError)
  writer.writeCall(START_MS, second(100, 300))
  writer.writeCall(START_MS + 3000, second(500, 700))
  await writer.close()
  const onDisk = readFileSync(join(folder, CALL, 'call.wav'))
  assert.deepEqual(
    Uint8Array.from(onDisk),
    Uint8Array.from(await bytesOf(folder)),
    'complete on disk',
  )
  assert.equal(onDisk.readUInt16LE(22), 2)
  const samples = samplesOf(onDisk)
  assert.equal(samples.length, 64_000)
  assert.deepEqual([samples[100], samples[20_000], samples[50_000]], [200, 0, 600])
  const [recording] = await openRecordingFolder(folder).list(CALL)
  assert.deepEqual(recording, {
    fileName: 'call.wav',
    kind: 'call',
    startMs: START_MS,
    durationMs: 4000,
    sizeBytes: onDisk.length,
  })
  assert.equal(statSync(join(folder, CALL, 'call.wav')).mode & 0o077, 0, 'its owner’s alone')
})

test('a file whose writer was killed is whole as far as it came', async () => {
  const folder = folderOf()
  const writer = openRecordingFolder(folder).open(CALL, noError)
  writer.writeCall(START_MS, second(100, 300))
  writer.writeCall(START_MS + 1000, second(100, 300))
  await writer.close()
  const path = join(folder, CALL, 'call.wav')
  // As it would be after a crash: a header that was never completed, and half a sample at the end.
  const bytes = readFileSync(path)
  truncateSync(path, bytes.length - 64_003)
  assert.ok(readFileSync(path).readUInt32LE(56) > 64_000)
  const read = await bytesOf(folder)
  assert.equal(Buffer.from(read).readUInt32LE(56), read.length - 60)
  assert.equal(samplesOf(read).length, 15_999)
  const [recording] = await openRecordingFolder(folder).list(CALL)
  assert.equal(recording?.sizeBytes, read.length)
})

test('a call that goes on in another process goes on in the same file, in its place', async () => {
  const folder = folderOf()
  const first = openRecordingFolder(folder).open(CALL, noError)
  first.writeCall(START_MS, second(100, 100))
  await first.close()
  const next = openRecordingFolder(folder).open(CALL, noError)
  next.writeCall(START_MS + 5000, second(200, 200))
  await next.close()
  const samples = samplesOf(await bytesOf(folder))
  assert.deepEqual(
    [samples.length, samples[10], samples[40_000], samples[90_000]],
    [96_000, 100, 0, 200],
  )
})

test('what a dead process left of a call is completed, by the one that goes on or without one', async () => {
  for (const goesOn of [true, false]) {
    const folder = folderOf()
    const recordings = openRecordingFolder(folder)
    const first = recordings.open(CALL, noError)
    first.writeCall(START_MS, second(100, 100))
    await first.close()
    const path = join(folder, CALL, 'call.wav')
    const whole = readFileSync(path)
    // As it was while the call ran.
    const running = Buffer.from(whole)
    running.writeUInt32LE(0xffff_ff00, 56)
    writeFileSync(path, running)

    const kept: RecordedFile[] = []
    if (goesOn) await recordings.open(CALL, noError, (file) => kept.push(file)).close()
    else kept.push(...[await recordings.complete(CALL)].filter((file) => file !== undefined))
    assert.deepEqual(kept, [{ fileName: 'call.wav', kind: 'call', durationMs: 1000 }])
    assert.deepEqual(readFileSync(path), whole)
  }
  assert.equal(await openRecordingFolder(folderOf()).complete(CALL), undefined)
  assert.equal(await openRecordingFolder(folderOf()).complete('../x'), undefined)
})

test('sentences are files of their own; parts of a file can be read; all go at once', async () => {
  const folder = folderOf()
  const recordings = openRecordingFolder(folder)
  const writer = recordings.open(CALL, noError)
  const sentence = (entryId: number, role: 'user' | 'agent', length: number) =>
    writer.writeSentence({
      entryId,
      role,
      startMs: START_MS + entryId,
      samples: new Int16Array(length),
    })
  sentence(1, 'user', 8000)
  sentence(2, 'agent', 16_000)
  sentence(1, 'user', 24_000)
  await writer.close()
  const list = await recordings.list(CALL)
  assert.deepEqual(
    list.map(({ fileName, role, entryId, durationMs }) => [fileName, role, entryId, durationMs]),
    [
      ['1-user.wav', 'user', 1, 1500],
      ['2-agent.wav', 'agent', 2, 1000],
    ],
  )
  assert.equal(recordedSeconds(list), 2.5)
  const whole = await bytesOf(folder, '2-agent.wav')
  const part = await recordings.read(CALL, '2-agent.wav', { start: 50, end: 70 })
  assert.deepEqual(part, { bytes: whole.slice(50, 70), sizeBytes: whole.length })
  assert.deepEqual(await recordings.listOlder(0, 10), [])
  for (const name of ['', '1-user.wav', '2-agent.wav']) utimesSync(join(folder, CALL, name), 1, 1)
  assert.deepEqual(await recordings.listOlder(2000, 10), [CALL])
  await recordings.remove(CALL)
  await recordings.remove(CALL)
  assert.deepEqual(await recordings.list(CALL), [])
  for (const name of ['../call.wav', 'other.wav', '1-nobody.wav']) {
    assert.equal(await recordings.read(CALL, name), undefined)
  }
  assert.deepEqual(await recordings.list('..'), [])
})

test('a disk that cannot be written is told once, and the call goes on', async () => {
  const folder = folderOf()
  const path = join(root, 'file')
  await openRecordingFolder(folder).open(CALL, noError).close()
  rmSync(path, { force: true })
  const errors: string[] = []
  // A file in the place of a folder.
  writeFileSync(path, '')
  const writer = openRecordingFolder(path).open(CALL, (message) => errors.push(message))
  writer.writeCall(START_MS, second(1, 1))
  writer.writeCall(START_MS + 1000, second(1, 1))
  await writer.close()
  assert.equal(errors.length, 1)
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openRecordingFolder } from '../store/recording-folder.ts'
import { ask, openLoopback } from './loopback.ts'
import { RECORDING_URL_LIFE_S } from './recording-url.ts'

const folder = mkdtempSync(join(tmpdir(), 'recording-route-'))
const recordings = openRecordingFolder(folder)
const instanceId = 'a'.repeat(32)
const loopback = await openLoopback({ recordings })
after(async () => {
  await loopback.server.close()
  rmSync(folder, { recursive: true })
})

const writer = recordings.open(instanceId, (message) => assert.fail(message))
writer.writeCall(1_790_000_000_000, new Int16Array(400_000).fill(7))
await writer.close()
const SIZE = 60 + 800_000

const urlOf = (fileName: string): string =>
  loopback.deps.recordingUrls.recordingUrl({ instanceId, fileName }, '')

test('a recording is handed out whole, and by ranges of bytes', async () => {
  const url = urlOf('call.wav')
  const whole = await ask(loopback, 'GET', url)
  assert.equal(whole.status, 200)
  assert.equal(whole.headers['content-type'], 'audio/wav')
  assert.equal(whole.headers['content-length'], String(SIZE))
  assert.equal(whole.body.length, SIZE)
  const ranges: readonly (readonly [string, number, string | undefined, Buffer])[] = [
    ['bytes=100-199', 206, `bytes 100-199/${SIZE}`, whole.body.subarray(100, 200)],
    ['bytes=800000-', 206, `bytes 800000-${SIZE - 1}/${SIZE}`, whole.body.subarray(800_000)],
    ['bytes=-10', 206, `bytes ${SIZE - 10}-${SIZE - 1}/${SIZE}`, whole.body.subarray(-10)],
    ['bytes=0-0', 206, `bytes 0-0/${SIZE}`, whole.body.subarray(0, 1)],
    [`bytes=${SIZE}-`, 416, `bytes */${SIZE}`, Buffer.alloc(0)],
    ['bytes=9-3', 416, `bytes */${SIZE}`, Buffer.alloc(0)],
    ['bytes=0-1,5-6', 200, undefined, whole.body],
    ['lines=1-2', 200, undefined, whole.body],
  ]
  for (const [range, status, contentRange, body] of ranges) {
    const part = await ask(loopback, 'GET', url, { headers: { range } })
    assert.equal(part.status, status, range)
    assert.equal(part.headers['content-range'], contentRange, range)
    assert.ok(part.body.equals(body), range)
  }
  const head = await ask(loopback, 'HEAD', url)
  assert.deepEqual([head.status, head.headers['content-length']], [200, String(SIZE)])
})

test('an address that was changed, is of another file or has expired opens nothing', async () => {
  const code = async (url: string): Promise<string> => {
    const answer = await ask(loopback, 'GET', url)
    return `${answer.status} ${JSON.parse(answer.text).Code}`
  }
  const url = urlOf('call.wav')
  assert.equal(await code(url.replace('signature=', 'signature=x')), '403 InvalidRecordingUrl')
  assert.equal(await code(url.replace('call.wav', '1-user.wav')), '403 InvalidRecordingUrl')
  assert.equal(await code(url.split('?')[0] ?? ''), '403 InvalidRecordingUrl')
  assert.equal(await code(urlOf('1-user.wav')), '404 RecordingNotFound')
  loopback.clock.advance(RECORDING_URL_LIFE_S * 1000 + 1000)
  assert.equal(await code(url), '403 InvalidRecordingUrl')
  assert.equal((await ask(loopback, 'POST', url)).status, 405)
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { httpServer, listen } from '../../../test/providers/local-server.ts'
import { TAR_BZ2 } from '../../../test/models/archives.ts'
import { modelFolder } from '../../../test/models/model-folders.ts'
import { KNOWN_MODELS } from '../../providers/sherpa/known-models.ts'
import { models } from '../models.ts'
import { runCommand } from '../run.ts'
import { download, type Progress } from './download.ts'

const root = mkdtempSync(join(tmpdir(), 'antiphon-models-test-'))
after(() => rmSync(root, { recursive: true }))

const SENSE_VOICE = 'sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17'
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Hosted {
  readonly bytes: Buffer
  /** Of the first request, only so much is sent. */
  readonly breakAt?: number
  /** Changes with each request that finds the file broken. */
  readonly isChanging?: boolean
}

/** A file server with ranges, as release pages are. */
async function host(files: Readonly<Record<string, Hosted>>) {
  const requests: string[] = []
  const address = await listen(
    httpServer((request, response) => {
      const name = request.url?.slice(1) ?? ''
      requests.push(`${name} ${request.headers.range ?? ''}`.trim())
      const file = files[name]
      if (file === undefined) response.writeHead(404).end()
      else serveFile(file, requests.length, request, response)
    }),
  )
  return { address, requests }
}

function serveFile(
  { bytes, breakAt, isChanging }: Hosted,
  count: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const etag = `"v${isChanging === true ? count : 1}"`
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
  const isWanted = from !== undefined && request.headers['if-range'] === etag
  const start = isWanted ? Number(from) : 0
  if (isWanted && start >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    return
  }
  response.writeHead(isWanted ? 206 : 200, { 'content-length': bytes.length - start, etag })
  if (breakAt !== undefined && start < breakAt) {
    response.write(bytes.subarray(start, breakAt), () => request.socket.destroy())
  } else response.end(bytes.subarray(start))
}

function command(folder: string) {
  return async (...args: string[]) => {
    const out: string[] = []
    const err: string[] = []
    const code = await runCommand([models], ['models', ...args], {
      out: async (text) => void out.push(text),
      err: (line) => void err.push(line),
      environment: { ANTIPHON_MODELS: folder },
    })
    return { code, out: out.join(''), err: err.join('\n') }
  }
}

const fresh = (): string => mkdtempSync(join(root, 'one-'))

test('list tells name, kind, languages, size, licence and address of each, and which are here', async () => {
  const folder = fresh()
  mkdirSync(join(folder, SENSE_VOICE))
  const { code, out } = await command(folder)('list')
  assert.equal(code, 0)
  for (const { name, licence, megabytes, addresses } of KNOWN_MODELS) {
    const [, entry = ''] = out.split(new RegExp(`^${name}(?=\\n|  )`, 'm'))
    assert.ok(entry.includes(licence) && entry.includes(`${megabytes} MB`), name)
    for (const address of addresses) assert.ok(entry.includes(address), address)
  }
  assert.match(out, new RegExp(`${SENSE_VOICE}  \\(here\\)`))
  const json = (await command(folder)('list', '--json')).out.trim().split('\n')
  assert.equal(json.length, KNOWN_MODELS.length)
  assert.deepEqual(
    json.map((line) => (JSON.parse(line) as { isHere: boolean }).isHere).filter(Boolean).length,
    1,
  )
})

test('fetch downloads, verifies and unpacks a model, and check knows it', async () => {
  const folder = fresh()
  const archive = `${SENSE_VOICE}.tar.bz2`
  const { address } = await host({
    [archive]: { bytes: TAR_BZ2 },
    'checksum.txt': {
      bytes: Buffer.from(`other.tar.bz2\t${'0'.repeat(64)}\n${archive}\t${sha256(TAR_BZ2)}\n`),
    },
  })
  const run = command(folder)
  const { code, out, err } = await run('fetch', SENSE_VOICE, '--from', address)
  assert.equal(code, 0, err)
  assert.equal(out, `${join(folder, SENSE_VOICE)}\n`)
  assert.match(err, /163 MB, licence: FunASR's/)
  assert.match(err, /0\.0 of 0\.0 MB \(100 %\)/)
  assert.match(err, /has the checksum that its source publishes/)
  assert.deepEqual(readdirSync(folder).sort(), ['.downloads', SENSE_VOICE])
  assert.deepEqual(readdirSync(join(folder, '.downloads')), [])
  const checked = await run('check', SENSE_VOICE)
  assert.match(checked.out, /recogniser, sense-voice\n {4}languages: zh en ja ko yue\n/)
  const again = await run('fetch', SENSE_VOICE, '--from', address)
  assert.equal(again.code, 1)
  assert.match(again.err, /is there already/)
})

test('a file that is not what its source says is not unpacked, and fetched anew the next time', async () => {
  const folder = fresh()
  const archive = `${SENSE_VOICE}.tar.bz2`
  const { address, requests } = await host({
    [archive]: { bytes: TAR_BZ2 },
    'checksum.txt': { bytes: Buffer.from(`${archive} ${'a'.repeat(64)}\n`) },
  })
  const run = command(folder)
  for (const _ of [1, 2]) {
    const { code, err } = await run('fetch', SENSE_VOICE, '--from', address)
    assert.equal(code, 1)
    assert.match(err, /has not the checksum that its source publishes. It was removed/)
  }
  assert.equal(requests.filter((request) => request === archive).length, 2)
  assert.deepEqual(readdirSync(folder), ['.downloads'])
})

test('without published checksums that is said; what is of no use is not kept as a model', async () => {
  const folder = fresh()
  const { address } = await host({ 'vits-piper-en_US-amy-medium.tar.bz2': { bytes: TAR_BZ2 } })
  const { code, err } = await command(folder)(
    'fetch',
    'vits-piper-en_US-amy-medium',
    '--from',
    `${address}/`,
  )
  assert.equal(code, 1)
  assert.match(err, /publishes no checksum for vits-piper.*: it is not verified/)
  assert.match(err, /What was downloaded is of/)
  assert.ok(!existsSync(join(folder, 'vits-piper-en_US-amy-medium')))
})

test('a name that is not known, or an address that is none, is refused with the way out', async () => {
  const run = command(fresh())
  const near = await run('fetch', 'sense-voice')
  assert.equal(near.code, 1)
  assert.match(
    near.err,
    new RegExp(`There is no model sense-voice in the list. Did you mean ${SENSE_VOICE}`),
  )
  assert.equal((await run('fetch', SENSE_VOICE, '--from', 'ftp://x')).code, 2)
  assert.equal((await run('fetch')).code, 2)
  const gone = await host({})
  assert.match(
    (await run('fetch', SENSE_VOICE, '--from', gone.address)).err,
    /answered 404 for sherpa/,
  )
})

test('check tells what is missing in a folder', async () => {
  const folder = modelFolder('my-whisper', ['tiny-encoder.onnx', 'tiny-tokens.txt'])
  const { code, err } = await command(fresh())('check', folder)
  assert.equal(code, 1)
  assert.match(err, /my-whisper looks like a model of the kind whisper, but has no decoder/)
  const voice = modelFolder('vits-mine', ['model.onnx', 'tokens.txt', 'lexicon.txt'])
  assert.match(
    (await command(fresh())('check', voice)).out,
    /voice, vits\n {4}speakers: 0\n {4}model:/,
  )
})

async function fetchFile(address: string, file: string) {
  const seen: Progress[] = []
  await download(address, file, (progress) => seen.push(progress))
  return { bytes: readFileSync(file), seen }
}

const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))

test('a download that breaks goes on from where it was', async () => {
  const { address, requests } = await host({ f: { bytes: BYTES, breakAt: 120_000 } })
  const { bytes, seen } = await fetchFile(`${address}/f`, join(fresh(), 'f'))
  assert.ok(bytes.equals(BYTES))
  assert.equal(requests[0], 'f')
  assert.match(requests[1] ?? '', /^f bytes=\d+-$/)
  assert.deepEqual(seen.at(-1), { bytes: BYTES.length, totalBytes: BYTES.length })
  assert.ok(seen.every((one, index) => index === 0 || one.bytes > (seen[index - 1]?.bytes ?? 0)))
})

test('the next run goes on with what an earlier one left, if the server still has that file', async () => {
  for (const [isChanging, expected] of [
    [false, 'f bytes=100000-'],
    [true, 'f bytes=100000-'],
  ] as const) {
    const { address, requests } = await host({ f: { bytes: BYTES, isChanging } })
    const file = join(fresh(), 'f')
    writeFileSync(`${file}.part`, isChanging ? Buffer.alloc(100_000) : BYTES.subarray(0, 100_000))
    const noted = { address: `${address}/f`, validator: isChanging ? '"old"' : '"v1"' }
    writeFileSync(`${file}.part.json`, JSON.stringify(noted))
    const { bytes } = await fetchFile(`${address}/f`, file)
    assert.ok(bytes.equals(BYTES), 'never a mixture of two files')
    assert.deepEqual(requests, [expected])
    assert.ok(!existsSync(`${file}.part`) && !existsSync(`${file}.part.json`))
  }
})

test('a download that had come whole is not fetched again', async () => {
  const { address, requests } = await host({ f: { bytes: BYTES } })
  const file = join(fresh(), 'f')
  writeFileSync(`${file}.part`, BYTES)
  writeFileSync(`${file}.part.json`, JSON.stringify({ address: `${address}/f`, validator: '"v1"' }))
  assert.ok((await fetchFile(`${address}/f`, file)).bytes.equals(BYTES))
  assert.deepEqual(requests, [`f bytes=${BYTES.length}-`])
})

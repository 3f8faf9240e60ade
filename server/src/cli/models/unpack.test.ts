import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { TAR_BZ2, tarOf, zipOf, type Member } from '../../../test/models/archives.ts'
import { bunzip } from './bunzip.ts'
import { SafePlace } from './safe-place.ts'
import { unpackInto } from './unpack.ts'

const root = mkdtempSync(join(tmpdir(), 'antiphon-unpack-'))
after(() => rmSync(root, { recursive: true }))

/** Unpacks bytes as a file of that name; gives the folder with what came out. */
async function unpack(name: string, bytes: Uint8Array): Promise<string> {
  const here = mkdtempSync(join(root, 'one-'))
  const target = join(here, 'target')
  mkdirSync(target)
  writeFileSync(join(here, name), bytes)
  await unpackInto(join(here, name), target, join(here, 'scratch'))
  return target
}

const FOLDER: readonly Member[] = [
  { name: './model/', content: '', type: '5' },
  { name: './model/model.onnx', content: 'weights' },
  { name: './model/data/more.txt', content: 'more' },
]

test('a folder in a tar, gzip or zip archive is unpacked without the folder around it', async () => {
  const files = FOLDER.filter(({ type }) => type !== '5')
  for (const [name, bytes] of [
    ['m.tar', tarOf(FOLDER)],
    ['m.tar.gz', gzipSync(tarOf(FOLDER))],
    ['m.zip', zipOf(files)],
  ] as const) {
    const folder = await unpack(name, bytes)
    assert.equal(readFileSync(join(folder, 'model.onnx'), 'utf8'), 'weights', name)
    assert.equal(readFileSync(join(folder, 'data/more.txt'), 'utf8'), 'more', name)
  }
})

test('a tar.bz2 made by the usual programs is unpacked, long names too, links not', async () => {
  const folder = await unpack('my-sense-voice.tar.bz2', TAR_BZ2)
  const long = 'long'.repeat(30)
  assert.deepEqual(readdirSync(folder).sort(), [long, 'model.int8.onnx', 'tokens.txt'])
  assert.equal(readFileSync(join(folder, long, 'file.txt'), 'utf8'), 'deep\n')
  assert.equal(readFileSync(join(folder, 'model.int8.onnx'), 'utf8'), 'weights')
})

test('single files are taken as they are, other kinds refused by name', async () => {
  assert.deepEqual(readdirSync(await unpack('vocos.onnx', Buffer.from('x'))), ['vocos.onnx'])
  await assert.rejects(unpack('m.rar', Buffer.from('x')), /m\.rar is none of \.tar\.bz2/)
})

test('members that lead out of the folder are refused, and nothing is written there', async () => {
  for (const name of [
    '../evil',
    'a/../../evil',
    '/antiphon-evil',
    'C:\\evil',
    '..\\evil',
    'a/..',
  ]) {
    const members = [{ name, content: 'evil' }]
    await assert.rejects(unpack('m.tar', tarOf(members)), /would write to .*refused/, name)
    await assert.rejects(unpack('m.zip', zipOf(members)), /would write to .*refused/, name)
  }
  assert.ok(!existsSync('/antiphon-evil') && !existsSync(join(root, 'evil')))
})

test('a link is not followed by a member behind it', async () => {
  const folder = await unpack(
    'm.tar',
    tarOf([
      { name: 'a', content: '', type: '2' },
      { name: 'a/b', content: 'inside' },
      { name: 'c', content: 'more' },
    ]),
  )
  assert.equal(readFileSync(join(folder, 'a/b'), 'utf8'), 'inside')
})

test('damaged archives are told, whichever bit is wrong', async () => {
  const flipped = Buffer.from(TAR_BZ2)
  flipped[200] = (flipped[200] ?? 0) ^ 1
  const cut = TAR_BZ2.subarray(0, 200)
  for (const bytes of [flipped, cut, Buffer.from('BZh9junk'), Buffer.from('nothing')]) {
    assert.throws(() => [...bunzip([bytes])], /damaged \(bzip2\)/)
  }
  const tar = tarOf(FOLDER)
  tar[0] = 120
  await assert.rejects(unpack('m.tar', tar), /damaged \(tar\)/)
  await assert.rejects(unpack('m.tar', tarOf(FOLDER).subarray(0, 1030)), /ends in the middle/)
  await assert.rejects(unpack('m.tar.gz', Buffer.from('xx')), /damaged \(gzip\)/)
  const zip = zipOf([{ name: 'a', content: 'abc' }])
  zip[14] = (zip[14] ?? 0) ^ 1
  const lying = zipOf([{ name: 'a', content: 'x'.repeat(5000), bytes: 10 }])
  await assert.rejects(unpack('m.zip', lying), /damaged \(zip\)/)
  await assert.rejects(unpack('m.zip', Buffer.from('PK nothing')), /damaged \(zip\)/)
})

test('an archive that unpacks to more than any model is refused before it is written', () => {
  const place = new SafePlace(join(root, 'large'))
  place.count(8 * 1024 ** 3)
  assert.throws(() => place.count(1), /more than 8 GiB/)
})

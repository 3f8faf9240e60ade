import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { pageFile, readPageFiles } from './page-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'page-files-test-'))
after(() => rmSync(folder, { recursive: true }))

test('a built page is read with types, hashes and compressed forms', () => {
  mkdirSync(join(folder, 'assets/sound'), { recursive: true })
  const script = 'let a = 1;'.repeat(100)
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'assets/index-Bx3k9_aQ.js'), script)
  writeFileSync(join(folder, 'assets/sound/ring.wav'), 'RIFF')
  writeFileSync(join(folder, 'secret.txt'), 'not served')
  const page = readPageFiles(folder)
  assert.equal(page.index?.contentType, 'text/html; charset=utf-8')
  assert.deepEqual([...page.assets.keys()].sort(), [
    '/assets/index-Bx3k9_aQ.js',
    '/assets/sound/ring.wav',
  ])
  const file = page.assets.get('/assets/index-Bx3k9_aQ.js')
  assert.equal(file?.contentType, 'text/javascript; charset=utf-8')
  assert.ok(file?.isHashed)
  assert.equal(gunzipSync(file?.gzipped ?? '').toString(), script)
  const ring = page.assets.get('/assets/sound/ring.wav')
  assert.deepEqual([ring?.contentType, ring?.gzipped], ['audio/wav', undefined])
})

test('a page that was not built is just not there', () => {
  const page = readPageFiles(join(folder, 'nowhere'))
  assert.deepEqual([page.index, page.assets.size], [undefined, 0])
})

test('only names with a hash count as unchanging', () => {
  const isHashed = (name: string): boolean => pageFile(name, Buffer.from('')).isHashed
  assert.ok(isHashed('assets/index-C0ffee12.css'))
  assert.ok(!isHashed('assets/audio-recorder.js'))
  assert.ok(!isHashed('assets/logo.svg'))
})

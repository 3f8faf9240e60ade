import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { simulatedIds } from '../base/simulated-ids.ts'
import { openKeyFiles, type Keys } from './key-files.ts'

const root = mkdtempSync(join(tmpdir(), 'key-files-test-'))
after(() => rmSync(root, { recursive: true }))

let folders = 0
const newFolder = (): string => join(root, `${++folders}`, 'data')
const rights = (path: string): string => (statSync(path).mode & 0o777).toString(8)

function opened(folder: string, seed = 1): Keys {
  const keys = openKeyFiles({ folder, ids: simulatedIds(seed) })
  assert.ok(keys.ok, keys.ok ? '' : keys.error)
  return keys.value
}

test('keys are made in the form of the vendor and kept for later starts', () => {
  const folder = newFolder()
  const first = opened(folder, 1)
  assert.match(first.accessKey.accessKeyId, /^LTAI5t[A-Za-z0-9]{18}$/)
  assert.match(first.accessKey.accessKeySecret, /^[A-Za-z0-9]{30}$/)
  assert.match(first.rtcApp.appId, /^[\w-]{1,64}$/)
  assert.equal(first.serverSecret.length, 32)
  assert.equal(first.accessKeyFile, join(folder, 'access-key.json'))
  const second = opened(folder, 2)
  assert.deepEqual(second, first)
  const file = JSON.parse(readFileSync(join(folder, 'access-key.json'), 'utf8'))
  assert.deepEqual(file, first.accessKey)
  assert.notDeepEqual(opened(newFolder(), 2).accessKey, first.accessKey)
})

test('folder and files are for the owner alone, and nothing else is left there', () => {
  const folder = newFolder()
  opened(folder)
  assert.equal(rights(folder), '700')
  assert.deepEqual(readdirSync(folder).sort(), ['access-key.json', 'rtc-app.json', 'server-secret'])
  for (const name of readdirSync(folder)) assert.equal(rights(join(folder, name)), '600', name)
})

test('a file that others may read is closed to them', () => {
  const folder = newFolder()
  const before = opened(folder)
  const path = join(folder, 'rtc-app.json')
  chmodSync(path, 0o644)
  assert.deepEqual(opened(folder, 2), before)
  assert.equal(rights(path), '600')
})

test('keys from the environment are used and not written down', () => {
  const folder = newFolder()
  const accessKey = { accessKeyId: 'id', accessKeySecret: 'secret' }
  const rtcApp = { appId: 'app', appKey: 'key' }
  const keys = openKeyFiles({ folder, ids: simulatedIds(), accessKey, rtcApp })
  assert.ok(keys.ok)
  assert.deepEqual([keys.value.accessKey, keys.value.rtcApp], [accessKey, rtcApp])
  assert.deepEqual([keys.value.accessKeyFile, keys.value.rtcAppFile], [undefined, undefined])
  assert.deepEqual(readdirSync(folder), ['server-secret'])
})

test('a damaged file is named and left as it is', () => {
  for (const [name, content] of [
    ['access-key.json', '{"accessKeyId":"a"'],
    ['access-key.json', '{"accessKeyId":"a","accessKeySecret":""}'],
    ['rtc-app.json', 'null'],
    ['server-secret', 'abc'],
  ] as const) {
    const folder = newFolder()
    opened(folder)
    const path = join(folder, name)
    writeFileSync(path, content)
    const keys = openKeyFiles({ folder, ids: simulatedIds() })
    assert.ok(!keys.ok)
    assert.ok(keys.error.startsWith(`${path} is damaged`) && !keys.error.includes('\n'))
    assert.equal(readFileSync(path, 'utf8'), content)
  }
})

test('a data folder that cannot be one is refused in one line', () => {
  const file = join(root, 'a-file')
  writeFileSync(file, '')
  for (const folder of [file, join(file, 'data')]) {
    const keys = openKeyFiles({ folder, ids: simulatedIds() })
    assert.ok(!keys.ok)
    assert.match(keys.error, /^ANTIPHON_DATA must be a folder that can be written to; .*a-file/)
    assert.ok(!keys.error.includes('\n'))
  }
})

test('a key file that cannot be read is named', () => {
  const folder = newFolder()
  opened(folder)
  const path = join(folder, 'rtc-app.json')
  rmSync(path)
  // A folder in its place cannot be read by anybody, not even by root.
  openKeyFiles({ folder: path, ids: simulatedIds() })
  const keys = openKeyFiles({ folder, ids: simulatedIds() })
  assert.ok(!keys.ok)
  assert.match(keys.error, /rtc-app\.json must be a file that can be read/)
})

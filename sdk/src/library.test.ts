/** The browser library as it is built, described, and used by the console. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { AntiphonCall } from './index.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const built = 'console/dist/assets/antiphon-client.js'
const LIMIT_BYTES = 15_000

test(
  'the library is one module of less than 15 KB, gzipped',
  { skip: !existsSync(join(root, built)) },
  () => {
    const code = read(built)
    assert.ok(gzipSync(code, { level: 9 }).length < LIMIT_BYTES)
    assert.doesNotMatch(code, /\bimport\s*[({'"*]|\bfrom\s*['"]/, 'it needs nothing else')
    assert.match(code, /export\s*\{[^}]*\bas AntiphonCall\b/)
  },
)

test('the README names every method and every event, and none that is not there', () => {
  const rows = [...read('sdk/README.md').matchAll(/^\| (.+?) \| (.+?) \|/gm)]
  const namesIn = (cell: string | undefined): string[] =>
    [...(cell ?? '').matchAll(/`(\w+)(?:\(.*?\))?`/g)].map(([, name = '']) => name)
  const first = rows.findIndex(([, cell]) => cell === 'vendor')
  const second = rows.findIndex(([, cell]) => cell === 'event')
  const methods = rows.slice(first, second).flatMap(([, , cell]) => namesIn(cell))
  const events = rows.slice(second).flatMap(([, cell]) => namesIn(cell))
  const base = Object.getPrototypeOf(AntiphonCall.prototype) as object
  const ours = [AntiphonCall.prototype, base]
    .flatMap((prototype) => Object.entries(Object.getOwnPropertyDescriptors(prototype)))
    .filter(([name, { get }]) => get === undefined && !OTHERWISE.has(name))
    .map(([name]) => name)
  assert.deepEqual([...new Set(methods)].sort(), ours.sort())
  const told = [...read('sdk/src/call-events.ts').matchAll(/^ {2}(\w+): /gm)].map(
    ([, name = '']) => name,
  )
  const inCallEvents = told.filter((name) => !MEMBERS.has(name))
  assert.deepEqual(events.sort(), inCallEvents.sort())
})

/** What the table of methods leaves out, because the text tells of it. */
const OTHERWISE = new Set(['constructor', 'on', 'send'])
/** Members of the events' own structures, in the same file. */
const MEMBERS = new Set(['text', 'sentenceId', 'isEnd', 'answerDelayMs', 'roundTripMs'])

test('the console makes calls by the library, and by nothing beneath it', () => {
  const beneath = /RTCPeerConnection|getUserMedia|enumerateDevices|\/rtc\/channels|sdk\/src/
  const files = globSync('console/src/**/*.{ts,tsx}', { cwd: root })
  const guilty = files.filter((file) => !file.endsWith('.test.ts') && beneath.test(read(file)))
  assert.ok(files.length > 0)
  assert.deepEqual(guilty, [])
})

/**
 * `npm test [part of a path …]`: unit and scenario tests in this process (starting one for each file would take
 * longer than most files do), the few that compute for long beside it in their own, then those of
 * `server/test/system/` (real processes, real browser): three files at a time, but those that measure what is heard
 * one after the other, when nothing else runs. Prints each failure, and as its last line `N passed, N failed`, with
 * `, N skipped` if there were any.
 */
import { globSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'

interface Count {
  passed: number
  failed: number
  skipped: number
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(join(root, 'server'))
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const isVerbose = process.argv.includes('--verbose')
const all = globSync(['server/**/*.test.ts', 'sdk/**/*.test.ts', 'console/**/*.test.ts'], {
  cwd: root,
  exclude: (name) => name === 'node_modules',
})
/** Needs package registries; `npm run languages` asks for it. */
const isOutside = (file: string): boolean => file.includes('/test/languages/')
const files = all
  .filter((file) =>
    wanted.length === 0 ? !isOutside(file) : wanted.some((part) => file.includes(part)),
  )
  .sort()
  .map((file) => join(root, file))
const isSystem = (file: string): boolean => file.includes('/test/system/') || isOutside(file)
/** Those that need the machine for themselves: they listen to sound in real time, or measure gaps in it. */
const isListening = (file: string): boolean =>
  /\/(browser|kill|real-audio|sdk|webrtc-channel|workers)\.test\.ts$/.test(file)
/** Those that compute for seconds: they have the second processor while all others run on the first. */
const isLong = (file: string): boolean =>
  /\/(dialogue\/random|wire\/byte-soup|wire\/round-trip|wire\/every-operation|scenarios\/races|store\/sqlite-store)\.test\.ts$/.test(
    file,
  )

const count: Count = { passed: 0, failed: 0, skipped: 0 }
const unit = files.filter((file) => !isSystem(file))
const long = runFiles(unit.filter(isLong), 'process')
await runFiles(
  unit.filter((file) => !isLong(file)),
  'none',
)
await long
const system = files.filter(isSystem)
await runFiles(
  system.filter((file) => !isListening(file)),
  'process',
  3,
)
await runFiles(system.filter(isListening), 'process')
if (count.passed + count.failed + count.skipped === 0) {
  console.log('No test file matches.')
  count.failed = 1
}
const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`)
process.exit(count.failed > 0 ? 1 : 0)

async function runFiles(
  paths: readonly string[],
  isolation: 'none' | 'process',
  concurrency = 1,
): Promise<void> {
  if (paths.length === 0) return
  const stream = run({ files: [...paths], isolation, concurrency, timeout: 300_000 })
  for await (const event of stream) {
    if (event.type === 'test:pass') onEnd(event.data, 'pass')
    else if (event.type === 'test:fail') onEnd(event.data, 'fail')
    else if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      process.stderr.write(event.data.message)
    } else if (event.type === 'test:diagnostic' && isolation === 'process' && isVerbose) {
      console.log(event.data.message)
    }
  }
}

interface Ended {
  readonly name: string
  readonly file?: string
  readonly skip?: string | boolean
  readonly details: {
    readonly type?: string
    readonly duration_ms: number
    readonly error?: unknown
  }
}

function onEnd(test: Ended, outcome: 'pass' | 'fail'): void {
  // A file or a suite that merely contains tests is not a test of its own, unless it failed by itself.
  const isContainer = test.details.type === 'suite' || paths().has(test.name)
  if (isContainer && (outcome === 'pass' || isOfSubtests(test.details.error))) return
  const where = test.file === undefined ? '' : relative(root, test.file)
  if (test.skip !== undefined && test.skip !== false) {
    count.skipped += 1
    console.log(`${styleText('yellow', 'skipped')} ${where} › ${test.name}: ${String(test.skip)}`)
  } else if (outcome === 'pass') {
    count.passed += 1
    if (isVerbose || test.details.duration_ms > 2000) {
      console.log(`ok ${where} › ${test.name} (${Math.round(test.details.duration_ms)} ms)`)
    }
  } else {
    count.failed += 1
    console.log(`${styleText('red', 'FAILED')} ${where} › ${test.name}`)
    console.log(describe(test.details.error))
  }
}

function paths(): ReadonlySet<string> {
  return new Set([...files, ...files.map((file) => relative(process.cwd(), file))])
}

function isOfSubtests(error: unknown): boolean {
  return (error as { failureType?: string } | undefined)?.failureType === 'subtestsFailed'
}

function describe(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause ?? error
  if (cause instanceof Error) return cause.stack ?? cause.message
  return String(cause)
}

import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { EXEMPT, LAYERS } from './layers.ts'

const server = dirname(dirname(fileURLToPath(import.meta.url)))
const repository = dirname(server)
const src = join(server, 'src')
const files = readdirSync(src, { recursive: true }) as string[]
const sources = files
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))
const read = (file: string): string => readFileSync(join(src, file), 'utf8')
const isTest = (file: string): boolean => /\.(test|contract)\.ts$/.test(file)

const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?<![.\w])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, path = '']) => path)

/** The folder of src/ that an import leads to, or the name of the package. */
function targetOf(file: string, path: string): string {
  if (path.startsWith('node:')) return path
  if (!path.startsWith('.')) {
    const parts = path.split('/')
    return parts.slice(0, path.startsWith('@') ? 2 : 1).join('/')
  }
  return normalize(join(dirname(file), path)).split('/')[0] ?? ''
}

test('a folder imports only what the layers allow', () => {
  const wrong: string[] = []
  for (const file of sources.filter((source) => !EXEMPT.test(source))) {
    const [folder = ''] = file.split('/')
    const allowed = [folder, ...(LAYERS[folder] ?? [])]
    for (const path of importsOf(read(file)))
      if (!allowed.includes(targetOf(file, path))) wrong.push(`${file} may not import ${path}`)
  }
  assert.deepEqual(wrong, [])
})

test('a folder names only folders above it', () => {
  const folders = Object.keys(LAYERS)
  for (const [index, folder] of folders.entries())
    for (const below of folders.slice(index)) assert.ok(!LAYERS[folder]?.includes(below), folder)
})

test('a file fits in 400 lines', () => {
  const long = sources.filter((file) => read(file).split('\n').length > 400)
  assert.deepEqual(long, [])
})

test('media and dialogue never wait', () => {
  const pure = sources.filter((file) => /^(media|dialogue)\//.test(file) && !isTest(file))
  assert.deepEqual(
    pure.filter((file) => /\bawait\b/.test(read(file))),
    [],
  )
})

/** What must not occur, where it may all the same, and what to use instead. */
const BANNED: readonly { what: RegExp; unless: RegExp; instead: string }[] = [
  {
    what: /\bDate\.now\(|\bnew Date\(\)|performance\.now\(/,
    unless: /^base\/system-/,
    instead: 'a Clock',
  },
  { what: /\bset(Timeout|Interval)\(/, unless: /^base\/system-/, instead: 'Clock.after' },
  {
    what: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/,
    unless: /^base\/system-/,
    instead: 'Ids',
  },
  { what: /\bprocess\.env\b/, unless: /^(main|worker|antiphon)\.ts$/, instead: 'main.ts' },
  { what: /\bconsole\.\w/, unless: /^$/, instead: 'a Log' },
  { what: /\bTODO\b|\bFIXME\b/, unless: /^$/, instead: 'an issue' },
]

test('time, chance, environment and console are handed in', () => {
  const wrong: string[] = []
  for (const file of sources.filter((source) => !isTest(source)))
    for (const { what, unless, instead } of BANNED)
      if (!unless.test(file) && what.test(read(file)))
        wrong.push(`${file}: ${what.source}; use ${instead}`)
  assert.deepEqual(wrong, [])
})

test('files are named for what they hold', () => {
  const wrong = sources.filter(
    (file) =>
      !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|contract|bench))?\.ts$/.test(
        file.split('/').at(-1) ?? '',
      ) || /(^|\/)(utils?|helpers?|common|types)\.ts$/.test(file),
  )
  assert.deepEqual(wrong, [])
})

test('every source is reached from an entry file or a test', () => {
  const reached = new Set<string>()
  const visit = (file: string): void => {
    if (reached.has(file) || !existsSync(join(src, file))) return
    reached.add(file)
    const text = read(file)
    const urls = [...text.matchAll(/new URL\('(\.[^']+\.ts)'/g)].map(([, path = '']) => path)
    for (const path of [...importsOf(text), ...urls])
      if (path.startsWith('.')) visit(normalize(join(dirname(file), path)))
  }
  for (const file of sources)
    if (/^(main|worker|antiphon)\.ts$/.test(file) || isTest(file)) visit(file)
  assert.deepEqual(
    sources.filter((file) => !reached.has(file)),
    [],
  )
})

test(
  'every operation stands in its own file and in the table',
  { skip: !existsSync(join(src, 'operations/table.ts')) && 'no table' },
  () => {
    const table = read('operations/table.ts')
    const files = sources.filter(
      (file) =>
        file.startsWith('operations/') && !isTest(file) && /\boperation\(\{/.test(read(file)),
    )
    assert.ok(files.length > 0)
    for (const file of files) assert.ok(table.includes(`./${file.split('/').at(-1)}`), file)
  },
)

test('links in the documents lead somewhere', () => {
  const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: repository })
  const broken: string[] = []
  for (const page of pages) {
    const text = readFileSync(join(repository, page), 'utf8')
    for (const [, link = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g))
      if (!/^[a-z]+:/.test(link) && !existsSync(join(repository, dirname(page), link)))
        broken.push(`${page}: ${link}`)
  }
  assert.deepEqual(broken, [])
})

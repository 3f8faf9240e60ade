/**
 * `npm run reference`: writes docs/reference/ from the schemas. With `--check`, tells whether it is up to date.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  referencePages,
  type ReferenceOperation,
} from '../server/src/operations/reference-pages.ts'
import { OPERATIONS } from '../server/src/operations/table.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs/reference')

interface Reference {
  readonly operations: Readonly<
    Record<string, { readonly summary: string; readonly request: readonly { name: string }[] }>
  >
}

/** Every operation that the vendor documents for its agents. */
function documented(): readonly ReferenceOperation[] {
  const text = readFileSync(join(root, 'server/test/data/operations.json'), 'utf8')
  return Object.entries((JSON.parse(text) as Reference).operations).map(
    ([name, { summary, request }]) => ({
      name,
      summary,
      parameters: request.map((parameter) => parameter.name),
    }),
  )
}

const pages = referencePages(OPERATIONS, documented())
const read = (file: string): string => {
  try {
    return readFileSync(join(folder, file), 'utf8')
  } catch {
    return ''
  }
}

if (process.argv.includes('--check')) {
  const changed = [...pages].filter(([file, text]) => read(file) !== text).map(([file]) => file)
  const stale = [...changed, ...readdirSync(folder).filter((file) => !pages.has(file))]
  if (stale.length > 0) {
    console.error(`docs/reference is not up to date (${stale.join(', ')}): npm run reference`)
    process.exitCode = 1
  }
} else {
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) if (!pages.has(file)) rmSync(join(folder, file))
  for (const [file, text] of pages) writeFileSync(join(folder, file), text)
}

/** docs/behaviour.md: every member, its range and default as in its schema, and from when on a change counts. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { aiAgentConfig } from '../src/schema/ai-agent-config.ts'
import { TEMPLATES } from '../src/schema/ai-agent-template-config.ts'
import type { SchemaNode } from '../src/schema/read.ts'
import { effective, ignoring, leavesOf } from './scenarios/settings/setting.ts'
import { NOT_IN_EFFECT, SETTINGS } from './scenarios/settings/table.ts'
import { LATER } from './scenarios/simulated-call.ts'

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = read('docs/behaviour.md')

const nested = aiAgentConfig as unknown as SchemaNode
/** The older name of the back-channel rules is said of all its members at once. */
const leaves = leavesOf(nested).filter((path) => !path.startsWith('BackChannelingConfig['))

interface Row {
  readonly allowed: string
  readonly byDefault: string
  readonly change: string
}

const rows: ReadonlyMap<string, Row> = new Map(
  [...page.matchAll(/^\| `([\w.[\]]+)` \| .+ \| (.+) \| (.+) \| (.+) \|$/gm)].map(
    ([, path = '', allowed = '', byDefault = '', change = '']) => [
      path,
      { allowed, byDefault, change },
    ],
  ),
)

function schemaAt(path: string): SchemaNode {
  if (path === 'CharBreak') return TEMPLATES.VoiceChat.properties.CharBreak as SchemaNode
  const names = path.split('.')
  return names.reduce<SchemaNode>((schema, name) => {
    const member = schema.properties?.[name.replace('[]', '')] ?? {}
    return name.endsWith('[]') ? (member.items ?? {}) : member
  }, nested)
}

test('the page has a row for every member, and for no other', () => {
  assert.deepEqual([...rows.keys()].toSorted(), [...leaves, 'CharBreak'].toSorted())
})

test('ranges, units and defaults are those of the schema', () => {
  for (const [path, { allowed, byDefault }] of rows) {
    const schema = schemaAt(path)
    const { minimum, maximum } = schema.anyOf?.at(-1) ?? schema
    if (minimum !== undefined) assert.ok(allowed.includes(`${minimum} to ${maximum}`), path)
    if (schema.anyOf !== undefined) assert.match(allowed, /^0, or /, path)
    const unit = (schema as { readonly 'x-unit'?: string })['x-unit']
    if (unit !== undefined) assert.ok(allowed.endsWith(` ${unit}`), `${path}: ${unit}`)
    if (schema.default !== undefined) assert.equal(byDefault, String(schema.default), path)
    const choices = (schema.enum ?? []).filter((choice) => choice !== '')
    if (choices.length > 7 || /these/.test(allowed)) continue
    for (const choice of choices) assert.ok(allowed.includes(`\`${String(choice)}\``), path)
  }
})

test('what has no effect yet is said to have none', () => {
  for (const [path, { change }] of rows) {
    const isSilent = Object.hasOwn(NOT_IN_EFFECT, path.split('.')[0] ?? '')
    assert.equal(change === '–', isSilent, path)
  }
})

for (const [index, setting] of SETTINGS.entries()) {
  const { path, config, check } = setting
  const row = rows.get(path.replace('BackChannelingConfig[', 'BackChannelingConfigs['))
  const isForNext = /^(call|until the user has come)$/.test(row?.change ?? '')
  test(`${path} is changed in a call: ${isForNext ? 'too late' : row?.change} (${index})`, async () => {
    const changed = { ...ignoring(setting), [LATER]: effective({ AgentConfig: config }) }
    if (isForNext) await assert.rejects(check(changed), assert.AssertionError)
    else await check(changed)
  })
}

test('the page can be found, and its own links lead somewhere', () => {
  for (const path of ['README.md', 'docs/architecture.md']) {
    assert.match(read(path), /\]\((docs\/)?behaviour\.md/, path)
  }
  const headings = new Set(
    [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
  for (const [, anchor = ''] of page.matchAll(/\]\(#([\w-]+)\)/g))
    assert.ok(headings.has(anchor), anchor)
})

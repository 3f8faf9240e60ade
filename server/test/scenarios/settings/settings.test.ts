/** The table test: every member of a configuration shows in a call, or is known not to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEMPLATES } from '../../../src/schema/ai-agent-template-config.ts'
import { aiAgentConfig } from '../../../src/schema/ai-agent-config.ts'
import { fromTemplate } from '../../../src/schema/effective-config.ts'
import type { SchemaNode } from '../../../src/schema/read.ts'
import { isObject } from '../../../src/schema/wire.ts'
import {
  effective,
  ignoring,
  leavesOf,
  memberAt,
  without,
  type Config,
  type Setting,
} from './setting.ts'
import { FOR_THE_CLIENT, NOT_IN_EFFECT, SETTINGS, SINGLE_VALUED } from './table.ts'

const nested = aiAgentConfig as unknown as SchemaNode
const flat = Object.keys(TEMPLATES.VoiceChat.properties)

/** Where each flat member stands in the nested form. */
const PLACES: ReadonlyMap<string, string> = new Map(
  flat.map((name) => [pathsOf(fromTemplate({ [name]: 1 }))[0] ?? '', name]),
)

function pathsOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => pathsOf(entry, `${path}[]`))
  if (!isObject(value)) return [path.replace(/\[\]$/, '')]
  return Object.entries(value).flatMap(([name, member]) =>
    pathsOf(member, path === '' ? name : `${path}.${name}`),
  )
}

/** As `setting.config` says it, but for one member in the flat form. */
function inFlatForm({ path, config }: Setting, name: string): Config {
  const value = memberAt(config, listOf(path))
  const TemplateConfig = { VoiceChat: { [name]: value } }
  return effective({ AgentConfig: without(config, listOf(path)), TemplateConfig })
}

/** Of a list's entries' member, the list. */
const listOf = (path: string): string => path.split('[]')[0] ?? path

test('every member has a scenario, or is known to have no effect', () => {
  const shown = new Set(SETTINGS.map(({ path }) => path))
  const silent = new Set([NOT_IN_EFFECT, FOR_THE_CLIENT].flatMap((config) => pathsOf(config)))
  const single = pathsOf(SINGLE_VALUED).filter((path) => /\.(Type|TriggerStage)$/.test(path))
  const known = [...shown, ...silent, ...single].toSorted()
  assert.deepEqual(known, [...leavesOf(nested), 'CharBreak'].toSorted())
})

for (const [index, setting] of SETTINGS.entries()) {
  const { path, config, check } = setting
  test(`${path} is obeyed (${index})`, async () => {
    await check(effective({ AgentConfig: config }))
    // The scenario is worth something only if it fails when nobody looks at the member.
    await assert.rejects(check(ignoring(setting)), assert.AssertionError, 'it shows nothing')
  })
  const name = PLACES.get(listOf(path))
  if (name === undefined) continue
  test(`${name} in the flat form is obeyed (${index})`, () => check(inFlatForm(setting, name)))
}

test('every member of the flat form has its place in the nested one, or is CharBreak', () => {
  const known = new Set(leavesOf(nested).map(listOf))
  const lost = [...PLACES.keys()].filter((path) => !known.has(path))
  assert.deepEqual(lost, ['CharBreak'])
  assert.equal(PLACES.size, flat.length)
})

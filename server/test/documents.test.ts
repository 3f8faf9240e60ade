/** The documents say what is so: what can be looked up is compared. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { callSettings } from '../src/call/settings.ts'
import { helpText } from '../src/config/settings.ts'
import { aiAgentConfig } from '../src/schema/ai-agent-config.ts'
import { ClientMessage, ServerMessage } from '../src/schema/messages.ts'
import { PROVIDERS } from '../src/schema/providers.ts'
import { LAYERS } from './layers.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')

/** What stands `in such marks` in the list item that begins so. */
function codesOf(text: string, beginning: string): string[] {
  const [item = ''] = text.slice(text.indexOf(beginning)).split(/\n(?!\s)/)
  assert.ok(item.startsWith(beginning), beginning)
  return [...item.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

/** Rows of the Markdown tables in a text, cell by cell. */
const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | '))

test('the README lists the settings as --help does', () => {
  const help = [...helpText().matchAll(/^ {2}([A-Z_]+) {2,}(.+?) {2,}(.+)$/gm)]
  assert.ok(help.length > 10)
  const expected = help.map(([, name, byDefault, meaning]) => [`\`${name}\``, byDefault, meaning])
  const rows = rowsOf(readme).filter(([name = '']) => /^`[A-Z_]+`$/.test(name))
  assert.deepEqual(rows, expected)
})

test('the programs of the README are those of examples/', () => {
  const blocks = [...readme.matchAll(/`(examples\/[\w.-]+)`:\n\n```ts\n([^]*?)```/g)]
  assert.ok(blocks.length >= 3)
  for (const [, path = '', program] of blocks) assert.equal(program, read(path), path)
})

test('the README lists the providers', () => {
  for (const [kind, known] of Object.entries(PROVIDERS)) {
    const [, choices = ''] = rowsOf(readme).find(([first]) => first === `\`${kind}\``) ?? []
    for (const name of Object.keys(known)) assert.ok(choices.includes(`\`${name}\``), name)
  }
})

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
}

/** Values that a setting may take, different enough to tell whether anybody looks at it. */
function samples(schema: Schema): readonly unknown[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(samples)
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum !== undefined) return schema.enum
  if (schema.type === 'array') return [[sample(schema.items ?? {})], []]
  if (schema.type === 'boolean') return [true, false]
  if (schema.type === 'integer' || schema.type === 'number') {
    return [schema.minimum ?? 1, schema.maximum ?? 2, 3]
  }
  return ['some', 'other']
}

const sample = (schema: Schema): unknown =>
  schema.properties === undefined
    ? samples(schema)[0]
    : Object.fromEntries(
        Object.entries(schema.properties).map(([name, member]) => [name, sample(member)]),
      )

const leaves = (schema: Schema, path: readonly string[] = []): [string[], Schema][] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    member.properties === undefined
      ? [[[...path, name], member] as [string[], Schema]]
      : leaves(member, [...path, name]),
  )

/** Sets one member of a configuration, deep. */
function withMember(config: unknown, path: readonly string[], value: unknown): object {
  const [name = '', ...rest] = path
  const object = (config ?? {}) as Record<string, unknown>
  return { ...object, [name]: rest.length === 0 ? value : withMember(object[name], rest, value) }
}

/** Whether any provider looks at what `call/settings.ts` hands on to it. */
function isForSomebody(): (member: string) => boolean {
  const providers = globSync('server/src/providers/*/*.ts', { cwd: root }).map(read).join('\n')
  return (member) => providers.includes(`.${member}`)
}

test('the README lists the settings of AgentConfig that have no effect', () => {
  const schema = aiAgentConfig as unknown as Schema
  const full = leaves(schema).reduce<object>(
    (config, [path, leaf]) => withMember(config, path, samples(leaf).at(-1)),
    {},
  )
  const bases = [sample(schema), full, {}]
  const isRead = isForSomebody()
  const unread = isRead('customParams') ? {} : { asrCustomParams: '' }
  const isIgnored = ([path, leaf]: [string[], Schema]): boolean =>
    bases.every((base) => {
      const made = samples(leaf).map((value) => {
        const settings = callSettings(JSON.stringify(withMember(base, path, value)))
        const style = Object.entries(settings.style).filter(([name]) => isRead(name))
        return JSON.stringify({ ...settings, ...unread, style })
      })
      return new Set(made).size === 1
    })
  const all = leaves(schema)
  // Obeyed where configurations are laid over each other; and by those who read what is given back.
  const elsewhere = new Set(['WorkflowOverrideParams', 'TtsConfig.VoiceIdList'])
  const ignored = all.filter((leaf) => isIgnored(leaf) && !elsewhere.has(leaf[0].join('.')))
  const inside = (structure: string, some: typeof all): number =>
    some.filter(([[first]]) => first === structure).length
  const names = ignored.map(([path]) => {
    const [first = ''] = path
    return inside(first, ignored) === inside(first, all) ? first : path.join('.')
  })
  const listed = codesOf(readme, '- **Settings of `AgentConfig`**').slice(1)
  assert.deepEqual(listed, [...new Set(names)])
})

test('the house has the rooms that its plan shows', () => {
  const rows = rowsOf(read('docs/architecture.md')).map(([folder = '']) => folder)
  const folders = rows.flatMap((cell) => /^`([a-z]+)\/`$/.exec(cell)?.[1] ?? [])
  assert.deepEqual(folders, Object.keys(LAYERS))
})

test('every dependency is accounted for, with its version', () => {
  const rows = rowsOf(read('docs/dependencies.md'))
  for (const path of ['', 'server/', 'sdk/', 'console/']) {
    const { dependencies, devDependencies } = JSON.parse(read(`${path}package.json`))
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      if (name.startsWith('antiphon')) continue
      const { version } = JSON.parse(read(`node_modules/${name}/package.json`))
      const [, documented] = rows.find(([cell]) => cell === `\`${name}\``) ?? []
      assert.equal(documented, version, name)
    }
  }
})

test('the channel document says which messages have an effect', () => {
  const numbers = { ...ServerMessage, ...ClientMessage }
  const call = globSync('server/src/call/*.ts', { cwd: root }).map(read).join('\n')
  const [, messages = ''] = read('docs/channels.md').split('\n## Messages\n')
  const rows = rowsOf(messages).filter(([type = '']) => /^1[01]\d\d$/.test(type))
  assert.deepEqual(
    rows.map(([type]) => Number(type)).sort(),
    Object.values(numbers).sort(),
    'the numbers',
  )
  for (const [name, number] of Object.entries(numbers)) {
    const isRefused = new RegExp(`Message\\.${name}\\]: '.* not supported`).test(call)
    const isUsed = !isRefused && new RegExp(`Message\\.${name}\\b`).test(call)
    const now = rows.find(([type]) => type === String(number))?.at(-1) ?? ''
    assert.equal(now !== '–', isUsed, `${number} ${name}: "${now}"`)
  }
})

test('every command that the documents name exists', () => {
  const { scripts } = JSON.parse(read('package.json'))
  for (const page of globSync(['*.md', 'docs/**/*.md', 'examples/*.md'], { cwd: root }))
    for (const [, name = ''] of read(page).matchAll(/\bnpm run ([\w:-]+)(?! --workspace)/g))
      assert.ok(name in scripts || name === 'build', `${page}: npm run ${name}`)
})

test('the release notes begin with this version', () => {
  const { version } = JSON.parse(read('server/package.json'))
  assert.match(read('CHANGELOG.md'), new RegExp(`^# [^\n]+\n+(?:[^#][^\n]*\n+)*## ${version}\\b`))
})

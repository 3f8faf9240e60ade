import type { TObject, TSchema } from 'typebox'
import { ERRORS, messageOf, statusOf, type ErrorCode } from '../schema/errors.ts'
import { OWN_VERSION, STS_VERSION, WIRE_VERSION } from '../schema/operation-names.ts'
import { STRUCTURES } from '../schema/structures.ts'
import { INT32_MAX } from '../schema/wire.ts'
import { COMMON_ERRORS, ownErrors, permissionOf } from './open-api.ts'
import type { Operation } from './operation.ts'

type Json = Readonly<Record<string, unknown>>

/** An operation of the API that antiphon speaks, as far as the coverage table needs it. */
export interface ReferenceOperation {
  readonly name: string
  readonly summary: string
  readonly parameters: readonly string[]
}

const GENERATED =
  '<!-- Made from the schemas by `npm run reference`; do not edit. `npm run check` compares. -->'

const PAGES: readonly (readonly [file: string, version: string, title: string, lead: string])[] = [
  [
    'calls.md',
    WIRE_VERSION,
    'Operations of the vendor’s API',
    'Exactly as in the ICE API: an official client works after changing its endpoint.',
  ],
  [
    'administration.md',
    OWN_VERSION,
    'Operations of antiphon',
    'What the vendor does in its console, and what its API lacks. Signed the same way.',
  ],
  ['sts.md', STS_VERSION, 'Operations for sessions of roles', 'As in the STS API.'],
]

/** The reference, page by page: file name and text. */
export function referencePages(
  operations: readonly Operation[],
  reference: readonly ReferenceOperation[],
): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', overview(operations, reference)],
    ...PAGES.map(([file, version, title, lead]) => {
      const own = operations.filter((entry) => entry.version === version)
      return [file, operationsPage({ title, lead, version, operations: own })] as const
    }),
    ['structures.md', structuresPage()],
    ['errors.md', errorsPage()],
  ])
}

function overview(
  operations: readonly Operation[],
  reference: readonly ReferenceOperation[],
): string {
  const rows = reference.map(({ name, summary, parameters }) => {
    const own = operations.find((entry) => entry.version === WIRE_VERSION && entry.name === name)
    if (own === undefined)
      return `| ${name} | ${cell(summary)} | no: \`InvalidAction.NotSupported\` |`
    const missing = parameters.filter((parameter) => !(parameter in own.input.properties))
    const state = missing.length === 0 ? 'yes' : `without ${missing.join(', ')}`
    return `| [${name}](calls.md#${name.toLowerCase()}) | ${cell(own.summary)} | ${state} |`
  })
  const ours = operations
    .filter((entry) => entry.version !== WIRE_VERSION)
    .map((entry) => {
      const file = PAGES.find(([, version]) => version === entry.version)?.[0] ?? ''
      return `| [${entry.name}](${file}#${entry.name.toLowerCase()}) | ${entry.version} | ${cell(entry.summary)} |`
    })
  return page([
    '# Reference',
    'The same as OpenAPI 3.1: `GET /openapi.json` of a running server. Structures: [structures.md](structures.md); ' +
      'errors: [errors.md](errors.md).',
    `## The vendor’s API, version ${WIRE_VERSION}`,
    table(['Operation', 'What it does', 'In antiphon'], rows),
    '## Beyond it',
    table(['Operation', 'Version', 'What it does'], ours),
  ])
}

function operationsPage(content: {
  readonly title: string
  readonly lead: string
  readonly version: string
  readonly operations: readonly Operation[]
}): string {
  return page([
    `# ${content.title}`,
    `${content.lead} \`Version\` is \`${content.version}\`. Besides its own errors, every operation can fail with ` +
      `those [that all have](errors.md#of-every-operation).`,
    ...content.operations.flatMap((entry) => {
      const codes = ownErrors(entry)
      return [
        `## ${entry.name}`,
        entry.summary,
        `Permission: \`${permissionOf(entry)}\`. Errors: ` +
          (codes.length === 0 ? 'none of its own.' : `${codes.map(code).join(', ')}.`),
        '**Parameters**',
        members(entry.input.properties, entry.input.required ?? []),
        '**Answer** (besides `RequestId`)',
        members(entry.output.properties, entry.output.required ?? []),
      ]
    }),
  ])
}

const structuresPage = (): string =>
  page([
    '# Structures',
    'Members are read leniently: numbers and truth values may be text, empty text counts as not given, unknown ' +
      'members are kept and given back.',
    ...Object.entries(STRUCTURES).flatMap(([name, schema]) => [
      `## ${name}`,
      members(schema.properties, schema.required ?? []),
    ]),
  ])

function errorsPage(): string {
  const row = (name: ErrorCode): string =>
    `| ${code(name)} | ${statusOf({ code: name })} | ${cell(messageOf({ code: name }))} |`
  return page([
    '# Errors',
    'A refusal is JSON (or XML) with `Code`, `Message`, `RequestId`, `HostId` and `Recommend`. ' +
      '`Missing<Name>` is a parameter that was not given, `Malformed<Name>` a time that is none.',
    '## Of every operation',
    table(['Code', 'HTTP status', 'Message'], COMMON_ERRORS.map(row)),
    '## All',
    table(['Code', 'HTTP status', 'Message'], (Object.keys(ERRORS) as ErrorCode[]).map(row)),
  ])
}

function members(
  properties: Readonly<Record<string, TSchema>>,
  required: readonly string[],
): string {
  const rows = memberRows(properties, required, '')
  if (rows.length === 0) return 'None.'
  return table(['Name (* must be given)', 'Type', ''], rows)
}

/** Members of a structure without a name of its own follow the member that it is. */
function memberRows(
  properties: Readonly<Record<string, TSchema>>,
  required: readonly string[],
  prefix: string,
): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const node = schema as Json
    const about = [node['description'] ?? '', bounds(node)].filter((text) => text !== '').join(' ')
    const isRequired = required.includes(name) && node['default'] === undefined
    const row = `| ${code(prefix + name)}${isRequired ? ' *' : ''} | ${typeOf(schema)} | ${cell(about)} |`
    const isList = node['type'] === 'array'
    const inner = (isList ? node['items'] : schema) as TSchema & Partial<TObject>
    if (inner.properties === undefined || nameOf(inner) !== undefined) return [row]
    const path = `${prefix}${name}${isList ? '[]' : ''}.`
    return [row, ...memberRows(inner.properties, inner.required ?? [], path)]
  })
}

const nameOf = (schema: TSchema): string | undefined =>
  Object.entries(STRUCTURES).find(
    ([, { properties }]) => properties === (schema as Json)['properties'],
  )?.[0]

function typeOf(schema: TSchema): string {
  const node = schema as Json
  const name = nameOf(schema)
  if (name !== undefined) return `[${name}](structures.md#${name.toLowerCase()})`
  if (node['type'] === 'array') return `list of ${typeOf(node['items'] as TSchema)}`
  if (node['contentMediaType'] !== undefined) return 'JSON text'
  if (node['format'] === 'date-time') return 'time'
  if (node['enum'] !== undefined || node['const'] !== undefined) return 'string'
  if (Array.isArray(node['anyOf'])) return typeOf(node['anyOf'].at(-1) as TSchema)
  return String(node['type'] ?? 'any')
}

/** What is allowed and what holds when nothing is given, in words. */
function bounds(node: Json): string {
  const parts: string[] = []
  const unit = node['x-unit'] === undefined ? '' : ` ${String(node['x-unit'])}`
  const choices = (node['enum'] as readonly unknown[] | undefined)?.filter((one) => one !== '')
  if (choices) parts.push(`One of ${choices.map((one) => `\`${String(one)}\``).join(', ')}.`)
  const ranges = ((node['anyOf'] as readonly Json[] | undefined) ?? [node])
    .map((one) => range(one))
    .filter((text) => text !== '')
  if (ranges.length > 0) parts.push(`${ranges.join(' or ').replace(/^f/, 'F')}${unit}.`)
  else if (unit !== '') parts.push(`In${unit}.`)
  const longest = node['maxLength'] ?? node['x-maxTrimmedLength']
  if (longest !== undefined) parts.push(`At most ${String(longest)} characters.`)
  if (node['maxItems'] !== undefined) parts.push(`At most ${String(node['maxItems'])}.`)
  if (node['default'] !== undefined) parts.push(`Default: \`${JSON.stringify(node['default'])}\`.`)
  return parts.join(' ')
}

function range(node: Json): string {
  const { minimum, maximum, const: only } = node
  if (typeof only === 'number') return String(only)
  if (minimum === undefined || maximum === undefined) return ''
  return [INT32_MAX, Number.MAX_SAFE_INTEGER].includes(Number(maximum))
    ? `from ${String(minimum)}`
    : `${String(minimum)} to ${String(maximum)}`
}

const code = (text: string): string => `\`${text}\``
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const page = (parts: readonly string[]): string => `${[GENERATED, ...parts].join('\n\n')}\n`

function table(head: readonly string[], rows: readonly string[]): string {
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows].join('\n')
}

import { fail, ok, type Result } from '../base/result.ts'
import { isObject, readBoolean, readInteger, readJsonText, readNumber, readTime } from './wire.ts'

/** The parts of JSON Schema that our structures use, and our own keywords. */
export interface SchemaNode {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly SchemaNode[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly default?: unknown
  readonly format?: string
  readonly contentMediaType?: string
  /** White space around the text does not count. */
  readonly 'x-trimmed'?: boolean
  /** `maxLength` of what is left then. */
  readonly 'x-maxTrimmedLength'?: number
  /** An empty parameter is a value, the empty text; elsewhere it counts as not given. */
  readonly 'x-mayBeEmpty'?: boolean
  /** No white space within the text. */
  readonly 'x-noBlanks'?: boolean
  /** Another name under which clients send the member. */
  readonly 'x-alias'?: string
}

/** What is wrong with a value: where, what is allowed there, and what came. */
export interface WireIssue {
  readonly path: string
  readonly allowed: string
  readonly got: string
}

/** Deeper structures than this are refused. */
export const DEPTH_LIMIT = 32
/** Longest part of a wrong value that an error message repeats. */
const SHOWN_LIMIT = 60

type Read = Result<unknown, WireIssue>
interface Place {
  readonly path: string
  readonly depth: number
}

/**
 * Brings a structure into the types of its schema, leniently: numbers and truth values may be text, an
 * object may be JSON text, one entry may stand for a list, null and negative numbers where none are
 * allowed count as not given, empty text passes everywhere, unknown members pass unchanged. `undefined`
 * means "not given".
 */
export function readStructure(schema: SchemaNode, value: unknown, path: string): Read {
  return readValue(schema, value, { path, depth: 0 })
}

function readValue(schema: SchemaNode, value: unknown, place: Place): Read {
  if (value === null || value === undefined) return ok(undefined)
  if (place.depth > DEPTH_LIMIT) return wrong(place.path, `at most ${DEPTH_LIMIT} levels`, 'more')
  if (schema.anyOf !== undefined || schema.type === 'integer' || schema.type === 'number') {
    return readNumeric(schema, value, place)
  }
  if (schema.type === 'object') return readObject(schema, value, place)
  if (schema.type === 'array') return readArray(schema, value, place)
  if (schema.type === 'boolean') {
    if (value === '') return ok(undefined)
    const flag = readBoolean(value)
    return flag === undefined ? mismatch(schema, value, place) : ok(flag)
  }
  if (schema.type === 'string' || schema.enum !== undefined) return readText(schema, value, place)
  return copy(value, place)
}

function readNumeric(schema: SchemaNode, value: unknown, place: Place): Read {
  if (value === '') return ok(undefined)
  const kinds = schema.anyOf ?? [schema]
  const isWhole = kinds.every((kind) => kind.type === 'integer' || Number.isInteger(kind.const))
  const number = isWhole ? readInteger(value) : readNumber(value)
  if (number === undefined) return mismatch(schema, value, place)
  if (kinds.some((kind) => fits(kind, number))) return ok(number)
  const isNeverNegative = kinds.every((kind) => Number(kind.const ?? kind.minimum ?? 0) >= 0)
  return number < 0 && isNeverNegative ? ok(undefined) : mismatch(schema, value, place)
}

const fits = (kind: SchemaNode, number: number): boolean =>
  kind.const === undefined
    ? number >= (kind.minimum ?? -Infinity) && number <= (kind.maximum ?? Infinity)
    : number === kind.const

function readText(schema: SchemaNode, value: unknown, place: Place): Read {
  let text: string
  if (typeof value === 'string') text = value
  else if (typeof value === 'number' || typeof value === 'boolean') text = String(value)
  else if (schema.contentMediaType === 'application/json') {
    const copied = copy(value, place)
    if (!copied.ok) return copied
    text = JSON.stringify(copied.value)
  } else return mismatch(schema, value, place)
  if (text === '') return ok(text)
  const counted = schema['x-trimmed'] === true ? text.trim() : text
  const isRight =
    (schema.enum === undefined || schema.enum.includes(text)) &&
    hasLength(schema, counted) &&
    !(schema['x-noBlanks'] === true && /\s/.test(text))
  return isRight ? ok(text) : mismatch(schema, text, place)
}

/** Lengths are in characters (code points), as people count them. */
function hasLength(schema: SchemaNode, text: string): boolean {
  const { minLength = 0, maxLength = schema['x-maxTrimmedLength'] ?? Infinity } = schema
  if (text.length < minLength) return false
  return text.length <= maxLength || [...text].length <= maxLength
}

function readArray(schema: SchemaNode, value: unknown, place: Place): Read {
  const list = asList(value)
  if (list === undefined) return value === '' ? ok(undefined) : mismatch(schema, value, place)
  if (list.length > (schema.maxItems ?? Infinity)) {
    return wrong(place.path, `at most ${schema.maxItems} entries`, String(list.length))
  }
  const items: unknown[] = []
  for (const [index, entry] of list.entries()) {
    const path = `${place.path}[${index}]`
    const item = schema.items ?? {}
    if (entry === '' && (item.minLength ?? 0) > 0) return mismatch(item, entry, { ...place, path })
    const read = readValue(item, entry, { path, depth: place.depth + 1 })
    if (!read.ok) return read
    if (read.value !== undefined) items.push(read.value)
    // What nobody knows may count its entries.
    else if (schema.items === UNKNOWN) items.push(null)
  }
  return ok(items)
}

function asList(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (isObject(value)) return [value]
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const parsed = readJsonText(value)
  if (!parsed.ok) return undefined
  return Array.isArray(parsed.value) || isObject(parsed.value) ? asList(parsed.value) : undefined
}

function readObject(schema: SchemaNode, value: unknown, place: Place): Read {
  if (typeof value === 'string' && value.trim() === '') return ok(undefined)
  const parsed = typeof value === 'string' ? readJsonText(value) : ok(value)
  if (!parsed.ok) return mismatch(schema, value, place)
  const given = parsed.value
  if (given === null || given === '') return ok(undefined)
  if (!isObject(given)) return mismatch(schema, value, place)
  const aliases = aliasesOf(schema)
  const result: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(given)) {
    if (key === '__proto__') continue
    const name = aliases.get(key) ?? key
    if (name !== key && Object.hasOwn(given, name)) continue
    const known = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : {}
    const path = place.path === '' ? name : `${place.path}.${name}`
    const read = readValue(known ?? {}, member, { path, depth: place.depth + 1 })
    if (!read.ok) return read
    if (read.value !== undefined) result[name] = read.value
  }
  return ok(result)
}

function aliasesOf(schema: SchemaNode): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>()
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const alias = member['x-alias']
    if (alias !== undefined) aliases.set(alias, name)
  }
  return aliases
}

const UNKNOWN: SchemaNode = {}

/** What no schema describes: kept as it came, but for what could harm. */
function copy(value: unknown, place: Place): Read {
  if (typeof value !== 'object') return ok(value)
  return Array.isArray(value)
    ? readArray({ items: UNKNOWN }, value, place)
    : readObject({ properties: {} }, value, place)
}

/** The first required member that a structure lacks; an empty text counts as lacking. */
export function firstLacking(schema: SchemaNode, value: unknown, path: string): string | undefined {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      const lacking = firstLacking(schema.items ?? {}, entry, `${path}[${index}]`)
      if (lacking !== undefined) return lacking
    }
    return undefined
  }
  if (!isObject(value)) return undefined
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name) || value[name] === undefined) return `${path}.${name}`
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (!Object.hasOwn(value, name)) continue
    const lacking = firstLacking(member, value[name], `${path}.${name}`)
    if (lacking !== undefined) return lacking
  }
  return undefined
}

const wrong = (path: string, allowed: string, got: string): Read => fail({ path, allowed, got })

const mismatch = (schema: SchemaNode, value: unknown, place: Place): Read =>
  wrong(place.path, describe(schema), show(value, schema))

/** What a schema allows, in words. */
export function describe(schema: SchemaNode): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(describe).join(' or ')
  if (schema.const !== undefined) return String(schema.const)
  if (schema.enum !== undefined) return schema.enum.filter((entry) => entry !== '').join(', ')
  if (schema.format === 'date-time') return 'an ISO 8601 time with a zone'
  if (schema.type === 'integer') return `integers${range(schema)}`
  if (schema.type === 'number') return `numbers${range(schema)}`
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'object') return 'a JSON object'
  if (schema.type === 'array') return 'a JSON list'
  return describeText(schema)
}

function describeText(schema: SchemaNode): string {
  const { minLength = 0, maxLength = schema['x-maxTrimmedLength'] } = schema
  const blanks = schema['x-noBlanks'] === true ? ' without blanks' : ''
  if (maxLength === undefined) return 'text'
  if (minLength > 0) return `text of ${minLength} to ${maxLength} characters${blanks}`
  return `text of at most ${maxLength} characters${blanks}`
}

function range(schema: SchemaNode): string {
  if (schema.minimum === undefined) return ''
  if (schema.maximum === undefined) return ` from ${schema.minimum}`
  return ` from ${schema.minimum} to ${schema.maximum}`
}

function show(value: unknown, schema: SchemaNode): string {
  if (typeof value === 'string' && schema.type === 'string' && schema.enum === undefined) {
    return `${[...value].length} characters`
  }
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  const shown = text.length > SHOWN_LIMIT ? `${text.slice(0, SHOWN_LIMIT)}…` : text
  return typeof value === 'string' ? `"${shown}"` : shown
}

export interface ParameterIssue extends WireIssue {
  readonly kind: 'missing' | 'malformed-time' | 'invalid'
}

/**
 * Reads the parameters of an operation. `get` gives a parameter's text, or a structure, or nothing. Empty
 * means not given; defaults are filled in; negative numbers are as wrong as others out of range.
 */
export function readParameters(
  schema: SchemaNode,
  get: (name: string) => unknown,
): Result<Record<string, unknown>, ParameterIssue> {
  const result: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const given = get(name)
    const isGiven = !isEmpty(given) || (given === '' && member['x-mayBeEmpty'] === true)
    const read = !isGiven ? ok(undefined) : readParameter(member, given, name)
    if (!read.ok) return read
    const value = read.value ?? member.default
    if (value !== undefined) result[name] = value
    else if (schema.required?.includes(name) === true) {
      return fail({ kind: 'missing', path: name, allowed: describe(member), got: 'nothing' })
    }
  }
  return ok(result)
}

const isEmpty = (given: unknown): boolean =>
  given === undefined || (typeof given === 'string' && given.trim() === '')

function readParameter(
  schema: SchemaNode,
  given: unknown,
  name: string,
): Result<unknown, ParameterIssue> {
  if (schema.format === 'date-time') {
    const ms = readTime(String(given))
    if (ms !== undefined) return ok(ms)
    const [allowed, got] = [describe(schema), show(given, {})]
    return fail({ kind: 'malformed-time', path: name, allowed, got })
  }
  const read = readStructure(schema, given, name)
  if (!read.ok) return fail({ kind: 'invalid', ...read.error })
  if (read.value === undefined && (schema.type === 'integer' || schema.anyOf !== undefined)) {
    return fail({ kind: 'invalid', path: name, allowed: describe(schema), got: show(given, {}) })
  }
  if (schema['x-trimmed'] === true && typeof read.value === 'string') return ok(read.value.trim())
  return read
}

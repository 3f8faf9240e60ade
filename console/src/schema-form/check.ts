import { choicesOf, kindOf, resolve, type ApiDescription, type Schema } from '../base/open-api.ts'

/** What is wrong with a value: where, and in words of the chosen language. */
export interface Issue {
  /** As `AsrConfig.AsrMaxSilence`, `FunctionMap[0].Function`; '' is the whole. */
  readonly path: string
  readonly kind: 'missing' | 'range' | 'length' | 'count' | 'choice' | 'number' | 'json' | 'type'
  /** The bounds, the choices: what is allowed. */
  readonly allowed: string
}

/** What of a value the server would refuse, without asking it. What is not given is never wrong, but where it must be. */
export function check(
  given: Schema,
  value: unknown,
  api: ApiDescription,
  path = '',
): readonly Issue[] {
  const schema = resolve(given, api)
  if (value === undefined || value === null || value === '') return []
  const issue = (kind: Issue['kind'], allowed: string): readonly Issue[] => [
    { path, kind, allowed },
  ]
  switch (kindOf(given, api)) {
    case 'flag':
      return typeof value === 'boolean' ? [] : issue('type', 'true, false')
    case 'choice': {
      const choices = choicesOf(schema)
      return choices.includes(String(value)) ? [] : issue('choice', choices.join(', '))
    }
    case 'number':
      return checkNumber(schema, value, path)
    case 'json':
      return typeof value === 'string' && !isJson(value) ? issue('json', 'JSON') : []
    case 'time':
    case 'text': {
      if (typeof value !== 'string') return issue('type', 'text')
      const longest = schema.maxLength ?? schema['x-maxTrimmedLength']
      return longest !== undefined && value.length > longest ? issue('length', `≤ ${longest}`) : []
    }
    case 'texts':
    case 'list':
      return checkList(schema, value, api, path)
    case 'structure':
      return checkStructure(schema, value, api, path)
  }
}

function checkNumber(schema: Schema, value: unknown, path: string): readonly Issue[] {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return [{ path, kind: 'number', allowed: rangeText(schema) }]
  const fits = (schema.anyOf ?? [schema]).some((one) => {
    if (one.const !== undefined) return value === one.const
    if (one.type === 'integer' && !Number.isInteger(value)) return false
    return value >= (one.minimum ?? -Infinity) && value <= (one.maximum ?? Infinity)
  })
  return fits ? [] : [{ path, kind: 'range', allowed: rangeText(schema) }]
}

function checkList(
  schema: Schema,
  value: unknown,
  api: ApiDescription,
  path: string,
): readonly Issue[] {
  if (!Array.isArray(value)) return [{ path, kind: 'type', allowed: 'list' }]
  const { items = {}, maxItems } = schema
  const own: readonly Issue[] =
    maxItems !== undefined && value.length > maxItems
      ? [{ path, kind: 'count', allowed: `≤ ${maxItems}` }]
      : []
  return [...own, ...value.flatMap((item, index) => check(items, item, api, `${path}[${index}]`))]
}

function checkStructure(
  schema: Schema,
  value: unknown,
  api: ApiDescription,
  path: string,
): readonly Issue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path, kind: 'type', allowed: 'object' }]
  const given = value as Readonly<Record<string, unknown>>
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
  const missing = (schema.required ?? [])
    .filter((name) => given[name] === undefined || given[name] === '')
    .filter((name) => schema.properties?.[name]?.default === undefined)
    .map((name): Issue => ({ path: at(name), kind: 'missing', allowed: '' }))
  return [
    ...missing,
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      check(member, given[name], api, at(name)),
    ),
  ]
}

/** `200–1200`, `0, 200–2000`. */
export function rangeText(schema: Schema): string {
  return (schema.anyOf ?? [schema])
    .map((one) => {
      if (one.const !== undefined) return String(one.const)
      const { minimum, maximum } = one
      if (minimum === undefined && maximum === undefined) return ''
      if (maximum === undefined || maximum >= 2 ** 31 - 1) return `≥ ${minimum ?? 0}`
      return `${minimum ?? ''}–${maximum}`
    })
    .filter((text) => text !== '')
    .join(', ')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A structure with one member changed; `undefined` removes it, and what is empty then goes too. */
export function withMember(
  value: Readonly<Record<string, unknown>>,
  name: string,
  member: unknown,
): Readonly<Record<string, unknown>> {
  const { [name]: _, ...rest } = value
  const isEmpty =
    typeof member === 'object' &&
    member !== null &&
    !Array.isArray(member) &&
    Object.keys(member).length === 0
  return member === undefined || isEmpty ? rest : { ...rest, [name]: member }
}

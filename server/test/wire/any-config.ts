import type { SchemaNode } from '../../src/schema/read.ts'
import { isObject } from '../../src/schema/wire.ts'

/** Draws configurations that are valid by their schema, at its bounds and between them; the same for the same chance. */
export class AnyConfig {
  readonly #chance: () => number

  constructor(chance: () => number) {
    this.#chance = chance
  }

  /** An object of that schema, with about so large a part of its members, and some that no schema has. */
  object(schema: SchemaNode, part: number): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      const isNeeded = schema.required?.includes(name) === true
      if (isNeeded || this.#chance() < part) result[name] = this.#member(name, member, part)
    }
    if (this.#chance() < 0.2) result[this.pick(UNKNOWN_NAMES)] = this.#unknown(3)
    return result
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#chance() * values.length)] as Value
  }

  #member(name: string, schema: SchemaNode, part: number): unknown {
    const rule = RULES[name]
    if (rule !== undefined) return rule(this)
    if (schema.anyOf !== undefined) return this.#number(this.pick(schema.anyOf))
    if (schema.enum !== undefined) return this.pick(schema.enum)
    switch (schema.type) {
      case 'object':
        return this.object(schema, part)
      case 'array':
        return this.#list(name, schema, part)
      case 'boolean':
        return this.#chance() < 0.5
      case 'integer':
      case 'number':
        return this.#number(schema)
      default:
        return this.#text(schema)
    }
  }

  #list(name: string, { items = {}, maxItems = 5 }: SchemaNode, part: number): unknown[] {
    const length = this.pick([0, 1, 2, this.#chance() < 0.05 ? maxItems : 3])
    return Array.from({ length: Math.min(length, maxItems) }, () => this.#member(name, items, part))
  }

  #number({ type, const: only, minimum = 0, maximum = 1000 }: SchemaNode): unknown {
    if (only !== undefined) return only
    const between = minimum + this.#chance() * (maximum - minimum)
    return this.pick([minimum, maximum, type === 'integer' ? Math.floor(between) : between])
  }

  #text(schema: SchemaNode): string {
    const { minLength = 0, maxLength = schema['x-maxTrimmedLength'] ?? 40 } = schema
    const length = this.pick([minLength, maxLength, Math.ceil(this.#chance() * maxLength)])
    const alphabet = schema['x-noBlanks'] === true ? DENSE : [...DENSE, ' ', '\n', '\u2028']
    const text = Array.from({ length }, () => this.pick(alphabet)).join('')
    return schema['x-trimmed'] === true && this.#chance() < 0.3 ? `${text}\n` : text
  }

  #unknown(depth: number): unknown {
    const kinds = depth > 0 ? 7 : 5
    switch (Math.floor(this.#chance() * kinds)) {
      case 0:
        return this.#chance() * 1e6
      case 1:
        return this.#chance() < 0.5
      case 2:
        return ''
      case 3:
      case 4:
        return this.#text({})
      case 5:
        return [this.#unknown(depth - 1), null, this.#unknown(depth - 1)]
      default:
        return { [this.pick(UNKNOWN_NAMES)]: this.#unknown(depth - 1) }
    }
  }
}

const DENSE = [...'aZ09_-"\\/<&%+=?{}[]:,', 'é', '你', '😀', '\u0001']
const UNKNOWN_NAMES = ['NewMember', 'constructor', 'toString', '7', 'a.b', 'ä', '']

/** Members of which not everything goes that their schema allows. */
const RULES: Readonly<Record<string, (any: AnyConfig) => unknown>> = {
  Tools: (any) =>
    ['one', 'two'].map((Name) => ({
      Name,
      Url: any.pick(['https://example.com/f', 'http://127.0.0.1:1/x?y=%20']),
      Method: any.pick(['GET', 'DELETE', '']),
      Headers: any.pick([{}, { Authorization: 'Bearer ${TOOL_KEY}' }]),
      Parameters: any.pick([{}, { type: 'object', properties: { a: { type: 'string' } } }]),
    })),
  // What a node says is laid under the rest, and shows there.
  WorkflowOverrideParams: (any) => any.pick(['', '{}', 'nonsense', '{"other":{"a":1}}']),
}

/** The same, as careless clients write it: numbers and truth values as text, structures as JSON text. */
export function careless(value: unknown, chance: () => number): unknown {
  if (Array.isArray(value)) return value.map((entry) => careless(entry, chance))
  if (!isObject(value)) {
    return chance() < 0.5 || typeof value === 'string' || value === null ? value : String(value)
  }
  const members = Object.entries(value).map(([name, member]) => [name, careless(member, chance)])
  return chance() < 0.3 ? JSON.stringify(Object.fromEntries(members)) : Object.fromEntries(members)
}

import type { TProperties } from 'typebox'

/** What a member is for, for everybody who sees the schema: the reference, the OpenAPI description, the console. */
export interface About {
  /** One or two sentences. */
  readonly text: string
  /** Of a number: `ms`, `s`, `%`, `characters`, `turns`, … */
  readonly unit?: string
  /** What holds when it is not given. */
  readonly default?: unknown
  /** A text that may well have several lines. */
  readonly isLong?: boolean
}

/** The members of a structure with their descriptions. A member without one is a type error. */
export function described<Members extends TProperties>(
  members: Members,
  about: { readonly [Name in keyof Members]: string | About },
): Members {
  const entries = Object.entries(members).map(([name, schema]) => {
    const said = about?.[name] ?? ''
    const {
      text,
      unit,
      default: byDefault,
      isLong,
    } = typeof said === 'string' ? { text: said } : (said as About)
    const options = { description: text, 'x-unit': unit, default: byDefault, 'x-multiline': isLong }
    return [name, withOptions(schema, options)]
  })
  return Object.fromEntries(entries) as Members
}

/** A copy, because several members may share a schema; with what TypeBox keeps out of sight. */
function withOptions(schema: object, options: Readonly<Record<string, unknown>>): object {
  const copy: object = Object.create(
    Object.getPrototypeOf(schema) as object,
    Object.getOwnPropertyDescriptors(schema),
  )
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) Object.assign(copy, { [name]: value })
  }
  return copy
}

import { kindOf, resolve, type ApiDescription, type Schema } from '../../base/open-api.ts'

export interface Difference {
  readonly path: string
  readonly value: unknown
  /** `undefined`: there is none. */
  readonly byDefault: unknown
}

/** Everything that a configuration sets to something else than what would hold anyway. */
export function differences(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  api: ApiDescription,
  path = '',
): readonly Difference[] {
  const { properties = {} } = resolve(schema, api)
  return Object.entries(value).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`
    const known = properties[name]
    if (member === '' || member === null || member === undefined) return []
    if (known !== undefined && kindOf(known, api) === 'structure' && typeof member === 'object')
      return differences(known, member as Readonly<Record<string, unknown>>, api, at)
    const byDefault = known && resolve(known, api).default
    return byDefault === member ? [] : [{ path: at, value: member, byDefault }]
  })
}

/** A value on one line. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

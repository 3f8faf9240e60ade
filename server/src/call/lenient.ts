/** Reads members of a configuration that has been checked before, or is older than the checks. */

export type Json = Readonly<Record<string, unknown>>

export function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

/** Objects may arrive as JSON text inside the JSON text. */
export function objectFrom(value: unknown): Json {
  const given = typeof value === 'string' ? parse(value) : value
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Json) : {}
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const raw = (value: unknown): string => (typeof value === 'string' ? value : '')
export const text = (value: unknown): string => raw(value).trim()
/** JSON text; official samples wrap it once more, as the text of a JSON string. */
export function jsonText(value: unknown): string {
  const given = text(value)
  const inner = given.startsWith('"') ? parse(given) : given
  return typeof inner === 'string' ? inner.trim() : given
}

export const texts = (value: unknown): readonly string[] => list(value).map(text).filter(Boolean)

/** Numbers may come as text; a negative one stands for "not given". */
export function number(value: unknown, otherwise: number): number {
  const given = signed(value, otherwise)
  return given < 0 ? otherwise : given
}

export function optionalNumber(value: unknown): number | undefined {
  const given = signed(value, -1)
  return given < 0 ? undefined : given
}

export function signed(value: unknown, otherwise: number): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : otherwise
  if (typeof value !== 'string' || value.trim() === '') return otherwise
  const given = Number(value)
  return Number.isFinite(given) ? given : otherwise
}

export function flag(value: unknown, otherwise: boolean): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'true') return true
  return value === 'false' ? false : otherwise
}

export const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value))

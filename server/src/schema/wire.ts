import { Type } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'

/** Parameters of the query and form: text that stands for an integer, a truth value, a time or JSON. */
export const wireInteger = (options: {
  readonly minimum: number
  readonly maximum: number
  readonly default: number
}) => Type.Integer(options)

/** A moment; its value after reading is ms since 1970. */
export const wireTime = Type.Unsafe<number>({ type: 'string', format: 'date-time' })

/** Numbers larger than any 32-bit count: the documented type of most integers is int32. */
export const INT32_MAX = 2 ** 31 - 1

/** An id or voice name: white space around it has no meaning, so it does not count in its length. */
export const wireId = (options: { readonly maxLength?: number } = {}) =>
  Type.String({
    'x-trimmed': true,
    ...(options.maxLength === undefined ? {} : { 'x-maxTrimmedLength': options.maxLength }),
  })

/** JSON text inside a string; an object is accepted in its place. */
export const wireJsonText = () => Type.String({ contentMediaType: 'application/json' })

export function readInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^\s*[+-]?\d+\s*$/.test(value)) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}

export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(value).trim().toLowerCase()
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return undefined
}

const TIME =
  /^(\d{4})(-?)(?:(\d\d)\2(\d\d)|(\d{3}))[T ](\d\d)(?:(:?)(\d\d)(?:\7(\d\d)(?:[.,](\d+))?)?)?(Z|[+\- ]\d\d(?::?\d\d)?)$/i

/**
 * Any ISO 8601 calendar or ordinal date with time and zone, extended or basic, to ms since 1970. A plus
 * sign before the zone may have been read as a blank on its way through the query.
 */
export function readTime(text: string): number | undefined {
  const found = TIME.exec(text.trim())
  if (found === null) return undefined
  const [, year, , month, day, ordinal, hour, , minute = '0', second = '0', fraction = ''] = found
  const zoneMinutes = readZone(found[11] ?? '')
  if (zoneMinutes === undefined || Number(minute) > 59 || Number(second) > 59) return undefined
  const isMidnight = Number(hour) === 24
  if (Number(hour) > 24 || (isMidnight && Number(minute + second + fraction) > 0)) return undefined
  const dayMs = dayStart(Number(year), month, day, ordinal)
  if (dayMs === undefined) return undefined
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const minutes = Number(hour) * 60 + Number(minute) - zoneMinutes
  return dayMs + minutes * 60_000 + Number(second) * 1000 + ms
}

function readZone(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0
  const digits = zone.slice(1).replace(':', '')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2) || '0')
  if (hours > 23 || minutes > 59) return undefined
  return (hours * 60 + minutes) * (zone.startsWith('-') ? -1 : 1)
}

/** The start of a day in UTC, or nothing when there is no such day. */
function dayStart(year: number, month = '01', day = '01', ordinal?: string): number | undefined {
  const date = new Date(0)
  const dayOfMonth = ordinal === undefined ? Number(day) : Number(ordinal)
  date.setUTCFullYear(year, Number(month) - 1, dayOfMonth)
  if (ordinal === undefined) {
    const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
    return isReal ? date.getTime() : undefined
  }
  return dayOfMonth > 0 && date.getUTCFullYear() === year ? date.getTime() : undefined
}

/** As GmtCreate is written: 2025-07-18T06:39:08.000+00:00. */
export const gmtTime = (wallMs: number): string =>
  new Date(wallMs).toISOString().replace('Z', '+00:00')

/** Reads JSON text, or JSON text within a JSON string, as official samples have it. */
export function readJsonText(text: string): Result<unknown, 'not JSON'> {
  try {
    const value: unknown = JSON.parse(text)
    return ok(typeof value === 'string' && value.trim() !== '' ? JSON.parse(value) : value)
  } catch {
    return fail('not JSON')
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

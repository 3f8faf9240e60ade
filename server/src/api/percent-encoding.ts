import { fail, ok, type Result } from '../base/result.ts'

export type Pair = readonly [name: string, value: string]

/** Most parameters that a request may have. */
export const PARAMETER_LIMIT = 10_000

/** The encoding of both signatures: all but letters, digits and `-_.~` as upper-case `%XX`. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Reads `name=value&…` of a query or form, in order. The error names what is wrong. */
export function decodePairs(text: string): Result<readonly Pair[], string> {
  const pairs: Pair[] = []
  if (text === '') return ok(pairs)
  const pieces = text.split('&', PARAMETER_LIMIT + 1)
  if (pieces.length > PARAMETER_LIMIT) return fail(`there are more than ${PARAMETER_LIMIT}`)
  for (const piece of pieces) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = decode(equals < 0 ? piece : piece.slice(0, equals))
    const value = decode(equals < 0 ? '' : piece.slice(equals + 1))
    if (name === undefined || value === undefined) {
      return fail('a percent escape is malformed or not UTF-8')
    }
    pairs.push([name, value])
  }
  return ok(pairs)
}

function decode(text: string): string | undefined {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced.toWellFormed()
  try {
    return decodeURIComponent(spaced).toWellFormed()
  } catch {
    return undefined
  }
}

/** `name=value` encoded, sorted by name and then value in byte order, joined by `&`. */
export function canonicalPairs(pairs: readonly Pair[]): string {
  const encoded = pairs.map(([name, value]): Pair => [percentEncode(name), percentEncode(value)])
  encoded.sort(([nameA, valueA], [nameB, valueB]) =>
    nameA === nameB ? compare(valueA, valueB) : compare(nameA, nameB),
  )
  return encoded.map(([name, value]) => `${name}=${value}`).join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

import { readFileSync } from 'node:fs'

export type Environment = Readonly<Record<string, string | undefined>>

/** Why a setting was refused; thrown by the readers below and caught in `readConfig` alone. */
export class WrongSetting extends Error {}

export function wrong(name: string, allowed: string, came: string): never {
  const short = came.length > 100 ? `${came.slice(0, 100)}…` : came
  throw new WrongSetting(`${name} must be ${allowed}; it is ${JSON.stringify(short)}.`)
}

export function readInteger(
  environment: Environment,
  name: string,
  range: { readonly least: number; readonly most: number },
): number | undefined {
  const text = environment[name]?.trim()
  if (text === undefined || text === '') return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.least && value <= range.most) return value
  return wrong(name, `a whole number from ${range.least} to ${range.most}`, text)
}

export function readChoice<const Choice extends string>(
  environment: Environment,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = environment[name]?.trim().toLowerCase()
  if (text === undefined || text === '') return undefined
  const choice = choices.find((candidate) => candidate === text)
  return choice ?? wrong(name, `one of ${choices.join(', ')}`, text)
}

export function readUrl(environment: Environment, name: string): URL | undefined {
  const text = environment[name]?.trim()
  if (text === undefined || text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  // What came may be a key in the wrong place, or hold one before an @.
  return wrong(name, 'an address that starts with http:// or https://', withoutLogin(text))
}

export const withoutLogin = (text: string): string => text.replace(/^(https?:\/\/)?.*@/i, '$1…@')
export const shown = (url: URL): string => withoutLogin(url.href)

/** Both of a pair of variables, or neither. Not trimmed: a secret may end in a blank. */
export function readPair(
  environment: Environment,
  first: string,
  second: string,
): readonly [string, string] | undefined {
  const values = [environment[first] || undefined, environment[second] || undefined] as const
  const [one, two] = values
  if (one !== undefined && two !== undefined) return [one, two]
  if (one === undefined && two === undefined) return undefined
  const [given, missing] = one === undefined ? [second, first] : [first, second]
  throw new WrongSetting(`${missing} must be set because ${given} is; set both or neither.`)
}

export function readPem(name: string, path: string, label: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new WrongSetting(`${name} must name a file that can be read: ${messageOf(error)}.`)
  }
  if (!text.includes(`${label}-----`)) wrong(name, `a PEM file with a ${label}`, path)
  return text
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)

import type { SchemaNode } from '../../src/schema/read.ts'
import type { Parameters } from './vendor-port.ts'

/** What has to go with a parameter, or with a value of it. */
export const ALONG: Readonly<Record<string, Parameters>> = {
  'Type=AudioUrl': { Text: 'https://example.com/sound.wav' },
  [`StartTime=${Number.MAX_SAFE_INTEGER}`]: { EndTime: String(Number.MAX_SAFE_INTEGER) },
  'EndTime=0': { StartTime: '0' },
  UserDataPath: { UserDataValue: '1' },
  UserDataValue: { UserDataPath: 'a' },
  TextBy: { Text: 'hello' },
}

/** Longest values of parameters that cannot be any text. */
const LONGEST: Readonly<Record<string, (length: number) => string>> = {
  CallbackUrl: (length) => 'https://example.com/'.padEnd(length, 'u'),
  Choice: (length) => '{"provider":"builtin"}'.padEnd(length),
  EventTypes: (length) => 'agent_stop'.padEnd(length, ','),
  Message: (length) => JSON.stringify('é'.repeat(length - 2)),
}
/** Made by the server, or tested with what they do: SearchAIAgentInstances, sounds. */
const NOT_ANY = ['NextToken', 'Content']

/** Values that a parameter can have, at its bounds. */
export function goodValues(name: string, schema: SchemaNode, action: string): readonly string[] {
  const { enum: choices, minimum, maximum, maxLength = schema['x-maxTrimmedLength'] } = schema
  if (NOT_ANY.includes(name)) return []
  // An agent keeps the type it was made with.
  if (action === 'UpdateAIAgent' && name === 'Type') return ['VoiceChat']
  if (choices !== undefined) return choices.map(String).filter((choice) => choice !== '')
  if (schema.type === 'boolean') return action === 'SetNotifyConfig' ? [] : ['true', 'false']
  if (schema.type === 'integer') return [minimum, maximum].flatMap((bound) => textOf(bound))
  if (schema.format === 'date-time') return ['2026-03-01T12:00:00Z']
  if (schema.type === 'object') return name === 'RuntimeConfig' ? [] : ['{}']
  if (schema.type === 'array') return [JSON.stringify(Array(schema.maxItems ?? 1).fill('x'))]
  if (maxLength === undefined) return []
  return [LONGEST[name]?.(maxLength) ?? 'u'.repeat(maxLength)]
}

/** Values just beyond them, and some that are nothing of the kind. */
export function badValues(schema: SchemaNode): readonly string[] {
  const { minimum, maximum, maxLength = schema['x-maxTrimmedLength'] ?? 0, maxItems } = schema
  if (schema.enum !== undefined) return ['Other', String(schema.enum[0]).toLowerCase() + ' ']
  if (schema.type === 'boolean') return ['maybe', '2']
  if (schema.type === 'integer') {
    const beyond = [
      ...(minimum === undefined ? [] : [String(minimum - 1)]),
      ...(maximum === undefined ? [] : [String(maximum + 1)]),
    ]
    return [...beyond, '7.5', 'many', '1e1']
  }
  if (schema.format === 'date-time') return ['yesterday', '2026-03-01', '2026-02-30T00:00:00Z']
  if (schema.type === 'object') return ['{"a"', '[1]', '7']
  if (schema.type === 'array') return [JSON.stringify(Array((maxItems ?? 0) + 1).fill('x')), '7']
  // Longer ones do not fit into a query: what is read from a form has tests of its own.
  return maxLength > 0 && maxLength < 10_000 ? ['u'.repeat(maxLength + 1)] : []
}

const textOf = (bound: number | undefined): readonly string[] =>
  bound === undefined ? [] : [String(bound)]

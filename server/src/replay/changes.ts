import { fail, ok, type Result } from '../base/result.ts'
import { ENGINE_FIELDS } from '../call/engine-fields.ts'
import { callSettings } from '../call/settings.ts'
import type { DialogueSettings } from '../dialogue/settings.ts'
import { aiAgentConfig } from '../schema/ai-agent-config.ts'
import type { Config } from '../schema/effective-config.ts'
import { readStructure } from '../schema/read.ts'

/** Another value for a member of the configuration, by its path (`AsrConfig.AsrMaxSilence`). */
export interface Change {
  readonly path: string
  readonly value: unknown
}

/** Reads `path=value`; the value is JSON, or else a text as it stands. */
export function parseChange(text: string): Result<Change, string> {
  const [, path = '', given = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (path === '')
    return fail(`“${text}” is no change; one is written AsrConfig.AsrMaxSilence=800.`)
  return ok({ path: path.trim(), value: jsonOrText(given.trim()) })
}

/** Checks that the engine obeys every changed member, and that its value is allowed. */
export function checkChanges(changes: readonly Change[]): Result<void, string> {
  for (const change of changes) {
    if (!isEngineField(change.path)) {
      return fail(
        `${change.path} cannot be changed in a replay: it is not obeyed by the dialogue engine itself, and what ` +
          `else it does cannot be told from a record. There are ${ENGINE_FIELDS.join(', ')}.`,
      )
    }
    const read = readStructure(aiAgentConfig, withChange({}, change), 'AgentConfig')
    // A member that lacks its companions is judged together with the recorded ones.
    if (!read.ok) {
      const { path, allowed, got } = read.error
      return fail(`${path.replace(/^AgentConfig\./, '')} must be ${allowed}; got ${got}.`)
    }
  }
  return ok(undefined)
}

const isEngineField = (path: string): boolean =>
  ENGINE_FIELDS.some((field) => path === field || path.startsWith(`${field}.`))

/** The recorded settings with the changes written in, wherever they make a difference. */
export function changedSettings(
  settings: DialogueSettings,
  config: Config,
  changes: readonly Change[],
): DialogueSettings {
  const before = membersOf(config)
  const after = membersOf(changes.reduce(withChange, config))
  const result: Record<string, unknown> = { ...settings }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) continue
    if (after[name] === undefined) delete result[name]
    else result[name] = after[name]
  }
  return result as unknown as DialogueSettings
}

const membersOf = (config: Config): Readonly<Record<string, unknown>> =>
  callSettings(JSON.stringify(config)).dialogue as unknown as Record<string, unknown>

/** What the configuration says at the path. */
export function valueAt(config: Config, path: string): unknown {
  let value: unknown = config
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined
  return value
}

function withChange(config: Config, { path, value }: Change): Config {
  const [name = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...config, [name]: value }
  const below = isObject(config[name]) ? config[name] : {}
  return { ...config, [name]: withChange(below, { path: rest.join('.'), value }) }
}

const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

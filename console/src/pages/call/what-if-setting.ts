import { resolve, type ApiDescription, type Schema } from '../../base/open-api.ts'
import type { Language } from '../../base/words.ts'
import { sentenceIn } from '../../schema-form/sentences.ts'

export type Config = Readonly<Record<string, unknown>>

/** A setting of the engine, as the form needs it. */
export interface Setting {
  /** `AsrConfig.AsrMaxSilence` */
  readonly path: string
  /** Its own name, the last of its path. */
  readonly member: string
  /** Of the section that it stands in. */
  readonly schema: Schema
  /** What the call had; `undefined` where it had the default. */
  readonly recorded: unknown
  readonly unit: string
}

/** `config`: what the call began with. */
export function settingOf(path: string, config: Config, api: ApiDescription): Setting {
  const [section = '', name] = path.split('.')
  const properties = api.structures['AIAgentConfig']?.properties ?? {}
  const schema = name === undefined ? { type: 'object', properties } : (properties[section] ?? {})
  const member = name ?? section
  const recorded = name === undefined ? config[section] : (config[section] as Config)?.[name]
  const unit = memberOf(schema, member, api)['x-unit'] ?? ''
  return { path, member, schema, recorded, unit }
}

const memberOf = (schema: Schema, member: string, api: ApiDescription): Schema =>
  resolve(resolve(schema, api).properties?.[member] ?? {}, api)

/** `AsrConfig.AsrMaxSilence: Silence that ends a sentence.` */
export function nameOf(path: string, api: ApiDescription, tongue: Language): string {
  const [section = '', name] = path.split('.')
  const whole: Schema = { $ref: '#/components/schemas/AIAgentConfig' }
  const first = memberOf(whole, section, api)
  const { description = '' } = name === undefined ? first : memberOf(first, name, api)
  return description === '' ? path : `${path}: ${sentenceIn(description, tongue)}`
}

import { ask, type Answer, type Body } from '../base/api.ts'
import type { Schema } from '../base/open-api.ts'

export type ProviderKind = 'asr' | 'llm' | 'tts' | 'vad'

export const KINDS: readonly ProviderKind[] = ['asr', 'llm', 'tts', 'vad']

/** A member of `Providers`: `{provider, …options}`. */
export type Choice = Readonly<Record<string, unknown>>

/** A provider that the server knows. */
export interface KnownProvider {
  readonly kind: ProviderKind
  readonly name: string
  readonly isDefault: boolean
  readonly isUsable: boolean
  readonly reason: string
  readonly anyLanguage: boolean
  readonly languages: readonly string[]
  readonly voices: readonly string[]
  /** Options that it takes; folders of models are offered as choices. */
  readonly options: Schema
  readonly folders: readonly { readonly name: string; readonly about: string }[]
}

export async function listProviders(): Promise<Answer<readonly KnownProvider[]>> {
  const answer = await ask({ action: 'ListProviders' })
  if (!answer.ok) return answer
  return { ok: true, value: (answer.value['Providers'] as readonly Body[]).map(readProvider) }
}

export function readProvider(body: Body): KnownProvider {
  const folders = ((body['Folders'] ?? []) as readonly Body[]).map((one) => ({
    name: String(one['Name']),
    about: String(one['About']),
  }))
  return {
    kind: body['Kind'] as ProviderKind,
    name: String(body['Provider']),
    isDefault: body['IsDefault'] === true,
    isUsable: body['IsUsable'] === true,
    reason: String(body['Reason'] ?? ''),
    anyLanguage: body['AnyLanguage'] === true,
    languages: (body['Languages'] ?? []) as readonly string[],
    voices: (body['Voices'] ?? []) as readonly string[],
    options: withFolders((body['Options'] ?? {}) as Schema, folders),
    folders,
  }
}

function withFolders(schema: Schema, folders: KnownProvider['folders']): Schema {
  const folder = schema.properties?.['folder']
  if (folder === undefined || folders.length === 0) return schema
  const choices = { ...folder, enum: folders.map(({ name }) => name) }
  return { ...schema, properties: { ...schema.properties, folder: choices } }
}

/** The options of a choice, without its name. */
export function optionsOf(choice: Choice): Choice {
  const { provider: _, ...options } = choice
  return options
}

/** Another provider of the kind, or the same with other options; what both know stays. */
export function withProvider(choice: Choice, { name, options }: KnownProvider): Choice {
  const known = Object.keys(options.properties ?? {})
  const kept = Object.entries(optionsOf(choice)).filter(([option]) => known.includes(option))
  return { provider: name, ...Object.fromEntries(kept) }
}

/** What a test of a provider has shown. */
export interface TestReport {
  readonly isWorking: boolean
  readonly problem?: string
  readonly warnings: readonly string[]
  readonly message: string
  readonly firstMs?: number
  readonly totalMs?: number
  readonly answer?: string
  readonly models: readonly string[]
}

export async function testProvider(
  kind: ProviderKind,
  choice: Choice | undefined,
): Promise<Answer<TestReport>> {
  const answer = await ask({ action: 'TestProvider', parameters: { Kind: kind, Choice: choice } })
  if (!answer.ok) return answer
  const body = answer.value
  return {
    ok: true,
    value: {
      isWorking: body['IsWorking'] === true,
      ...(typeof body['Problem'] === 'string' && { problem: body['Problem'] }),
      warnings: (body['Warnings'] ?? []) as readonly string[],
      message: String(body['Message'] ?? ''),
      ...(typeof body['FirstMs'] === 'number' && { firstMs: body['FirstMs'] }),
      ...(typeof body['TotalMs'] === 'number' && { totalMs: body['TotalMs'] }),
      ...(typeof body['Answer'] === 'string' && { answer: body['Answer'] }),
      models: (body['Models'] ?? []) as readonly string[],
    },
  }
}

import type { TSchema } from 'typebox'
import { PROVIDERS, type ProviderKind } from './providers.ts'

/** What the options of providers are for, by their names; the same name means the same everywhere. */
const ABOUT: Readonly<Record<string, readonly [text: string, unit?: string]>> = {
  apiKeyEnv: [
    'The environment variable of this server that holds the key. The key itself is never stored.',
  ],
  baseUrl: [
    'The address of the service, without the path of the operation; as http://127.0.0.1:11434/v1.',
  ],
  url: ['The address of your service.'],
  model: ['The name of the model.'],
  pluginRole: ['How messages of the role plugin are sent.'],
  sendAppParams: ['Whether LlmConfig.BailianAppParams are sent along.'],
  languages: ['What it recognises, as codes (en, zh), where that is not known.'],
  voices: ['Its voices, where they are not known; the first one is the default.'],
  voice: ['The voice, as the program names it: en-us, cmn.'],
  folder: ["The name of a folder in the server's models folder."],
  threads: ['Processor threads that it may use.'],
  sampleRateHz: ['Of the sound that comes back.', 'Hz'],
  instructions: ['How to speak, in words, for models that take such.'],
  instruction: ['How to speak, in words, for models that take such.'],
  workspace: ["DashScope's workspace, if not the default one."],
  vocabularyId: ["DashScope's vocabulary of hot words."],
  volume: ['Of the voice.'],
  pitch: ['Of the voice; 1 is its own.'],
  wordDelayMs: ['Between two words.', 'ms'],
  texts: ['What is heard, one after the other.'],
  partials: ['Whether text comes while somebody speaks.'],
  firstPartialMs: ['Until the first of it.', 'ms'],
  delayMs: ['Until the text is there.', 'ms'],
  replies: ['What is answered, one after the other.'],
  firstTokenMs: ['Until the first word.', 'ms'],
  tokenMs: ['Between two words.', 'ms'],
  echo: ['Whether it answers with what was said.'],
  msPerChar: ['How long a character sounds.', 'ms'],
  firstAudioMs: ['Until the first sound.', 'ms'],
  toneHz: ['The tone.', 'Hz'],
}

/** JSON Schema of the options of a provider, with what each is for. */
export function providerOptions(
  kind: ProviderKind,
  name: string,
): Readonly<Record<string, unknown>> {
  const known: Readonly<Record<string, { readonly options: TSchema }>> = PROVIDERS[kind]
  const schema = plain(known[name]?.options ?? {}) as {
    readonly properties?: Readonly<Record<string, object>>
  }
  const properties = Object.entries(schema.properties ?? {}).map(([option, member]) => {
    const [description, unit] = ABOUT[option] ?? []
    return [
      option,
      { ...member, ...(description && { description }), ...(unit && { 'x-unit': unit }) },
    ]
  })
  return { ...schema, properties: Object.fromEntries(properties) as object }
}

/** Options that have no words yet, for a test. */
export const undescribedOptions = (): readonly string[] =>
  (Object.keys(PROVIDERS) as ProviderKind[]).flatMap((kind) =>
    Object.keys(PROVIDERS[kind]).flatMap((name) => {
      const { properties = {} } = providerOptions(kind, name) as { readonly properties?: object }
      return Object.keys(properties).filter((option) => !Object.hasOwn(ABOUT, option))
    }),
  )

/** Without what TypeBox keeps beside the schema. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => !name.startsWith('~'))
  return Object.fromEntries(entries.map(([name, member]) => [name, plain(member)]))
}

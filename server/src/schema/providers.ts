import { fail, ok, type Result } from '../base/result.ts'

/**
 * The providers this server knows by name, and which languages each recognises. `Providers` of an agent is
 * JSON text `{asr, llm, tts, vad: {provider, …options}}`; what it leaves out is the server's choice.
 */
export const PROVIDERS = {
  asr: {
    moonshine: { languages: ['en'] },
    scripted: { languages: 'any' },
  },
  llm: {
    builtin: {},
    openai: {},
    scripted: {},
  },
  tts: {
    flite: {},
    scripted: {},
  },
  vad: {
    silero: {},
    energy: {},
  },
} as const

export type ProviderKind = keyof typeof PROVIDERS
export type ProviderChoice = { readonly provider: string } & Readonly<Record<string, unknown>>
/** `Providers` after parsing. */
export type ProvidersConfig = { readonly [Kind in ProviderKind]?: ProviderChoice }

/**
 * Reads `Providers` as it came over the wire or out of the store. The error is a sentence that names the
 * member and what is allowed.
 */
export function parseProviders(text: string): Result<ProvidersConfig, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail('Providers must be JSON text.')
  }
  if (!isObject(value)) return fail('Providers must be a JSON object.')
  for (const [kind, choice] of Object.entries(value)) {
    if (!Object.hasOwn(PROVIDERS, kind)) {
      return fail(`Providers.${kind} is not known; there are ${Object.keys(PROVIDERS).join(', ')}.`)
    }
    const known = Object.keys(PROVIDERS[kind as ProviderKind])
    const name = isObject(choice) ? choice['provider'] : undefined
    if (typeof name !== 'string' || !known.includes(name)) {
      return fail(`Providers.${kind}.provider must be one of ${known.join(', ')}.`)
    }
  }
  return ok(value as ProvidersConfig)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

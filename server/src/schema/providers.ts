import { Type, type Static, type TObject } from 'typebox'
import { Value } from 'typebox/value'
import { fail, ok, type Result } from '../base/result.ts'

const options = <Properties extends Parameters<typeof Type.Object>[0]>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })
const delayMs = (maximum: number) => Type.Optional(Type.Number({ minimum: 0, maximum }))
const text = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))
const texts = Type.Array(Type.String({ maxLength: 10_000 }), { maxItems: 1000 })

/**
 * The providers this server knows by name, the options of each, and which languages each recognises.
 * `Providers` of an agent is JSON text `{asr, llm, tts, vad: {provider, …options}}`; what it leaves out is
 * the server's choice.
 */
export const PROVIDERS = {
  asr: {
    /** Moonshine, English, in this process's own threads. */
    moonshine: {
      languages: ['en'],
      options: options({ model: Type.Optional(Type.Enum(['tiny', 'base'])) }),
    },
    /** Hears the given texts, one a sentence, whatever is said. For tests and trials. */
    scripted: {
      languages: 'any',
      options: options({
        texts: Type.Optional(texts),
        partials: Type.Optional(Type.Boolean()),
        firstPartialMs: delayMs(60_000),
        delayMs: delayMs(60_000),
      }),
    },
  },
  llm: {
    /** The small responder for when there is no language model. */
    builtin: { options: options({ wordDelayMs: delayMs(5000) }) },
    /** Any OpenAI-compatible chat endpoint. What is left out comes from the environment. */
    openai: {
      options: options({
        baseUrl: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2048 })),
        model: text(256),
        apiKeyEnv: Type.Optional(Type.String({ pattern: '^(?!ANTIPHON_)[A-Za-z_][A-Za-z0-9_]*$' })),
      }),
    },
    /** Answers with the given texts in turn, or with what was said. For tests and trials. */
    scripted: {
      options: options({
        replies: Type.Optional(texts),
        firstTokenMs: delayMs(60_000),
        tokenMs: delayMs(60_000),
        echo: Type.Optional(Type.Boolean()),
      }),
    },
  },
  tts: {
    /** Flite, English. */
    flite: { options: options({}) },
    /** A tone as long as the text. For tests and trials. */
    scripted: {
      options: options({
        msPerChar: delayMs(1000),
        firstAudioMs: delayMs(60_000),
        toneHz: Type.Optional(Type.Number({ minimum: 20, maximum: 8000 })),
      }),
    },
  },
  vad: {
    /** Silero v6 near speech, nothing in quiet. */
    silero: { options: options({}) },
    /** Loudness alone. */
    energy: { options: options({}) },
  },
} as const

export type ProviderKind = keyof typeof PROVIDERS
export type ProviderChoice = { readonly provider: string } & Readonly<Record<string, unknown>>
/** `Providers` after parsing. */
export type ProvidersConfig = { readonly [Kind in ProviderKind]?: ProviderChoice }

/** The options of a provider after {@link checkChoice}. */
export type ProviderOptions<
  Kind extends ProviderKind,
  Name extends keyof (typeof PROVIDERS)[Kind],
> = (typeof PROVIDERS)[Kind][Name] extends { readonly options: infer Options extends TObject }
  ? Static<Options>
  : never

export type ProviderNames = { readonly [Kind in ProviderKind]: string }

/** Who speaks, listens and thinks when an agent's `Providers` does not say. */
export function defaultProviders(setting: { readonly hasOpenAi: boolean }): ProviderNames {
  return {
    asr: 'moonshine',
    llm: setting.hasOpenAi ? 'openai' : 'builtin',
    tts: 'flite',
    vad: 'silero',
  }
}

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
    if (!isKind(kind)) {
      return fail(`Providers.${kind} is not known; there are ${Object.keys(PROVIDERS).join(', ')}.`)
    }
    const checked = checkChoice(kind, choice)
    if (!checked.ok) return checked
  }
  return ok(value as ProvidersConfig)
}

/** Checks one member of `Providers`: its name and its options. */
export function checkChoice(kind: ProviderKind, choice: unknown): Result<ProviderChoice, string> {
  const known: Readonly<Record<string, { readonly options: TObject }>> = PROVIDERS[kind]
  const name = isObject(choice) ? choice['provider'] : undefined
  const schema =
    typeof name === 'string' && Object.hasOwn(known, name) ? known[name]?.options : undefined
  if (!isObject(choice) || schema === undefined) {
    return fail(`Providers.${kind}.provider must be one of ${Object.keys(known).join(', ')}.`)
  }
  const { provider: _, ...rest } = choice
  const secret = Object.keys(rest).find(
    (key) => !Object.hasOwn(schema.properties, key) && SECRET.test(key),
  )
  if (secret !== undefined) return fail(secretMessage(`Providers.${kind}`, secret, schema))
  const issue = describeIssue(`Providers.${kind}`, schema, rest)
  return issue === undefined ? ok(choice as ProviderChoice) : fail(issue)
}

const SECRET = /key|secret|token|password|credential|authorization/i

function secretMessage(path: string, member: string, schema: TObject): string {
  const way = Object.hasOwn(schema.properties, 'apiKeyEnv')
    ? `put it into an environment variable of the server and its name into ${path}.apiKeyEnv`
    : 'this provider needs none'
  return `${path}.${member} is not allowed: secrets are not kept in an agent; ${way}.`
}

function describeIssue(path: string, schema: TObject, value: object): string | undefined {
  const issues = Value.Errors(schema, value)
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(schema.properties, key))
  if (unknown !== undefined) {
    const known = Object.keys(schema.properties)
    const hint = known.length === 0 ? 'it has no options' : `there are ${known.join(', ')}`
    return `${path}.${unknown} is not known to this provider; ${hint}.`
  }
  const [issue] = issues
  if (issue === undefined) return undefined
  const where = path + issue.instancePath.replaceAll('/', '.')
  if (where.endsWith('.apiKeyEnv')) {
    return `${where} must be the name of an environment variable that does not begin with ANTIPHON_.`
  }
  if (where.endsWith('.baseUrl')) return `${where} must be an http or https address.`
  if (issue.keyword === 'enum') {
    return `${where} must be one of ${issue.params.allowedValues.join(', ')}.`
  }
  return `${where} ${issue.message}.`
}

const isKind = (kind: string): kind is ProviderKind => Object.hasOwn(PROVIDERS, kind)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

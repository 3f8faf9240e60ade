import { Type, type Static, type TObject } from 'typebox'
import { Value } from 'typebox/value'
import { fail, ok, type Result } from '../base/result.ts'
import {
  DASHSCOPE_ASR_MODEL,
  dashScopeLanguages,
  languageIds,
  OPENAI_LANGUAGES,
  SELF_DEVELOPED_LANGUAGES,
} from './asr-languages.ts'

const options = <Properties extends Parameters<typeof Type.Object>[0]>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })
const delayMs = (maximum: number) => Type.Optional(Type.Number({ minimum: 0, maximum }))
const text = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))
const texts = Type.Array(Type.String({ maxLength: 10_000 }), { maxItems: 1000 })
const among = (minimum: number, maximum: number) => Type.Optional(Type.Number({ minimum, maximum }))
const names = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 500 }),
)
/** Codes of languages. */
const codes = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 16 }), { minItems: 1, maxItems: 500 }),
)
const address = {
  http: Type.String({
    pattern: '^https?://',
    maxLength: 2048,
    'x-allowed': 'an http or https address',
  }),
  socket: Type.String({ pattern: '^wss?://', maxLength: 2048, 'x-allowed': 'a ws or wss address' }),
}
/** The only way to a secret: an agent names the variable of the server that holds it. */
const apiKeyEnv = Type.Optional(
  Type.String({
    pattern: '^(?!ANTIPHON_)[A-Za-z_][A-Za-z0-9_]*$',
    'x-allowed':
      'the name of an environment variable that holds the key, not the key itself, and does not begin with ANTIPHON_',
  }),
)
/** A folder of the server's models folder; never a path, which would lead anywhere. */
const folder = Type.String({
  pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$',
  'x-allowed': "the name of a folder in the server's models folder",
})
const threads = Type.Optional(Type.Integer({ minimum: 1, maximum: 16 }))
const openAiEndpoint = { baseUrl: Type.Optional(address.http), model: text(256), apiKeyEnv }
const dashScopeEndpoint = {
  baseUrl: Type.Optional(address.socket),
  model: text(256),
  apiKeyEnv,
  workspace: text(128),
}

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
    /** `POST /audio/transcriptions` of the OpenAI protocol. */
    openai: {
      languages: languageIds(OPENAI_LANGUAGES),
      options: options({ ...openAiEndpoint, languages: codes }),
    },
    /** DashScope's realtime recognition over WebSocket. */
    dashscope: {
      languages: languageIds(dashScopeLanguages(DASHSCOPE_ASR_MODEL)),
      options: options({ ...dashScopeEndpoint, vocabularyId: text(128), languages: codes }),
    },
    /** A recogniser of one's own, behind the interface that the product documents for such. */
    selfdeveloped: {
      languages: languageIds(SELF_DEVELOPED_LANGUAGES),
      options: options({ url: address.socket, apiKeyEnv, languages: codes }),
    },
    /** A model folder of sherpa-onnx. Its languages are read where the folder is. */
    sherpa: { languages: 'any', options: options({ folder, languages: codes, threads }) },
  },
  llm: {
    /** The small responder for when there is no language model. */
    builtin: { options: options({ wordDelayMs: delayMs(5000) }) },
    /** Any OpenAI-compatible chat endpoint. What is left out comes from the environment. */
    openai: {
      options: options({
        ...openAiEndpoint,
        /** How messages of the role `plugin` are sent. Default: as `tool`. */
        pluginRole: Type.Optional(Type.Enum(['tool', 'plugin'])),
        /** Sends `LlmConfig.BailianAppParams` along. */
        sendAppParams: Type.Optional(Type.Boolean()),
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
    /** `POST /audio/speech` of the OpenAI protocol. */
    openai: {
      options: options({
        ...openAiEndpoint,
        voices: names,
        instructions: text(4096),
        sampleRateHz: among(8000, 48_000),
      }),
    },
    /** CosyVoice over DashScope's WebSocket. */
    dashscope: {
      options: options({
        ...dashScopeEndpoint,
        voices: names,
        volume: among(0, 100),
        pitch: among(0.5, 2),
        instruction: text(128),
      }),
    },
    /** A voice of one's own, behind the interface that the product documents for such. */
    selfdeveloped: {
      options: options({
        url: address.http,
        apiKeyEnv,
        voices: names,
        sampleRateHz: Type.Optional(
          Type.Union([
            Type.Literal(8000),
            Type.Literal(16_000),
            Type.Literal(24_000),
            Type.Literal(48_000),
          ]),
        ),
      }),
    },
    /** A voice in a model folder of sherpa-onnx. */
    sherpa: { options: options({ folder, threads }) },
    /** eSpeak NG, a program of its own that the operator installs. */
    espeak: { options: options({ voice: text(64) }) },
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

/**
 * Values of `AsrLanguageId` that a recogniser with these options knows. `'any'` for one that tells its languages
 * only where its model lies: there they are checked again.
 */
export function asrLanguages(choice: ProviderChoice): readonly string[] | 'any' {
  const known: Readonly<Record<string, { readonly languages: readonly string[] | 'any' }>> =
    PROVIDERS.asr
  const { provider, languages, model } = choice
  if (Array.isArray(languages)) return languageIds(languages.map(String))
  if (provider === 'dashscope' && typeof model === 'string') {
    return languageIds(dashScopeLanguages(model))
  }
  return Object.hasOwn(known, provider) ? (known[provider]?.languages ?? []) : []
}

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
  const [, member = ''] = issue.instancePath.split('/')
  const allowed: unknown = Reflect.get(schema.properties[member] ?? {}, 'x-allowed')
  if (typeof allowed === 'string') return `${where} must be ${allowed}.`
  if (issue.keyword === 'enum') {
    return `${where} must be one of ${issue.params.allowedValues.join(', ')}.`
  }
  return `${where} ${issue.message}.`
}

const isKind = (kind: string): kind is ProviderKind => Object.hasOwn(PROVIDERS, kind)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

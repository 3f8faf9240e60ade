import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { AsrProvider } from '../ports/asr.ts'
import type { LlmProvider } from '../ports/llm.ts'
import type { TtsProvider } from '../ports/tts.ts'
import type { VadProvider } from '../ports/vad.ts'
import {
  checkChoice,
  defaultProviders,
  type ProviderChoice,
  type ProviderKind,
  type ProviderNames,
  type ProviderOptions,
} from '../schema/providers.ts'
import { builtinLlm } from './builtin/builtin-llm.ts'
import { energyVad } from './energy/energy-vad.ts'
import { FliteTts } from './flite/flite-tts.ts'
import { moonshineAsr } from './moonshine/moonshine-asr.ts'
import { openAiLlm } from './openai/openai-llm.ts'
import {
  asrMakers,
  checked,
  ttsMakers,
  type Loadable,
  type Makers,
  type Making,
} from './protocol-makers.ts'
import { readEndpoint } from './provider-secrets.ts'
import { scriptedAsr } from './scripted/asr.ts'
import { scriptedLlm } from './scripted/llm.ts'
import { scriptedTts } from './scripted/tts.ts'
import { SileroVad } from './silero/silero-vad.ts'

export interface ProvidersOptions {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Where models may keep what they work out once. */
  readonly cacheFolder: string
  /** Where model folders lie that agents name. Default: `models` in that folder. */
  readonly modelsFolder?: string
  /** Where eSpeak NG is. Default: on the PATH. */
  readonly espeak?: string
  /** The server's language model, if its environment names one. */
  readonly openAi?: {
    readonly baseUrl?: string
    readonly apiKey?: string
    readonly model?: string
  }
  /** An environment variable: the only way to a secret that an agent's `Providers` names. */
  readonly environment: (name: string) => string | undefined
  /** Instead of the usual names. */
  readonly defaults?: Partial<ProviderNames>
}

export interface Providers {
  /** Who serves when a choice is left out. */
  readonly defaults: ProviderNames
  /** Loads the models of the defaults. Calls can be taken when it has settled well. */
  load(): Promise<Result<void, string>>
  /** The errors are sentences for whoever configured the agent. Ask once for each call. */
  asr(choice: ProviderChoice | undefined, languageId: string): Result<AsrProvider, string>
  llm(choice?: ProviderChoice): Result<LlmProvider, string>
  /** `languageId` is the call's, for voices that know many languages. */
  tts(choice?: ProviderChoice, languageId?: string): Result<TtsProvider, string>
  vad(choice?: ProviderChoice): Result<VadProvider, string>
  close(): void
}

export const OPENAI_BASE_URL = 'https://api.openai.com/v1'
export const OPENAI_MODEL = 'gpt-4o-mini'
/** Half the work of `base`, and no more errors on our recordings. */
const MOONSHINE_MODEL = 'tiny'

/** Of a call that names none, as in `call/settings.ts`. */
const LANGUAGE_ID = 'en'

/** Makes providers by name. Models are shared by all calls of the process, and loaded when first wanted. */
export function createProviders(options: ProvidersOptions): Providers {
  const { baseUrl, apiKey } = options.openAi ?? {}
  const hasOpenAi = baseUrl !== undefined || apiKey !== undefined
  const defaults = { ...defaultProviders({ hasOpenAi }), ...options.defaults }
  const models = new Map<string, Loadable>()
  const makers = makersOf(options, models)

  /** Checks a choice, or takes the default, and makes it. */
  const make = <Provider>(
    kind: ProviderKind,
    choice: ProviderChoice | undefined,
    known: Makers<Provider>,
    languageId = LANGUAGE_ID,
  ): Result<Provider, string> => {
    const checked = checkChoice(kind, choice ?? { provider: defaults[kind] })
    if (!checked.ok) return checked
    const maker = known[checked.value.provider]
    return maker === undefined
      ? fail(`Providers.${kind} cannot be made.`)
      : maker(checked.value, languageId)
  }
  const asr = (choice: ProviderChoice | undefined, languageId: string) => {
    const made = make('asr', choice, makers.asr, languageId)
    const isWrong = made.ok && !recognises(made.value, languageId)
    return isWrong ? fail(languageMessage(made.value, languageId)) : made
  }
  const llm = (choice?: ProviderChoice) => make('llm', choice, makers.llm)
  const tts = (choice?: ProviderChoice, languageId?: string) =>
    make('tts', choice, makers.tts, languageId)
  const vad = (choice?: ProviderChoice) => make('vad', choice, makers.vad)
  return {
    defaults,
    asr,
    llm,
    tts,
    vad,
    async load() {
      for (const made of [make('asr', undefined, makers.asr), llm(), tts(), vad()])
        if (!made.ok) return made
      const loaded = await Promise.all([...models.values()].map((model) => model.load()))
      return loaded.find((result) => !result.ok) ?? ok(undefined)
    },
    close() {
      for (const model of models.values()) model.close()
    },
  }
}

/** How each provider is made. Keeps what is shared in `models`. */
function makersOf(options: ProvidersOptions, models: Map<string, Loadable>) {
  const { clock, log, cacheFolder } = options
  const sharedIf: Making['shared'] = <Model extends Loadable>(
    key: string,
    make: () => Result<Model, string>,
  ) => {
    const known = models.get(key) as Model | undefined
    const made = known === undefined ? make() : ok(known)
    if (made.ok) models.set(key, made.value)
    return made
  }
  const shared = <Model extends Loadable>(key: string, make: () => Model) =>
    sharedIf(key, () => ok(make()))
  const making: Making = {
    clock,
    ids: options.ids,
    log,
    environment: options.environment,
    openAi: { baseUrl: OPENAI_BASE_URL, ...options.openAi },
    modelsFolder: options.modelsFolder ?? join(cacheFolder, 'models'),
    espeak: options.espeak,
    shared: sharedIf,
  }
  const asr: Makers<AsrProvider> = {
    moonshine: (choice) => {
      const { model = MOONSHINE_MODEL } = checked<ProviderOptions<'asr', 'moonshine'>>(choice)
      const make = () => moonshineAsr({ clock, log, model, cacheFolder })
      return shared(`moonshine ${model}`, make)
    },
    scripted: (choice) =>
      ok(scriptedAsr(clock, checked<ProviderOptions<'asr', 'scripted'>>(choice))),
    ...asrMakers(making),
  }
  const llm: Makers<LlmProvider> = {
    builtin: (choice) => ok(builtinLlm(clock, checked<ProviderOptions<'llm', 'builtin'>>(choice))),
    openai: (choice) => openAi(options, checked<ProviderOptions<'llm', 'openai'>>(choice)),
    scripted: (choice) =>
      ok(scriptedLlm(clock, checked<ProviderOptions<'llm', 'scripted'>>(choice))),
  }
  const tts: Makers<TtsProvider> = {
    flite: () => shared('flite', () => new FliteTts({ clock, log })),
    scripted: (choice) =>
      ok(scriptedTts(clock, checked<ProviderOptions<'tts', 'scripted'>>(choice))),
    ...ttsMakers(making),
  }
  const vad: Makers<VadProvider> = {
    silero: () => shared('silero', () => new SileroVad({ log })),
    energy: () => ok(energyVad()),
  }
  return { asr, llm, tts, vad }
}

const recognises = ({ languages }: AsrProvider, languageId: string): boolean =>
  languages === 'any' || languages.includes(languageId)

function languageMessage({ name, languages }: AsrProvider, languageId: string): string {
  const known = languages === 'any' ? 'any language' : languages.join(', ')
  return (
    `AsrConfig.AsrLanguageId ${languageId} is not recognised by the speech recogniser ${name}, which ` +
    `knows ${known}. Choose one of these, or name a recogniser for ${languageId} in Providers.asr: openai, ` +
    'dashscope, a self-developed one, or a model folder of sherpa-onnx (npx antiphon models list).'
  )
}

function openAi(
  { clock, openAi: server = {}, environment }: ProvidersOptions,
  choice: ProviderOptions<'llm', 'openai'>,
): Result<LlmProvider, string> {
  const usual = { baseUrl: OPENAI_BASE_URL, ...server }
  const endpoint = readEndpoint('Providers.llm', choice, usual, environment)
  if (!endpoint.ok) return endpoint
  const { baseUrl, apiKey } = endpoint.value
  const model = choice.model ?? server.model ?? OPENAI_MODEL
  const how = {
    keepsPluginRole: choice.pluginRole === 'plugin',
    sendsAppParams: choice.sendAppParams === true,
  }
  return ok(openAiLlm({ clock, baseUrl, model, apiKey, how }))
}

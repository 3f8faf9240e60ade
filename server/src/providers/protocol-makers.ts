import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { AsrProvider } from '../ports/asr.ts'
import type { TtsProvider } from '../ports/tts.ts'
import type { ProviderChoice, ProviderOptions } from '../schema/providers.ts'
import { dashScopeAsr } from './dashscope/dashscope-asr.ts'
import { DashScopeTts } from './dashscope/dashscope-tts.ts'
import { findEspeak, type EspeakProgram } from './espeak/espeak-program.ts'
import { espeakTts } from './espeak/espeak-tts.ts'
import { openAiSpeech } from './openai/openai-speech.ts'
import { openAiTranscription } from './openai/openai-transcription.ts'
import { readApiKey, readEndpoint, type ReadVariable } from './provider-secrets.ts'
import { ownStt } from './self-developed/stt.ts'
import { ownTts } from './self-developed/tts.ts'
import { readModelFolder } from './sherpa/model-folder.ts'
import { sherpaAsr } from './sherpa/sherpa-asr.ts'
import { sherpaTts } from './sherpa/sherpa-tts.ts'

/** A provider that holds something for all calls. */
export interface Loadable {
  load(): Promise<Result<void, string>>
  close(): void
}

/** What a maker may use. */
export interface Making {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly environment: ReadVariable
  /** The server's OpenAI-compatible endpoint. */
  readonly openAi: { readonly baseUrl: string; readonly apiKey?: string | undefined }
  readonly modelsFolder: string
  /** Where eSpeak NG is, if the operator says so. */
  readonly espeak: string | undefined
  /** What was made under this key before, or is made now. */
  readonly shared: <Model extends Loadable>(
    key: string,
    make: () => Result<Model, string>,
  ) => Result<Model, string>
}

/** Makes a provider of a checked choice, for a call in the language. */
export type Maker<Provider> = (
  choice: ProviderChoice,
  languageId: string,
) => Result<Provider, string>
export type Makers<Provider> = Readonly<Record<string, Maker<Provider>>>

/** The schema has checked the options under this name. */
export const checked = <Options>(choice: ProviderChoice): Options => choice as unknown as Options

const DASHSCOPE_URL = 'wss://dashscope.aliyuncs.com/api-ws/v1/inference'
const TRANSCRIPTION_MODEL = 'gpt-4o-mini-transcribe'
const SPEECH_MODEL = 'gpt-4o-mini-tts'

/** Recognisers by protocol. */
export function asrMakers(making: Making): Makers<AsrProvider> {
  const { clock, ids, log, environment, openAi, shared, modelsFolder } = making
  return {
    openai: (choice) => {
      const options = checked<ProviderOptions<'asr', 'openai'>>(choice)
      const endpoint = readEndpoint('Providers.asr', options, openAi, environment)
      if (!endpoint.ok) return endpoint
      const { model = TRANSCRIPTION_MODEL, languages } = options
      return ok(
        openAiTranscription({ clock, model, ...endpoint.value, ...(languages && { languages }) }),
      )
    },
    dashscope: (choice) => {
      const options = checked<ProviderOptions<'asr', 'dashscope'>>(choice)
      const access = dashScopeEndpoint('Providers.asr', options, environment)
      if (!access.ok) return access
      return ok(dashScopeAsr({ clock, ids, ...without(options), ...access.value }))
    },
    selfdeveloped: (choice) => {
      const { url, languages, ...rest } = checked<ProviderOptions<'asr', 'selfdeveloped'>>(choice)
      const key = readApiKey('Providers.asr', rest, environment)
      if (!key.ok) return key
      if (!URL.canParse(url)) return fail('Providers.asr.url must be a ws or wss address.')
      const apiKey = key.value
      return ok(
        ownStt({ clock, ids, url, ...(apiKey && { apiKey }), ...(languages && { languages }) }),
      )
    },
    sherpa: (choice, languageId) => {
      const options = checked<ProviderOptions<'asr', 'sherpa'>>(choice)
      const key = `sherpa asr ${JSON.stringify(options)} ${languageId}`
      return shared(key, () => {
        const model = readModelFolder(join(modelsFolder, options.folder))
        if (!model.ok) return fail(`Providers.asr.folder: ${model.error}`)
        const { languages, threads } = options
        return sherpaAsr({
          clock,
          log,
          model: model.value,
          languageId,
          ...(languages && { languages }),
          ...(threads && { threads }),
        })
      })
    },
  }
}

/** Voices by protocol. */
export function ttsMakers(making: Making): Makers<TtsProvider> {
  const { clock, ids, log, environment, openAi, shared, modelsFolder } = making
  let espeak: EspeakProgram | undefined
  return {
    openai: (choice) => {
      const options = checked<ProviderOptions<'tts', 'openai'>>(choice)
      const endpoint = readEndpoint('Providers.tts', options, openAi, environment)
      if (!endpoint.ok) return endpoint
      const { model = SPEECH_MODEL } = options
      return ok(openAiSpeech({ clock, ...without(options), model, ...endpoint.value }))
    },
    dashscope: (choice) => {
      const options = checked<ProviderOptions<'tts', 'dashscope'>>(choice)
      const access = dashScopeEndpoint('Providers.tts', options, environment)
      if (!access.ok) return access
      // The key may have been changed in the environment of a test; the choice has only its name.
      return shared(`dashscope tts ${JSON.stringify(options)}`, () =>
        ok(new DashScopeTts({ clock, ids, ...without(options), ...access.value })),
      )
    },
    selfdeveloped: (choice) => {
      const { url, ...rest } = checked<ProviderOptions<'tts', 'selfdeveloped'>>(choice)
      const key = readApiKey('Providers.tts', rest, environment)
      if (!key.ok) return key
      if (!URL.canParse(url)) return fail('Providers.tts.url must be an http or https address.')
      const { voices, sampleRateHz } = rest
      return ok(
        ownTts({
          clock,
          url,
          ...(key.value !== undefined && { token: key.value }),
          ...(voices && { voices }),
          ...(sampleRateHz && { sampleRateHz }),
        }),
      )
    },
    sherpa: (choice) => {
      const options = checked<ProviderOptions<'tts', 'sherpa'>>(choice)
      return shared(`sherpa tts ${JSON.stringify(options)}`, () => {
        const model = readModelFolder(join(modelsFolder, options.folder))
        if (!model.ok) return fail(`Providers.tts.folder: ${model.error}`)
        const { threads } = options
        return sherpaTts({ clock, log, model: model.value, ...(threads && { threads }) })
      })
    },
    espeak: (choice, languageId) => {
      const { voice } = checked<ProviderOptions<'tts', 'espeak'>>(choice)
      if (espeak === undefined) {
        const found = findEspeak(making.espeak, environment)
        if (!found.ok) return fail(`Providers.tts: ${found.error}`)
        espeak = found.value
      }
      return espeakTts({ clock, program: espeak, languageId, ...(voice && { voice }) })
    },
  }
}

/** The vendor's own address takes the vendor's own variable; another address needs a key of its own. */
function dashScopeEndpoint(
  path: string,
  choice: { readonly baseUrl?: string | undefined; readonly apiKeyEnv?: string | undefined },
  environment: ReadVariable,
): Result<{ readonly url: string; readonly apiKey?: string }, string> {
  const server = {
    baseUrl: DASHSCOPE_URL,
    apiKey: environment('DASHSCOPE_API_KEY')?.trim() || undefined,
  }
  const endpoint = readEndpoint(path, choice, server, environment)
  if (!endpoint.ok) return endpoint
  const { baseUrl, apiKey } = endpoint.value
  if (baseUrl === DASHSCOPE_URL && apiKey === undefined) {
    return fail(
      `${path} needs a key of DashScope: set DASHSCOPE_API_KEY on this server, or another variable and its ` +
        `name in ${path}.apiKeyEnv.`,
    )
  }
  return ok({ url: baseUrl, ...(apiKey !== undefined && { apiKey }) })
}

/** Options without what was used up on the way to the endpoint. */
function without<Options extends object>(
  options: Options,
): Omit<Options, 'baseUrl' | 'apiKeyEnv' | 'provider'> {
  const kept = Object.entries(options).filter(
    ([name]) => !['baseUrl', 'apiKeyEnv', 'provider'].includes(name),
  )
  return Object.fromEntries(kept) as Omit<Options, 'baseUrl' | 'apiKeyEnv' | 'provider'>
}

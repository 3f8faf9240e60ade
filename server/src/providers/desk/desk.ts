import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../base/result.ts'
import type {
  KnownProvider,
  ProviderDesk,
  TestedKind,
  TestReport,
} from '../../ports/provider-desk.ts'
import {
  asrLanguages,
  checkChoice,
  PROVIDERS,
  type ProviderChoice,
  type ProviderKind,
  type ProviderOptions,
} from '../../schema/providers.ts'
import { findEspeak, type EspeakProgram } from '../espeak/espeak-program.ts'
import { checked } from '../protocol-makers.ts'
import { memberOf } from '../provider-http.ts'
import { readEndpoint } from '../provider-secrets.ts'
import {
  createProviders,
  OPENAI_BASE_URL,
  OPENAI_MODEL,
  type ProvidersOptions,
} from '../registry.ts'
import { readModelFolder, type FolderModel } from '../sherpa/model-folder.ts'
import { probeChat } from './chat-probe.ts'
import { choiceProblem } from './problems.ts'
import { probeModel, probeRecogniser, probeVoice, type Asked } from './speech-probe.ts'

/** How long what was found on the disk is believed. */
const LOOK_AGAIN_MS = 10_000
/** Tests at a time. */
const TESTS_LIMIT = 16
const FOLDERS_LIMIT = 200
/** These run in the media workers, which would not have started without their defaults. */
const IN_WORKERS: readonly string[] = ['moonshine', 'flite', 'silero', 'energy', 'sherpa']

interface Found {
  readonly atMs: number
  readonly folders: readonly (FolderModel & { readonly name: string })[]
  readonly espeak: Result<EspeakProgram, string>
}

/** What this server knows of providers by name. It loads no model: those live in the media workers. */
export function createProviderDesk(options: ProvidersOptions): ProviderDesk {
  return new Desk(options)
}

class Desk implements ProviderDesk {
  readonly #options: ProvidersOptions
  readonly #defaults: Readonly<Record<ProviderKind, string>>
  #found: Found | undefined
  #tests = 0

  constructor(options: ProvidersOptions) {
    this.#options = options
    this.#defaults = createProviders(options).defaults
  }

  async list(): Promise<readonly KnownProvider[]> {
    const found = this.#look()
    return (Object.keys(PROVIDERS) as ProviderKind[]).flatMap((kind) =>
      Object.keys(PROVIDERS[kind]).map((name) => this.#known(kind, name, found)),
    )
  }

  async test(kind: TestedKind, given: ProviderChoice | undefined): Promise<TestReport> {
    const choice = checkChoice(kind, given ?? { provider: this.#defaults[kind] })
    if (!choice.ok) return choiceProblem(choice.error)
    if (this.#tests >= TESTS_LIMIT) {
      const message = 'Too many tests are under way: try again.'
      return { problem: 'quota', message, warnings: [] }
    }
    this.#tests += 1
    try {
      return await this.#test(kind, choice.value)
    } finally {
      this.#tests -= 1
    }
  }

  async #test(kind: TestedKind, choice: ProviderChoice): Promise<TestReport> {
    const { clock } = this.#options
    if (IN_WORKERS.includes(choice.provider)) return this.#testLocal(kind, choice)
    if (kind === 'llm' && choice.provider === 'openai') {
      const endpoint = this.#chatEndpoint(choice)
      return endpoint.ok ? probeChat(endpoint.value, clock) : choiceProblem(endpoint.error)
    }
    const asked = this.#askedOf(choice)
    // Made anew for each test: keys may have changed, and nothing stays open.
    const providers = createProviders(this.#options)
    try {
      if (kind === 'llm') {
        const llm = providers.llm(choice)
        return llm.ok ? await probeModel(llm.value, clock, asked) : choiceProblem(llm.error)
      }
      if (kind === 'tts') {
        const tts = providers.tts(choice)
        return tts.ok ? await probeVoice(tts.value, clock, asked) : choiceProblem(tts.error)
      }
      const languages = asrLanguages(choice)
      const isEnglish = languages === 'any' || languages.includes('en')
      const asr = providers.asr(choice, isEnglish ? 'en' : (languages[0] ?? 'en'))
      return asr.ok ? await probeRecogniser(asr.value, clock, asked) : choiceProblem(asr.error)
    } finally {
      providers.close()
    }
  }

  /** It cannot be asked here: what can be known without loading it is told. */
  #testLocal(kind: TestedKind, choice: ProviderChoice): TestReport {
    if (choice.provider !== 'sherpa') {
      const message = 'It is a part of this server and runs in its media workers.'
      return { message, warnings: [] }
    }
    const name = String(choice['folder'])
    const model = readModelFolder(join(this.#modelsFolder(), name))
    if (!model.ok) return choiceProblem(`Providers.${kind}.folder: ${model.error}`)
    if (model.value.use !== kind) {
      return choiceProblem(`Providers.${kind}.folder: ${name} holds ${about(model.value)}.`)
    }
    const message = `The folder ${name} holds ${about(model.value)}. It is loaded with the first call that uses it.`
    return { message, warnings: ['untested'] }
  }

  #chatEndpoint(choice: ProviderChoice) {
    const { openAi = {}, environment } = this.#options
    const server = { baseUrl: OPENAI_BASE_URL, ...openAi }
    const options = checked<ProviderOptions<'llm', 'openai'>>(choice)
    const endpoint = readEndpoint('Providers.llm', options, server, environment)
    if (!endpoint.ok) return endpoint
    return ok({ ...endpoint.value, model: options.model ?? openAi.model ?? OPENAI_MODEL })
  }

  #askedOf(choice: ProviderChoice): Asked {
    const { openAi = {}, environment } = this.#options
    const isOpenAi = choice.provider === 'openai'
    const address = String(
      choice['baseUrl'] ??
        choice['url'] ??
        (isOpenAi ? (openAi.baseUrl ?? OPENAI_BASE_URL) : 'https://dashscope.aliyuncs.com'),
    )
    const hasServersKey = isOpenAi
      ? openAi.apiKey !== undefined && choice['baseUrl'] === undefined
      : environment('DASHSCOPE_API_KEY') !== undefined
    const host = URL.canParse(address) ? new URL(address).host : address
    return { host, hasKey: choice['apiKeyEnv'] !== undefined || hasServersKey }
  }

  #known(kind: ProviderKind, name: string, found: Found): KnownProvider {
    const isDefault = this.#defaults[kind] === name
    const usable = this.#usable(kind, name, found)
    const languages = kind === 'asr' ? { languages: asrLanguages({ provider: name }) } : {}
    const voices = kind === 'tts' ? this.#voicesOf(name, found) : undefined
    const folders = found.folders
      .filter(({ use }) => name === 'sherpa' && use === kind)
      .map((model) => ({ name: model.name, about: about(model) }))
    return {
      kind,
      name,
      isDefault,
      isUsable: usable.ok,
      ...(!usable.ok && { reason: usable.error }),
      ...languages,
      ...(voices && { voices }),
      ...(folders.length > 0 && { folders }),
    }
  }

  /** Whether it can be chosen without another option than those it needs in any case, or what is missing. */
  #usable(kind: ProviderKind, name: string, found: Found): Result<void, string> {
    const { openAi, environment } = this.#options
    switch (name) {
      case 'openai':
        if (openAi !== undefined) return ok(undefined)
        return fail(
          'Name an address in baseUrl, and a key in apiKeyEnv if it wants one; or set OPENAI_BASE_URL or ' +
            'OPENAI_API_KEY on this server.',
        )
      case 'dashscope':
        if (environment('DASHSCOPE_API_KEY')?.trim()) return ok(undefined)
        return fail(
          'Needs a key of DashScope: set DASHSCOPE_API_KEY on this server, or name a variable in apiKeyEnv.',
        )
      case 'selfdeveloped':
        return fail('Name the address of your service in url.')
      case 'espeak':
        return found.espeak.ok ? ok(undefined) : fail(found.espeak.error)
      case 'sherpa':
        if (found.folders.some(({ use }) => use === kind)) return ok(undefined)
        return fail(
          'No model folder is there yet: npx antiphon models list tells which can be fetched.',
        )
      default:
        return ok(undefined)
    }
  }

  #voicesOf(name: string, found: Found): readonly string[] | undefined {
    if (name === 'espeak') return found.espeak.ok ? found.espeak.value.voices : undefined
    if (name !== 'openai' && name !== 'flite') return undefined
    // Made, not loaded.
    const providers = createProviders(this.#options)
    const tts = providers.tts({ provider: name })
    const voices = tts.ok ? tts.value.voices : undefined
    providers.close()
    return voices
  }

  #modelsFolder(): string {
    return this.#options.modelsFolder ?? join(this.#options.cacheFolder, 'models')
  }

  #look(): Found {
    const atMs = this.#options.clock.nowMs()
    if (this.#found !== undefined && atMs - this.#found.atMs < LOOK_AGAIN_MS) return this.#found
    const { espeak, environment } = this.#options
    this.#found = { atMs, folders: this.#folders(), espeak: findEspeak(espeak, environment) }
    return this.#found
  }

  #folders(): Found['folders'] {
    const folder = this.#modelsFolder()
    let names: readonly string[]
    try {
      names = readdirSync(folder).slice(0, FOLDERS_LIMIT)
    } catch {
      return []
    }
    return names.flatMap((name) => {
      const model = readModelFolder(join(folder, name))
      return model.ok ? [{ ...model.value, name }] : []
    })
  }
}

function about(model: FolderModel): string {
  const what = model.use === 'asr' ? 'a recogniser' : 'a voice'
  const languages = memberOf(model, 'languages')
  const spoken = Array.isArray(languages) ? ` (${languages.slice(0, 8).join(', ')})` : ''
  return `${what}, ${model.kind}${spoken}`
}

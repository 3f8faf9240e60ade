import type { Config } from '../config/config.ts'
import type { ProviderNames } from '../schema/providers.ts'
import type { Keys } from '../web/key-files.ts'

/** Where the server is to be reached. */
export function originOf(config: Config, port: number): string {
  const scheme = config.tls === undefined ? 'http' : 'https'
  return config.publicUrl ?? `${scheme}://${addressOf(config.host)}:${port}`
}

/** Every interface is no address to go to: this machine's own is. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** What a start prints: where to go, and what is not plugged in yet. */
export function announcement(options: {
  readonly config: Config
  readonly origin: string
  readonly keys: Keys
  /** Signs in once. */
  readonly token: string
  readonly providers: ProviderNames
}): string {
  const { config, origin, keys, token, providers } = options
  const model = config.openAi
  const llm = model === undefined ? providers.llm : `${providers.llm} (${model.model})`
  return `
antiphon is running.

  Console       ${origin}/?token=${token}
  API endpoint  ${origin}
  Access key    ${keys.accessKeyFile ?? 'ANTIPHON_ACCESS_KEY_ID of the environment'}
  RTC app key   ${keys.rtcAppFile ?? 'ANTIPHON_RTC_APP_ID of the environment'}
  Speech        recognition ${providers.asr} (English), voice ${providers.tts} (English), activity ${providers.vad}
  Language      ${llm}
${model === undefined ? NO_MODEL : ''}`
}

const NO_MODEL = `
  No language model is plugged in: a small built-in responder answers instead. To plug one in, set
  OPENAI_API_KEY (and for another provider OPENAI_BASE_URL and OPENAI_MODEL), for example
    OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_MODEL=llama3.2 npm start
`

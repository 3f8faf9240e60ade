import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { fail, ok, type Result } from './base/result.ts'

/** The settings of the process, read once from the environment. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Absolute. */
  readonly dataFolder: string
  /** Origin under which clients reach this server, without a slash at its end. */
  readonly publicUrl?: string
  /** Worker i uses this port + i; 0 lets the system choose for each. */
  readonly udpPort: number
  readonly publicIp?: string
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly workers: number
  readonly accessKey?: { readonly accessKeyId: string; readonly accessKeySecret: string }
  readonly rtcApp?: { readonly appId: string; readonly appKey: string }
  /** Present when a language model is plugged in. */
  readonly openAi?: { readonly baseUrl: string; readonly apiKey?: string; readonly model: string }
  readonly logLevel: LogLevel
  /** Whether logs may hold what people said. */
  readonly logContent: boolean
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type Environment = Readonly<Record<string, string | undefined>>

const MOST_WORKERS = 256
const LAST_PORT = 65_535

interface Setting {
  readonly name: string
  /** As the help shows it. */
  readonly byDefault: string
  readonly meaning: string
}

const SETTINGS: readonly Setting[] = [
  { name: 'ANTIPHON_HOST', byDefault: '127.0.0.1', meaning: 'address or host name to listen on' },
  {
    name: 'ANTIPHON_PORT',
    byDefault: '8090',
    meaning: 'TCP port of API and pages; 0: any free one',
  },
  {
    name: 'ANTIPHON_DATA',
    byDefault: './data',
    meaning: 'folder for the database and the keys; made when missing',
  },
  {
    name: 'ANTIPHON_PUBLIC_URL',
    byDefault: '(none)',
    meaning: 'how clients reach this server, as https://calls.example.org',
  },
  {
    name: 'ANTIPHON_UDP_PORT',
    byDefault: '8091',
    meaning: 'UDP port of WebRTC; worker i uses this + i; 0: any free ones',
  },
  {
    name: 'ANTIPHON_PUBLIC_IP',
    byDefault: '(none)',
    meaning: 'address to tell WebRTC clients, for a server behind NAT or in a container',
  },
  {
    name: 'ANTIPHON_TLS_CERT',
    byDefault: '(none)',
    meaning: 'PEM file of the certificate; with ANTIPHON_TLS_KEY the server speaks https',
  },
  { name: 'ANTIPHON_TLS_KEY', byDefault: '(none)', meaning: 'PEM file of its private key' },
  {
    name: 'ANTIPHON_WORKERS',
    byDefault: '(cores)',
    meaning: `media worker processes, 1 to ${MOST_WORKERS}`,
  },
  {
    name: 'ANTIPHON_ACCESS_KEY_ID',
    byDefault: '(kept in the data folder)',
    meaning: 'access key of the API; needs ANTIPHON_ACCESS_KEY_SECRET',
  },
  {
    name: 'ANTIPHON_ACCESS_KEY_SECRET',
    byDefault: '(kept in the data folder)',
    meaning: 'its secret',
  },
  {
    name: 'ANTIPHON_RTC_APP_ID',
    byDefault: '(kept in the data folder)',
    meaning: 'application id in channel tokens; needs ANTIPHON_RTC_APP_KEY',
  },
  {
    name: 'ANTIPHON_RTC_APP_KEY',
    byDefault: '(kept in the data folder)',
    meaning: 'key that signs channel tokens',
  },
  {
    name: 'OPENAI_BASE_URL',
    byDefault: 'https://api.openai.com/v1',
    meaning: 'OpenAI-compatible endpoint; this or OPENAI_API_KEY plugs a language model in',
  },
  { name: 'OPENAI_API_KEY', byDefault: '(none)', meaning: 'key for that endpoint' },
  { name: 'OPENAI_MODEL', byDefault: 'gpt-4o-mini', meaning: 'model to ask there' },
  { name: 'ANTIPHON_LOG_LEVEL', byDefault: 'info', meaning: LOG_LEVELS.join(', ') },
  {
    name: 'ANTIPHON_LOG_CONTENT',
    byDefault: 'off',
    meaning: 'on: logs may hold what people said; off',
  },
]

/** What `npm start -- --help` prints. */
export function helpText(): string {
  const nameWidth = Math.max(...SETTINGS.map(({ name }) => name.length)) + 2
  const defaultWidth = Math.max(...SETTINGS.map(({ byDefault }) => byDefault.length)) + 2
  const lines = SETTINGS.map(
    ({ name, byDefault, meaning }) =>
      `  ${name.padEnd(nameWidth)}${byDefault.padEnd(defaultWidth)}${meaning}`,
  )
  return [
    'npm start: runs antiphon, a server for real-time conversations with AI agents.',
    '',
    'Nothing has to be configured. Settings are environment variables (name, default, meaning):',
    '',
    ...lines,
    '',
    'Ctrl-C ends calls politely and stops the server; a second Ctrl-C stops it at once.',
    '',
  ].join('\n')
}

/** Variables that look like settings of this server and are none: most likely misspelt. */
export function unknownSettings(environment: Environment): readonly string[] {
  const known = new Set(SETTINGS.map(({ name }) => name))
  return Object.keys(environment).filter((name) => name.startsWith('ANTIPHON_') && !known.has(name))
}

/** Why a setting was refused; thrown by the readers below and caught in {@link readConfig} alone. */
class WrongSetting extends Error {}

/**
 * Reads and checks every setting. The error is one line that names the variable, what is allowed and what
 * came. A variable that is empty counts as absent, as container files often leave it.
 */
export function readConfig(
  environment: Environment,
  machine: { readonly cores: number },
): Result<Config, string> {
  try {
    return ok(read(environment, machine.cores))
  } catch (error) {
    if (error instanceof WrongSetting) return fail(error.message)
    throw error
  }
}

function read(environment: Environment, cores: number): Config {
  const host = environment['ANTIPHON_HOST']?.trim() || '127.0.0.1'
  if (!/^[A-Za-z0-9_.-]+$/.test(host) && isIP(host) === 0) {
    wrong('ANTIPHON_HOST', 'an IP address or a host name, without scheme and port', host)
  }
  const publicUrl = readUrl(environment, 'ANTIPHON_PUBLIC_URL')
  if (publicUrl !== undefined && (publicUrl.pathname !== '/' || /[?#]/.test(publicUrl.href))) {
    const allowed = 'a scheme and a host only, as https://calls.example.org'
    wrong('ANTIPHON_PUBLIC_URL', allowed, shown(publicUrl))
  }
  const workers = readInteger(environment, 'ANTIPHON_WORKERS', { least: 1, most: MOST_WORKERS })
  const count = workers ?? Math.min(Math.max(1, cores), MOST_WORKERS)
  const publicIp = environment['ANTIPHON_PUBLIC_IP']?.trim() || undefined
  if (publicIp !== undefined && isIP(publicIp) === 0) {
    wrong('ANTIPHON_PUBLIC_IP', 'an IP address, as 203.0.113.7', publicIp)
  }
  return {
    host,
    port: readInteger(environment, 'ANTIPHON_PORT', { least: 0, most: LAST_PORT }) ?? 8090,
    dataFolder: resolve(environment['ANTIPHON_DATA'] || './data'),
    ...(publicUrl && { publicUrl: publicUrl.origin }),
    udpPort: readUdpPort(environment, count),
    ...(publicIp !== undefined && { publicIp }),
    ...readTls(environment),
    workers: count,
    ...readAccessKey(environment),
    ...readRtcApp(environment),
    ...readOpenAi(environment),
    logLevel: readChoice(environment, 'ANTIPHON_LOG_LEVEL', LOG_LEVELS) ?? 'info',
    logContent: readChoice(environment, 'ANTIPHON_LOG_CONTENT', ['on', 'off']) === 'on',
  }
}

function wrong(name: string, allowed: string, came: string): never {
  const short = came.length > 100 ? `${came.slice(0, 100)}…` : came
  throw new WrongSetting(`${name} must be ${allowed}; it is ${JSON.stringify(short)}.`)
}

function readInteger(
  environment: Environment,
  name: string,
  range: { readonly least: number; readonly most: number },
): number | undefined {
  const text = environment[name]?.trim()
  if (text === undefined || text === '') return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.least && value <= range.most) return value
  return wrong(name, `a whole number from ${range.least} to ${range.most}`, text)
}

function readUdpPort(environment: Environment, workers: number): number {
  const port = readInteger(environment, 'ANTIPHON_UDP_PORT', { least: 0, most: LAST_PORT }) ?? 8091
  const most = LAST_PORT - workers + 1
  if (port <= most) return port
  const allowed = `at most ${most}, because each of the ${workers} workers takes the next port`
  return wrong('ANTIPHON_UDP_PORT', allowed, String(port))
}

function readChoice<const Choice extends string>(
  environment: Environment,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = environment[name]?.trim().toLowerCase()
  if (text === undefined || text === '') return undefined
  const choice = choices.find((candidate) => candidate === text)
  return choice ?? wrong(name, `one of ${choices.join(', ')}`, text)
}

function readUrl(environment: Environment, name: string): URL | undefined {
  const text = environment[name]?.trim()
  if (text === undefined || text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  // What came may be a key in the wrong place, or hold one before an @.
  return wrong(name, 'an address that starts with http:// or https://', withoutLogin(text))
}

const withoutLogin = (text: string): string => text.replace(/^(https?:\/\/)?.*@/i, '$1…@')
const shown = (url: URL): string => withoutLogin(url.href)

/** Both of a pair of variables, or neither. Not trimmed: a secret may end in a blank. */
function readPair(
  environment: Environment,
  first: string,
  second: string,
): readonly [string, string] | undefined {
  const values = [environment[first] || undefined, environment[second] || undefined] as const
  const [one, two] = values
  if (one !== undefined && two !== undefined) return [one, two]
  if (one === undefined && two === undefined) return undefined
  const [given, missing] = one === undefined ? [second, first] : [first, second]
  throw new WrongSetting(`${missing} must be set because ${given} is; set both or neither.`)
}

function readAccessKey(environment: Environment): Pick<Config, 'accessKey'> {
  const pair = readPair(environment, 'ANTIPHON_ACCESS_KEY_ID', 'ANTIPHON_ACCESS_KEY_SECRET')
  if (pair === undefined) return {}
  const [accessKeyId, accessKeySecret] = pair
  // The id stands in a header between a `=` and a `,`.
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(accessKeyId)) {
    wrong('ANTIPHON_ACCESS_KEY_ID', '1 to 128 letters, digits, dots, _ or -', accessKeyId)
  }
  return { accessKey: { accessKeyId, accessKeySecret } }
}

function readRtcApp(environment: Environment): Pick<Config, 'rtcApp'> {
  const pair = readPair(environment, 'ANTIPHON_RTC_APP_ID', 'ANTIPHON_RTC_APP_KEY')
  if (pair === undefined) return {}
  const [appId, appKey] = pair
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(appId)) {
    wrong('ANTIPHON_RTC_APP_ID', '1 to 64 letters, digits, _ or -', appId)
  }
  return { rtcApp: { appId, appKey } }
}

function readOpenAi(environment: Environment): Pick<Config, 'openAi'> {
  const url = readUrl(environment, 'OPENAI_BASE_URL')
  const apiKey = environment['OPENAI_API_KEY']?.trim() || undefined
  if (url === undefined && apiKey === undefined) return {}
  // It goes into a header, where other characters would fail at every single turn.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new WrongSetting('OPENAI_API_KEY must hold only visible ASCII characters.')
  }
  const baseUrl = (url?.href ?? 'https://api.openai.com/v1').replace(/\/+$/, '')
  const model = environment['OPENAI_MODEL']?.trim() || 'gpt-4o-mini'
  return { openAi: { baseUrl, ...(apiKey !== undefined && { apiKey }), model } }
}

function readTls(environment: Environment): Pick<Config, 'tls'> {
  const pair = readPair(environment, 'ANTIPHON_TLS_CERT', 'ANTIPHON_TLS_KEY')
  if (pair === undefined) return {}
  const cert = readPem('ANTIPHON_TLS_CERT', pair[0], 'CERTIFICATE')
  const key = readPem('ANTIPHON_TLS_KEY', pair[1], 'PRIVATE KEY')
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new WrongSetting(
      'ANTIPHON_TLS_CERT and ANTIPHON_TLS_KEY must be a certificate and its own private key, ' +
        `without a passphrase: ${messageOf(error)}.`,
    )
  }
  return { tls: { cert, key } }
}

function readPem(name: string, path: string, label: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new WrongSetting(`${name} must name a file that can be read: ${messageOf(error)}.`)
  }
  if (!text.includes(`${label}-----`)) wrong(name, `a PEM file with a ${label}`, path)
  return text
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)

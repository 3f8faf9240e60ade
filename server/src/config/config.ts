import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { parseOutboundRules, type OutboundRules } from '../base/outbound-address.ts'
import { fail, ok, type Result } from '../base/result.ts'
import {
  messageOf,
  readChoice,
  readInteger,
  readPair,
  readPem,
  readUrl,
  shown,
  wrong,
  WrongSetting,
  type Environment,
} from './readers.ts'
import { readService, type ServiceSettings } from './service.ts'
import { LOG_LEVELS, MOST_WORKERS, type LogLevel } from './settings.ts'
import { readTelemetry, type TelemetrySettings } from './telemetry.ts'

/** The settings of the process, read once from the environment. */
export interface Config extends ServiceSettings, TelemetrySettings {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Absolute. */
  readonly dataFolder: string
  /** Where model folders lie. Absolute. */
  readonly modelsFolder: string
  /** Where eSpeak NG is, if not on the PATH. */
  readonly espeak?: string
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
  /** Where it may connect to on a user's word: callbacks, tools, sounds to fetch. */
  readonly outbound: OutboundRules
  readonly logLevel: LogLevel
  /** Whether logs may hold what people said. */
  readonly logContent: boolean
}

const LAST_PORT = 65_535

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
    ...readModels(environment),
    ...(publicUrl && { publicUrl: publicUrl.origin }),
    udpPort: readUdpPort(environment, count),
    ...(publicIp !== undefined && { publicIp }),
    ...readTls(environment),
    workers: count,
    ...readAccessKey(environment),
    ...readRtcApp(environment),
    ...readOpenAi(environment),
    outbound: readOutbound(environment),
    ...readService(environment),
    ...readTelemetry(environment),
    logLevel: readChoice(environment, 'ANTIPHON_LOG_LEVEL', LOG_LEVELS) ?? 'info',
    logContent: readChoice(environment, 'ANTIPHON_LOG_CONTENT', ['on', 'off']) === 'on',
  }
}

function readModels(environment: Environment): Pick<Config, 'modelsFolder' | 'espeak'> {
  const espeak = environment['ANTIPHON_ESPEAK']?.trim()
  return { modelsFolder: modelsFolder(environment), ...(espeak && { espeak }) }
}

/** Also for commands that have to do with models alone. */
export const modelsFolder = (environment: Environment): string =>
  resolve(
    environment['ANTIPHON_MODELS'] || join(environment['ANTIPHON_DATA'] || './data', 'models'),
  )

function readUdpPort(environment: Environment, workers: number): number {
  const port = readInteger(environment, 'ANTIPHON_UDP_PORT', { least: 0, most: LAST_PORT }) ?? 8091
  const most = LAST_PORT - workers + 1
  if (port <= most) return port
  const allowed = `at most ${most}, because each of the ${workers} workers takes the next port`
  return wrong('ANTIPHON_UDP_PORT', allowed, String(port))
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

function readOutbound(environment: Environment): OutboundRules {
  const setting = environment['ANTIPHON_OUTBOUND_PRIVATE'] ?? ''
  const rules = parseOutboundRules(setting)
  if (rules.ok) return rules.value
  const allowed = 'on, off, or host names, addresses and networks (10.0.0.0/8) between commas'
  return wrong('ANTIPHON_OUTBOUND_PRIVATE', allowed, setting)
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

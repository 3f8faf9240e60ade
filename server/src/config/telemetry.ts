/** Settings of what the server tells about itself: who may read its metrics, where its traces go. */
import { parseIpBlock, type IpBlock } from '../base/ip-block.ts'
import { readInteger, readUrl, shown, wrong, type Environment } from './readers.ts'

export interface TelemetrySettings {
  /** Who may read `/metrics`: this machine alone, nobody, everybody, or these. */
  readonly metrics: 'local' | 'off' | 'all' | readonly IpBlock[]
  /** Absent: no traces. */
  readonly traces?: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    /** What is said of this server with every trace. */
    readonly resource: Readonly<Record<string, string>>
    readonly timeoutMs: number
    readonly delayMs: number
    readonly queueLimit: number
    readonly batchLimit: number
  }
}

const MOST = 2 ** 31 - 1

export function readTelemetry(environment: Environment): TelemetrySettings {
  const traces = readTraces(environment)
  return { metrics: readMetrics(environment), ...(traces && { traces }) }
}

function readMetrics(environment: Environment): TelemetrySettings['metrics'] {
  const text = environment['ANTIPHON_METRICS']?.trim() ?? ''
  if (text === '') return 'local'
  if (text === 'local' || text === 'off' || text === 'all') return text
  const pieces = text.split(',').map((piece) => piece.trim())
  return pieces.map((piece) => {
    const allowed = 'local, off, all, or addresses and networks between commas, as 10.0.0.0/8'
    return parseIpBlock(piece) ?? wrong('ANTIPHON_METRICS', allowed, piece)
  })
}

/** The variables that OpenTelemetry names, with its defaults. An endpoint turns traces on. */
function readTraces(environment: Environment): TelemetrySettings['traces'] {
  const exporter = environment['OTEL_TRACES_EXPORTER']?.trim().toLowerCase() || undefined
  if (environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return undefined
  if (exporter === 'none') return undefined
  if (exporter !== undefined && exporter !== 'otlp') {
    wrong('OTEL_TRACES_EXPORTER', 'otlp or none', exporter)
  }
  const url = tracesUrl(environment) ?? (exporter && 'http://localhost:4318/v1/traces')
  if (url === undefined) return undefined
  const protocol =
    environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']?.trim() ||
    environment['OTEL_EXPORTER_OTLP_PROTOCOL']?.trim() ||
    'http/json'
  if (!/^http\/(json|protobuf)$/.test(protocol)) {
    const allowed = 'http/json or http/protobuf (JSON is sent, which both receive)'
    wrong('OTEL_EXPORTER_OTLP_PROTOCOL', allowed, protocol)
  }
  const number = (name: string, byDefault: number, least = 1): number =>
    readInteger(environment, name, { least, most: MOST }) ?? byDefault
  const queueLimit = number('OTEL_BSP_MAX_QUEUE_SIZE', 2048)
  const timeoutMs = number('OTEL_EXPORTER_OTLP_TIMEOUT', 10_000)
  return {
    url,
    headers: {
      ...readPairs(environment, 'OTEL_EXPORTER_OTLP_HEADERS'),
      ...readPairs(environment, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
    },
    resource: {
      ...readPairs(environment, 'OTEL_RESOURCE_ATTRIBUTES'),
      'service.name': serviceName(environment),
    },
    timeoutMs: number('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', timeoutMs),
    delayMs: number('OTEL_BSP_SCHEDULE_DELAY', 5000, 0),
    queueLimit,
    batchLimit: Math.min(number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512), queueLimit),
  }
}

/** The address for traces as it stands, or the common one with the protocol's path behind it. */
function tracesUrl(environment: Environment): string | undefined {
  const own = readUrl(environment, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')
  if (own !== undefined) return own.href
  const common = readUrl(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  if (common === undefined) return undefined
  if (common.search !== '' || common.hash !== '' || common.username !== '') {
    const allowed = 'an address without ?, # and login (that goes into OTEL_EXPORTER_OTLP_HEADERS)'
    wrong('OTEL_EXPORTER_OTLP_ENDPOINT', allowed, shown(common))
  }
  return `${common.href.replace(/\/+$/, '')}/v1/traces`
}

const serviceName = (environment: Environment): string =>
  environment['OTEL_SERVICE_NAME']?.trim() ||
  readPairs(environment, 'OTEL_RESOURCE_ATTRIBUTES')['service.name'] ||
  'antiphon'

/** `name=value,name=value`, values percent-encoded. They may be secrets: what is wrong is not shown. */
function readPairs(environment: Environment, variable: string): Readonly<Record<string, string>> {
  const text = environment[variable]?.trim() ?? ''
  if (text === '') return {}
  const pairs = text.split(',').filter((pair) => pair.trim() !== '')
  const read = pairs.map((pair): readonly [string, string] => {
    const cut = pair.indexOf('=')
    const name = pair.slice(0, cut).trim()
    const isName = cut > 0 && /^[\w.-]+$/.test(name)
    const value = decoded(pair.slice(cut + 1).trim())
    if (isName && value !== undefined) return [name, value]
    return wrong(variable, 'name=value pairs between commas, values percent-encoded', '(not shown)')
  })
  return Object.fromEntries(read)
}

/** `undefined`: malformed, or not fit for a header. */
function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text)
    return /^[\x20-\x7e]*$/.test(value) ? value : undefined
  } catch {
    return undefined
  }
}

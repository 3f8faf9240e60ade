/** Settings of the service: whose account it is, who may call how often, what is kept for how long. */
import { parseIpBlock, type IpBlock } from '../base/ip-block.ts'
import { parseRateLimits, type RateLimits } from '../schema/rate-limits.ts'
import { readInteger, wrong, type Environment } from './readers.ts'

/** Requests a second that one key may make of one operation. */
export const DEFAULT_RATE = 200

const DAY_MS = 24 * 3_600_000
/** A hundred years. */
const MOST_DAYS = 36_500

/** How long things are kept after a call has ended, ms; absent: for ever. */
export interface Retention {
  /** Everything about the call. */
  readonly callsMs?: number
  /** What was said in it, and how it went; the call stays in the lists. */
  readonly logsMs?: number
  /** Recorded sound, which never outlives what was said. */
  readonly recordingsMs?: number
}

export interface ServiceSettings {
  /** In ARNs and answers. */
  readonly accountId?: string
  /** Their `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  readonly trustedProxies: readonly IpBlock[]
  readonly rateLimits: RateLimits
  readonly retention: Retention
  /** Agents that clients may start with the token of a channel: all, or these. */
  readonly startByToken: 'on' | readonly string[]
}

export function readService(environment: Environment): ServiceSettings {
  const accountId = environment['ANTIPHON_ACCOUNT_ID']?.trim() || undefined
  // It stands between the colons of an ARN.
  if (accountId !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(accountId)) {
    wrong('ANTIPHON_ACCOUNT_ID', '1 to 64 letters, digits, _ or -', accountId)
  }
  return {
    ...(accountId !== undefined && { accountId }),
    trustedProxies: readTrustedProxies(environment),
    rateLimits: readRateLimits(environment),
    retention: readRetention(environment),
    startByToken: readStartByToken(environment),
  }
}

function readStartByToken(environment: Environment): 'on' | readonly string[] {
  const text = environment['ANTIPHON_START_BY_TOKEN']?.trim() ?? ''
  if (text === 'on') return 'on'
  if (text === '' || text === 'off') return []
  return text.split(',').map((piece) => {
    const id = piece.trim()
    const allowed = 'off, on, or ids of agents between commas'
    return /^[\da-f]{32}$/.test(id) ? id : wrong('ANTIPHON_START_BY_TOKEN', allowed, piece)
  })
}

function readTrustedProxies(environment: Environment): readonly IpBlock[] {
  const text = environment['ANTIPHON_TRUSTED_PROXIES'] ?? ''
  const pieces = text.split(',').map((piece) => piece.trim())
  return pieces
    .filter((piece) => piece !== '')
    .map((piece) => {
      const allowed = 'addresses and networks between commas, as 10.0.0.5, 192.168.0.0/16'
      return parseIpBlock(piece) ?? wrong('ANTIPHON_TRUSTED_PROXIES', allowed, piece)
    })
}

function readRateLimits(environment: Environment): RateLimits {
  const limits = parseRateLimits(environment['ANTIPHON_RATE_LIMIT'] ?? '', DEFAULT_RATE)
  if (limits.ok) return limits.value
  const allowed =
    'requests a second (0.001 to 1000000) or off, and the like for single operations, ' +
    'as 200, StartAIAgentInstance=5'
  return wrong('ANTIPHON_RATE_LIMIT', allowed, limits.error)
}

function readRetention(environment: Environment): Retention {
  const range = { least: 1, most: MOST_DAYS }
  const callsDays = readInteger(environment, 'ANTIPHON_KEEP_CALLS_DAYS', range)
  const logsDays = readInteger(environment, 'ANTIPHON_KEEP_LOGS_DAYS', range)
  const recordingDays = readInteger(environment, 'ANTIPHON_KEEP_RECORDINGS_DAYS', range)
  const soundDays = [callsDays, logsDays, recordingDays].filter((days) => days !== undefined)
  return {
    ...(soundDays.length > 0 && { recordingsMs: Math.min(...soundDays) * DAY_MS }),
    ...(callsDays !== undefined && { callsMs: callsDays * DAY_MS }),
    ...(logsDays !== undefined && { logsMs: logsDays * DAY_MS }),
  }
}

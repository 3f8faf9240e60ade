import { createHash, timingSafeEqual } from 'node:crypto'
import { fail, ok, type Result } from '../base/result.ts'
import { isObject, readInteger } from './wire.ts'

/** The application that channels belong to; its key signs their tokens. */
export interface RtcApp {
  readonly appId: string
  readonly appKey: string
}

export interface ChannelTokenFacts {
  readonly userId: string
  readonly channelId: string
  /** Seconds since 1970. */
  readonly expiresS: number
}

interface Signed extends ChannelTokenFacts, RtcApp {
  readonly nonce?: string
}

/** Longest token that is looked at. */
const TOKEN_LIMIT_CHARS = 4096

/** Base64 of JSON that names application, channel, user and expiry, with a digest that needs the key. */
export function makeChannelToken(facts: Signed): string {
  const nonce = facts.nonce ?? ''
  const json = JSON.stringify({
    appid: facts.appId,
    channelid: facts.channelId,
    userid: facts.userId,
    nonce,
    timestamp: facts.expiresS,
    token: digest(facts),
  })
  return Buffer.from(json).toString('base64')
}

const digest = (facts: Signed): string =>
  createHash('sha256')
    .update(facts.appId + facts.appKey + facts.channelId + facts.userId)
    .update((facts.nonce ?? '') + String(facts.expiresS))
    .digest('hex')

/** The error is a sentence for the client's developer. A blank in the token is read as the plus it was. */
export function verifyChannelToken(
  token: string,
  expected: RtcApp & {
    readonly channelId: string
    /** Absent: any user of the channel. */
    readonly userId?: string
    readonly nowS: number
  },
): Result<ChannelTokenFacts, string> {
  const parsed = parse(token)
  if (parsed === undefined) return fail('The token is not Base64 of a JSON object.')
  const { appid, channelid, userid, nonce = '', token: given } = parsed
  const expiresS = readInteger(parsed['timestamp'])
  const hasTexts = [appid, channelid, userid, nonce, given].every(
    (part) => typeof part === 'string',
  )
  if (!hasTexts || expiresS === undefined) {
    return fail('The token lacks appid, channelid, userid, timestamp or token.')
  }
  const facts = { userId: String(userid), channelId: String(channelid), expiresS }
  if (appid !== expected.appId) return fail('The token is for another application.')
  if (facts.channelId !== expected.channelId) return fail('The token is for another channel.')
  if (expected.userId !== undefined && facts.userId !== expected.userId) {
    return fail('The token is for another user.')
  }
  const { appId, appKey } = expected
  const right = digest({ ...facts, appId, appKey, nonce: String(nonce) })
  if (!isSame(String(given), right)) return fail('The signature of the token is wrong.')
  if (expiresS <= expected.nowS) return fail('The token has expired.')
  return ok(facts)
}

function parse(token: string): Record<string, unknown> | undefined {
  const text = token.trim().replaceAll(' ', '+')
  if (text.length > TOKEN_LIMIT_CHARS || !/^[A-Za-z0-9+/_-]+=*$/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
